from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AccountMove(models.Model):
    _inherit = "account.move"

    service_contract_id = fields.Many2one(
        "service.contract",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
        groups="base.group_user",
        help="The contract that this invoice is of; empty where it is of several.",
    )
    service_contract_ids = fields.Many2many(
        "service.contract",
        "service_contract_move_rel",
        "move_id",
        "contract_id",
        string="Service Contracts",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )

    def write(self, vals):
        """A cancelled invoice gives its periods back; one that returns takes them."""
        state = vals.get("state")
        if state == "draft":
            cancelled = self.filtered(lambda move: move.state == "cancel")
            cancelled._retake_service_periods()
        result = super().write(vals)
        if state == "cancel":
            self._get_service_periods()._reopen()
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note belongs to the contract too; it does not reopen periods."""
        values_list = default_values_list or [{} for _move in self]
        # sudo: who works on invoices need not have rights on contracts
        for move, values in zip(self.sudo(), values_list, strict=True):
            values.setdefault("service_contract_id", move.service_contract_id.id)
            contracts = move.service_contract_ids
            if contracts:
                values.setdefault(
                    "service_contract_ids", [fields.Command.set(contracts.ids)]
                )
        return super()._reverse_moves(values_list, cancel=cancel)

    def _get_service_periods(self):
        # Who works on invoices need not have rights on contracts.
        periods = self.env["service.contract.period"].sudo()
        return periods.search([("move_line_id", "in", self.invoice_line_ids.ids)])

    def _retake_service_periods(self):
        # sudo: likewise
        for line in self.sudo().invoice_line_ids.filtered("service_period_id"):
            period = line.service_period_id
            if period.move_line_id not in (line, line.browse()):
                raise UserError(
                    self.env._(
                        "Period %(period)s has been billed again on %(invoice)s: this "
                        "invoice stays cancelled.",
                        period=period.display_name,
                        invoice=period.move_name,
                    )
                )
            period.move_line_id = line
            period._close()

    def _tell_locked_dates(self):
        """Say on invoices that are dated in a locked period where they are entered."""
        moved = self.filtered(lambda move: move.date != move.invoice_date)
        if moved:
            moved._message_log_batch(
                {
                    move.id: move._get_locked_date_text()
                    for move in moved.with_context(lang=self.env.user.lang)
                }
            )

    def _get_locked_date_text(self):
        return self.env._(
            "The books are closed on %(invoice_date)s: the invoice keeps this date and "
            "is entered on %(date)s.",
            invoice_date=format_date(self.env, self.invoice_date),
            date=format_date(self.env, self.date),
        )

    def _is_portal_overdue(self):
        return bool(
            self.invoice_date_due
            and self.invoice_date_due < fields.Date.context_today(self)
        )

    def _get_portal_payment_label(self):
        """Payment state in the words of the customer."""
        if self.move_type == "out_refund":
            return self.env._("Credit note")
        if self.payment_state in ("not_paid", "partial") and self._is_portal_overdue():
            return self.env._("Overdue")
        labels = {
            "not_paid": self.env._("To pay"),
            "partial": self.env._("Partly paid"),
            "in_payment": self.env._("Paid"),
            "paid": self.env._("Paid"),
            "reversed": self.env._("Credited"),
            "blocked": self.env._("On hold"),
        }
        return labels.get(self.payment_state, self.env._("Invoiced"))
