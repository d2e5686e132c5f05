from odoo import api, fields, models
from odoo.tools import format_date

# What a charge takes from the terms of its days when it is billed again.
REFRESHED = (
    "date_to",
    "days",
    "whole_days",
    "quantity",
    "price_unit",
    "discount",
    "amount",
    "state",
    "is_reopened",
    "is_measured",
)


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
    quantity = fields.Float(
        digits="Product Unit", aggregator=None, help="As it was in these days."
    )
    price_unit = fields.Float(
        string="Unit Price", min_display_digits="Product Price", aggregator=None
    )
    discount = fields.Float(string="Disc.%", digits="Discount", aggregator=None)
    is_measured = fields.Boolean(
        string="Counted", help="The quantity was counted; it is not prorated."
    )
    amount = fields.Monetary(help="Prorated to the day, without taxes.")
    state = fields.Selection(
        [
            ("to_bill", "To Bill"),
            ("billed", "Billed"),
            ("skipped", "Nothing to Bill"),
            ("waived", "Left Unbilled"),
        ],
        required=True,
        default="to_bill",
        index=True,
        help="Nothing to bill: paused, or nothing was used. Left unbilled: its invoice "
        "was cancelled, and a person decided not to bill it again.",
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

    def _reopen(self):
        """Their invoice is gone: they wait, flagged, for a person to bill them."""
        self.write({"state": "to_bill", "is_reopened": True})

    def _close(self):
        self.write({"state": "billed", "is_reopened": False})

    def _waive(self):
        """A person decided that these reopened periods are not billed again."""
        self.write({"state": "waived", "is_reopened": False})

    def _refresh(self):
        """Bring reopened charges up to the terms of their days as they are now."""
        gone, vals_list = self.browse(), []
        for period in self.filtered(lambda p: p.kind == "charge"):
            line = period.line_id
            end = line._get_end()
            last = min(period.date_to, end) if end else period.date_to
            if last < period.date_from:
                gone |= period
                continue
            whole = line._get_whole_period(period.date_from, last)
            rows = line._prepare_period_values(whole)
            line._measure_quantities(rows)
            for vals in rows:
                vals["date_due"] = period.date_due
                vals["is_reopened"] = vals["state"] == "to_bill"
            period.write({k: v for k, v in rows[0].items() if k in REFRESHED})
            vals_list += rows[1:]
        gone._drop()
        return self.create(vals_list)

    def _drop(self):
        """Delete periods that were never billed, so that their days can be billed."""
        lines = self.line_id
        # Nobody may delete rows of the ledger by hand; these bear no invoice.
        self.sudo().unlink()
        lines._update_billed_until()

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
