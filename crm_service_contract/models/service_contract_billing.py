import logging
import random
import time

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .service_contract import BILLABLE_STATES

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
"""Contracts that one transaction of the scheduler bills."""

LANES = 4
"""Crons that bill side by side; one ir.cron never runs twice at once."""

CONFLICTS = 5
"""How often a batch that another transaction overtook is tried again at once."""

PAUSE = 0.1
"""Seconds, at most, before the first new attempt; each further one waits longer."""

ACTIVITY = "crm_service_contract.mail_activity_type_billing_failed"


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
    move_ids = fields.Many2many(
        "account.move",
        "service_contract_move_rel",
        "contract_id",
        "move_id",
        string="Invoices",
        readonly=True,
        copy=False,
    )
    move_count = fields.Integer(string="Invoice Count", compute="_compute_move_count")

    @api.depends(
        "line_ids.next_due_date",
        "period_ids.state",
        "period_ids.is_reopened",
        "period_ids.date_due",
    )
    def _compute_next_billing_date(self):
        # Periods wait only where a correction is due later; that is rare.
        waiting = dict(
            self.env["service.contract.period"]._read_group(
                [
                    ("contract_id", "in", self.ids),
                    ("state", "=", "to_bill"),
                    ("is_reopened", "=", False),
                ],
                ["contract_id"],
                ["date_due:min"],
            )
        )
        for contract in self:
            dates = contract.line_ids.filtered("next_due_date").mapped("next_due_date")
            if contract in waiting:
                dates.append(waiting[contract])
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
                [("service_contract_ids", "in", self.ids)],
                ["service_contract_ids"],
                ["__count"],
            )
        )
        counts = {contract.id: count for contract, count in counts.items()}
        for contract in self:
            contract.move_count = counts.get(contract.id, 0)

    def action_bill(self):
        """Bill what is due; periods that lost their invoice wait for a confirmation.

        Safe to press twice: what is billed is not billed again. Returns the action
        that opens the new invoices, or a notification that there was nothing to bill.
        """
        return self._bill_by_hand(reopened=False)

    def action_bill_again(self):
        """Bill periods whose invoice is cancelled or deleted: a person confirmed it."""
        return self._bill_by_hand(reopened=True)

    def action_waive_reopened(self):
        """Leave periods unbilled whose invoice was cancelled or deleted."""
        self.check_access("write")
        # The ledger is written by billing, not by rights of a user.
        self.sudo().period_ids.filtered("is_reopened")._waive()
        return True

    def _bill_by_hand(self, reopened):
        self.check_access("write")
        for contract in self:
            if contract.state not in BILLABLE_STATES:
                raise UserError(
                    self.env._(
                        "Contract %(contract)s is not running: confirm it first.",
                        contract=contract.display_name,
                    )
                )
        moves = self._bill(reopened)
        self._clear_failures()
        if not moves:
            return self._get_nothing_to_bill_action()
        return self._get_moves_action(moves)

    def action_view_moves(self):
        self.ensure_one()
        # Ids only; the list that opens reads the invoices with the user's own rights.
        return self._get_moves_action(self.sudo().move_ids)

    def _get_moves_action(self, moves):
        if not self.env["account.move"].has_access("read"):
            message = self.env._("%(count)s invoice(s) made.", count=len(moves))
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
    def _cron_bill(self, lane=0):
        """Bill what is due in a lane, batch by batch, until nothing is left.

        Customers are spread over the lanes, so that contracts of one customer meet in
        one batch. A contract that fails is set aside with why. Killed at any moment the
        run leaves whole batches, and the next one does the rest.
        """
        failed, conflicts, cron = [], 0, self.env["ir.cron"]
        while True:
            try:
                contracts = self._claim_due(lane, failed)
                failed += contracts._bill_batch().ids
                self.env.flush_all()
                conflicts = 0
            except OperationalError:
                # another transaction was faster and the snapshot is too old
                self.env.cr.rollback()
                conflicts += 1
                if conflicts > CONFLICTS:
                    raise  # the cron tries again later
                time.sleep(random.uniform(0, PAUSE * conflicts))
                continue
            remaining = self._count_due(lane, failed)
            left = cron._commit_progress(len(contracts), remaining=remaining)
            # what remains while nothing could be claimed is in the hands of others
            if not contracts or not remaining or not left:
                break

    def _bill_batch(self):
        """Bill all together and, where that fails, one by one. Returns the failures."""
        if not self:
            return self
        try:
            with self.env.cr.savepoint():
                self._bill()
            self._clear_failures()
            return self.browse()
        except OperationalError:
            raise  # another transaction was faster: the cron starts over
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.warning("Billing of contract %s failed: %s", self.code, error)
                self._tell_failure(str(error))
                return self
        failed = self.browse()
        for contract in self:
            failed |= contract._bill_batch()
        return failed

    def _tell_failure(self, error):
        """Keep the error, and ask the responsible once to look at it."""
        self.billing_error = error
        if self.activity_search([ACTIVITY]):
            return
        self.activity_schedule(
            ACTIVITY,
            summary=self.env._("Billing failed"),
            note=error,
            user_id=self.user_id.id or self.env.uid,
        )

    def _clear_failures(self):
        """What is billed has no problem any more, and nobody need look at it."""
        failed = self.filtered("billing_error")
        if failed:
            failed.billing_error = False
            # The activity is the engine's own, whoever it was given to.
            failed.sudo().activity_unlink([ACTIVITY])

    def _bill(self, reopened=False):
        """Make the invoices of all periods due today or before; return them."""
        self._take_billing_turn()
        for contract in self:
            contract._check_customer()
        for alike in self.grouped(lambda c: (c.company_id, c.currency_id)).values():
            alike[0]._check_currency_rate()
        today = fields.Date.context_today(self)
        # The ledger and the invoices are written by billing, not by rights of a user:
        # who may write the contract may bill it, as with sales orders.
        contracts = self.sudo()
        periods = contracts.line_ids._generate_periods(today)._get_due()
        periods |= contracts._find_waiting(today)
        if reopened:
            waiting = contracts.period_ids.filtered("is_reopened")
            periods |= waiting._refresh() | waiting.exists()
        periods = periods.filtered(lambda period: period.state == "to_bill")
        moves = periods._create_moves()
        contracts._handle_moves(moves)
        return moves.sudo(self.env.su)

    def _find_waiting(self, day):
        """Corrections that are due and were not invoiced at once."""
        return self.env["service.contract.period"].search(
            [
                ("contract_id", "in", self.ids),
                ("state", "=", "to_bill"),
                ("is_reopened", "=", False),
                ("date_due", "<=", day),
            ]
        )

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
    def _get_due_condition(self, lane, failed=()):
        self.flush_model(["state", "next_billing_date", "active"])
        return SQL(
            """active AND state IN %s AND next_billing_date <= %s
               AND commercial_partner_id %% %s = %s AND NOT id = ANY(%s)""",
            BILLABLE_STATES,
            fields.Date.context_today(self),
            LANES,
            lane,
            list(failed),
        )

    @api.model
    def _count_due(self, lane, failed=()):
        condition = self._get_due_condition(lane, failed)
        query = SQL("SELECT count(*) FROM service_contract WHERE %s", condition)
        return self.env.execute_query(query)[0][0]

    @api.model
    def _claim_due(self, lane, failed):
        """Find and lock the next contracts in one statement, past locked rows.

        Whole customers: the last one of the batch brings all its contracts.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM service_contract
                 WHERE %(due)s
                   AND commercial_partner_id <= COALESCE((
                       SELECT max(commercial_partner_id)
                         FROM (SELECT commercial_partner_id FROM service_contract
                                WHERE %(due)s ORDER BY commercial_partner_id
                                LIMIT %(size)s) batch), 0)
                 ORDER BY commercial_partner_id, id
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                due=self._get_due_condition(lane, failed),
                size=BATCH_SIZE,
            )
        )
        return self.browse(row[0] for row in rows)
