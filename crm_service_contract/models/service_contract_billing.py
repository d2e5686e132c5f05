import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from .service_contract import BILLABLE_STATES

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50


class ServiceContractBilling(models.Model):
    """Recurring billing: each period of each line becomes one invoice line, once.

    Three locks stand behind each other: the update of ``billing_run`` lets one
    transaction at a time bill a contract (the other one is repeated by Odoo and then
    finds nothing to do), the ledger is unique per line, first day and kind, and an
    invoice that was cancelled cannot come back once its period is billed again.

    Lines that are due on one day share one invoice, dated that day. A backlog of three
    months gives three invoices, the same ones that three punctual runs would have made.
    """

    _inherit = "service.contract"

    billing_run = fields.Integer(copy=False, readonly=True)
    billing_error = fields.Text(
        string="Billing Problem",
        copy=False,
        readonly=True,
        help="Why the last billing of this contract failed.",
    )
    next_billing_date = fields.Date(
        string="Next Billing",
        compute="_compute_next_billing_date",
        store=True,
        index=True,
    )
    reopened_count = fields.Integer(compute="_compute_reopened_count")
    move_ids = fields.One2many(
        "account.move", "service_contract_id", string="Invoices", readonly=True
    )
    move_count = fields.Integer(string="Invoice Count", compute="_compute_move_count")

    @api.depends("line_ids.next_due_date")
    def _compute_next_billing_date(self):
        for contract in self:
            dates = contract.line_ids.filtered("next_due_date").mapped("next_due_date")
            contract.next_billing_date = min(dates) if dates else False

    @api.depends("period_ids.is_reopened")
    def _compute_reopened_count(self):
        counts = dict(
            self.env["service.contract.period"]._read_group(
                [("contract_id", "in", self.ids), ("is_reopened", "=", True)],
                ["contract_id"],
                ["__count"],
            )
        )
        for contract in self:
            contract.reopened_count = counts.get(contract, 0)

    @api.depends("move_ids")
    def _compute_move_count(self):
        # A number, shown to users who may not read the invoices themselves.
        moves = self.env["account.move"].sudo()
        counts = dict(
            moves._read_group(
                [("service_contract_id", "in", self.ids)],
                ["service_contract_id"],
                ["__count"],
            )
        )
        counts = {contract.id: count for contract, count in counts.items()}
        for contract in self:
            contract.move_count = counts.get(contract.id, 0)

    def action_bill(self):
        """Bill what is due, reopened periods too, to draft invoices.

        Safe to press twice: what is billed is not billed again. Returns the action
        that opens the new invoices, or a notification that there was nothing to bill.
        """
        self.check_access("write")
        for contract in self:
            if contract.state not in BILLABLE_STATES:
                raise UserError(
                    self.env._(
                        "Contract %(contract)s is not running: confirm it first.",
                        contract=contract.display_name,
                    )
                )
        moves = self._bill(reopened=True)
        self.filtered("billing_error").billing_error = False
        if not moves:
            return self._get_nothing_to_bill_action()
        return self._get_moves_action(moves)

    def action_view_moves(self):
        self.ensure_one()
        # Ids only; the list that opens reads the invoices with the user's own rights.
        return self._get_moves_action(self.sudo().move_ids)

    def _get_moves_action(self, moves):
        if not self.env["account.move"].has_access("read"):
            message = self.env._("%(count)s draft invoice(s) made.", count=len(moves))
            return self._get_notification_action(message, "success")
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "context": {"create": False, "default_move_type": "out_invoice"},
        }
        if len(moves) == 1:
            return {**action, "res_id": moves.id, "views": [(False, "form")]}
        return {
            **action,
            "domain": [("id", "in", moves.ids)],
            "views": [
                (self.env.ref("account.view_out_invoice_tree").id, "list"),
                (False, "form"),
            ],
        }

    def _get_nothing_to_bill_action(self):
        dates = self.filtered("next_billing_date").mapped("next_billing_date")
        if dates:
            message = self.env._(
                "Everything due is billed. Next billing: %(date)s.",
                date=format_date(self.env, min(dates)),
            )
        else:
            message = self.env._("Everything is billed; no further period follows.")
        return self._get_notification_action(message, "info")

    def _get_notification_action(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_bill(self):
        """Bill what is due in batches; a contract that fails is set aside with why."""
        failed, remaining = [], self._count_due()
        cron = self.env["ir.cron"]
        while contracts := self._claim_due(failed):
            failed += contracts._bill_batch().ids
            remaining = max(remaining - len(contracts), 0)
            if not cron._commit_progress(len(contracts), remaining=remaining):
                break

    def _bill_batch(self):
        """Bill all together and, where that fails, one by one. Returns the failures."""
        try:
            with self.env.cr.savepoint():
                self._bill()
            self.filtered("billing_error").billing_error = False
            return self.browse()
        except OperationalError:
            raise  # another transaction was faster: the cron starts over
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.warning("Billing of contract %s failed: %s", self.code, error)
                self.billing_error = str(error)
                return self
        failed = self.browse()
        for contract in self:
            failed |= contract._bill_batch()
        return failed

    def _bill(self, reopened=False):
        """Make the draft invoices of all periods due today or before; return them."""
        self._take_billing_turn()
        for contract in self:
            contract._check_customer()
        for alike in self.grouped(lambda c: (c.company_id, c.currency_id)).values():
            alike[0]._check_currency_rate()
        today = fields.Date.context_today(self)
        # The ledger and the invoices are written by billing, not by rights of a user:
        # who may write the contract may bill it, as with sales orders.
        lines = self.sudo().line_ids
        periods = lines._generate_periods(today)
        if reopened:
            waiting = self.sudo().period_ids.filtered("is_reopened")
            waiting._refresh()
            periods |= waiting.exists()
        return periods._create_moves().sudo(self.env.su)

    def _take_billing_turn(self):
        """Let one transaction at a time bill these contracts.

        The row is updated, not only locked: whoever waited for it works on a snapshot
        that does not know the other's periods, and must fail and start over.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE service_contract
                   SET billing_run = COALESCE(billing_run, 0) + 1
                 WHERE id IN (SELECT id FROM service_contract
                               WHERE id IN %s ORDER BY id FOR NO KEY UPDATE)
                """,
                tuple(self.ids) or (0,),
            )
        )
        self.invalidate_recordset(["billing_run"])

    @api.model
    def _get_due_condition(self):
        self.flush_model(["state", "next_billing_date", "active"])
        return SQL(
            "active AND state IN %s AND next_billing_date <= %s",
            BILLABLE_STATES,
            fields.Date.context_today(self),
        )

    @api.model
    def _count_due(self):
        condition = self._get_due_condition()
        query = SQL("SELECT count(*) FROM service_contract WHERE %s", condition)
        return self.env.execute_query(query)[0][0]

    @api.model
    def _claim_due(self, failed):
        """Find and lock the next batch in one statement, past locked rows."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM service_contract
                 WHERE %s AND NOT id = ANY(%s)
                 ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
                """,
                self._get_due_condition(),
                list(failed),
                BATCH_SIZE,
            )
        )
        return self.browse(row[0] for row in rows)

    def _prepare_move_values(self, date_due, periods):
        """Invoice of the periods of this contract that are due on one day."""
        self.ensure_one()
        address = self.partner_id.address_get(["invoice"])["invoice"]
        return {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "partner_id": address,
            "currency_id": self.currency_id.id,
            "invoice_date": date_due,
            "invoice_user_id": self.user_id.id,
            "invoice_origin": self.code,
            "invoice_payment_term_id": self.payment_term_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "service_contract_id": self.id,
            "invoice_line_ids": [
                Command.create(period._prepare_invoice_line_values())
                for period in periods
            ],
        }
