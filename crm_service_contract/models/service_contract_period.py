from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import groupby

from ..lib.recurrence import next_period


class ServiceContractPeriod(models.Model):
    """The billing ledger: one row for each stretch of days that a line was billed for.

    Rows are made and changed by billing only; nobody has the right to edit them.
    """

    _name = "service.contract.period"
    _description = "Billing Period"
    _order = "date_from desc, line_id, id"
    _rec_name = "date_from"

    line_id = fields.Many2one(
        "service.contract.line", required=True, index=True, ondelete="restrict"
    )
    contract_id = fields.Many2one(related="line_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", string="Customer", store=True
    )
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    date_due = fields.Date(
        string="Billed On",
        required=True,
        help="Date of the invoice, whichever day the billing runs.",
    )
    days = fields.Integer(aggregator=None)
    whole_days = fields.Integer(aggregator=None)
    kind = fields.Selection(
        [("charge", "Charge"), ("credit", "Credit"), ("adjustment", "Adjustment")],
        required=True,
        default="charge",
    )
    amount = fields.Monetary(help="Prorated to the day, without taxes.")
    state = fields.Selection(
        [("to_bill", "To Bill"), ("billed", "Billed")],
        required=True,
        default="to_bill",
        index=True,
    )
    is_reopened = fields.Boolean(
        string="Reopened",
        help="Its invoice was cancelled or deleted. It waits until a person bills it.",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Invoice Line",
        index="btree_not_null",
        ondelete="set null",
    )
    # Names and states only: who sees the contract need not have accounting rights.
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    move_name = fields.Char(string="Invoice Number", compute="_compute_move_values")
    payment_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("not_paid", "Not Paid"),
            ("partial", "Partly Paid"),
            ("in_payment", "In Payment"),
            ("paid", "Paid"),
            ("reversed", "Reversed"),
            ("cancel", "Cancelled"),
            ("blocked", "Blocked"),
            ("invoicing_app_legacy", "Legacy"),
        ],
        string="Invoice Status",
        compute="_compute_move_values",
    )

    _line_period_unique = models.Constraint(
        "UNIQUE (line_id, date_from, kind)",
        "This period of the contract line has already been made.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "A period cannot end before it starts."
    )

    @api.depends("move_line_id.move_id.name", "move_line_id.move_id.payment_state")
    def _compute_move_values(self):
        for period in self:
            # Number and payment state are shown to everyone who sees the contract.
            move = period.sudo().move_line_id.move_id
            period.move_name = move.name or (self.env._("Draft") if move else False)
            state = move.payment_state if move.state == "posted" else move.state
            period.payment_state = state or False

    @api.depends("line_id", "date_from", "date_to")
    def _compute_display_name(self):
        for period in self:
            period.display_name = (
                f"{period.contract_id.code}: {period.product_id.name} "
                f"({period._get_range()})"
            )

    def action_open_invoice(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

    def _get_range(self):
        first = format_date(self.env, self.date_from)
        last = format_date(self.env, self.date_to)
        return f"{first} – {last}"

    def _prepare_invoice_line_values(self):
        """A whole period bears price and discount, a part one exact amount."""
        line = self.line_id
        name = f"{line.name or line.product_id.display_name}\n{self._get_range()}"
        values = {
            "product_id": line.product_id.id,
            "quantity": line.quantity,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "tax_ids": [fields.Command.set(line.tax_ids.ids)],
            "service_period_id": self.id,
        }
        if self.days != self.whole_days and line.quantity:
            # Odoo does not round unit prices: times the quantity it is the amount.
            values["price_unit"] = self.amount / line.quantity
            values["discount"] = 0.0
            name += "\n" + self.env._(
                "%(days)s of %(whole)s days", days=self.days, whole=self.whole_days
            )
        return {**values, "name": name}

    def _reopen(self):
        """Their invoice is gone: they wait, flagged, for a person to bill them."""
        self.write({"state": "to_bill", "is_reopened": True})

    def _close(self):
        self.write({"state": "billed", "is_reopened": False})

    def _refresh(self):
        """Bring reopened periods up to the terms of their lines as they are now."""
        gone = self.browse()
        for period in self:
            line = period.line_id
            before = period.date_from - timedelta(days=1)
            now = next_period(*line._get_schedule(), before)
            if now is None or now.first != period.date_from:
                gone |= period
                continue
            values = line._prepare_period_values(now)
            period.write({key: values[key] for key in values if key != "line_id"})
        gone._drop()

    def _drop(self):
        """Delete periods that were never billed, so that their days can be billed."""
        lines = self.line_id
        # Nobody may delete rows of the ledger by hand; these bear no invoice.
        self.sudo().unlink()
        lines._update_billed_until()

    def _create_moves(self):
        """One draft invoice per contract and due day; each period knows its line."""
        moves = self.env["account.move"].with_context(tracking_disable=True)
        for company, periods in self.grouped("company_id").items():
            ordered = periods.sorted(
                lambda p: (p.contract_id.id, p.date_due, p.line_id.sequence, p.id)
            )
            values = []
            for (contract, day), group in groupby(
                ordered, lambda p: (p.contract_id, p.date_due)
            ):
                lang = contract.partner_id.lang or self.env.lang
                contract = contract.with_context(lang=lang)
                group = self.browse(p.id for p in group).with_context(lang=lang)
                values.append(contract._prepare_move_values(day, group))
            moves |= moves.with_company(company).create(values)
        for line in moves.invoice_line_ids.filtered("service_period_id"):
            line.service_period_id.move_line_id = line
        self._close()
        return self.env["account.move"].browse(moves.ids)

    def _get_portal_values(self):
        move = self.move_line_id.move_id
        posted = self.state == "billed" and move.state == "posted"
        partial = ""
        if self.days != self.whole_days:
            partial = self.env._(
                "%(days)s of %(whole)s days", days=self.days, whole=self.whole_days
            )
        return {
            "range": self._get_range(),
            "line": self.product_id.name,
            "partial": partial,
            "amount": self.contract_id._format_amount(self.amount),
            "move_name": move.name if posted else "",
            "move_url": f"/my/invoices/{move.id}" if posted else "",
            "payment_state": move.payment_state if posted else "",
            "status": move._get_portal_payment_label()
            if posted
            else self.env._("To be invoiced"),
        }
