from odoo import api, fields, models

from ..lib.proration import as_decimal
from ..lib.versions import index_price, overlay, percent_price

CENT = as_decimal("0.01")


class ServiceContractChangeLine(models.Model):
    """What a change makes of one line: its terms before, after, and the difference."""

    _name = "service.contract.change.line"
    _description = "Line of a Contract Change"
    _order = "change_id, id"
    _rec_name = "line_id"

    change_id = fields.Many2one(
        "service.contract.change", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(related="change_id.contract_id", store=True)
    company_id = fields.Many2one(related="change_id.company_id", store=True)
    currency_id = fields.Many2one(related="change_id.currency_id")
    kind = fields.Selection(related="change_id.kind")
    line_id = fields.Many2one(
        "service.contract.line",
        string="Contract Line",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('contract_id', '=', contract_id)]",
    )
    product_id = fields.Many2one(related="line_id.product_id")
    old_quantity = fields.Float(
        string="Quantity Now",
        digits="Product Unit",
        compute="_compute_old",
        store=True,
        readonly=False,
    )
    old_price_unit = fields.Float(
        string="Price Now",
        min_display_digits="Product Price",
        compute="_compute_old",
        store=True,
        readonly=False,
    )
    old_discount = fields.Float(
        string="Disc.% Now",
        digits="Discount",
        compute="_compute_old",
        store=True,
        readonly=False,
    )
    quantity = fields.Float(
        string="New Quantity",
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
    )
    price_unit = fields.Float(
        string="New Price",
        min_display_digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
    )
    discount = fields.Float(
        string="New Disc.%",
        digits="Discount",
        compute="_compute_discount",
        store=True,
        readonly=False,
    )
    amount_before = fields.Monetary(string="Per Period Now", compute="_compute_amounts")
    amount_after = fields.Monetary(string="New Per Period", compute="_compute_amounts")
    amount_correction = fields.Monetary(
        string="For Invoiced Days",
        compute="_compute_amount_correction",
        store=True,
        help="For days that are invoiced already, prorated to the day.",
    )

    _line_unique = models.Constraint(
        "UNIQUE (change_id, line_id)", "A contract line changes once in one change."
    )
    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a contract line cannot be negative."
    )
    _price_not_negative = models.Constraint(
        "CHECK (price_unit >= 0)", "The new price of a contract line is below zero."
    )
    _discount_in_range = models.Constraint(
        "CHECK (discount >= 0 AND discount <= 100)",
        "A discount lies between 0 and 100 percent.",
    )

    @api.depends("line_id", "change_id.date_from")
    def _compute_old(self):
        for row in self:
            version = row._get_version()
            row.old_quantity = version and float(version.terms.quantity)
            row.old_price_unit = version and float(version.terms.price)
            row.old_discount = version and float(version.terms.discount)

    @api.depends("old_quantity", "change_id.kind")
    def _compute_quantity(self):
        for row in self:
            typed = row.quantity if row.kind == "quantity" else 0.0
            row.quantity = typed or row.old_quantity

    @api.depends(
        "old_price_unit",
        "change_id.kind",
        "change_id.price_method",
        "change_id.percent",
        "change_id.index_base",
        "change_id.index_value",
    )
    def _compute_price_unit(self):
        for row in self:
            row.price_unit = row._get_revised_price()

    @api.depends("old_discount", "change_id.kind")
    def _compute_discount(self):
        for row in self:
            row.discount = row.old_discount

    @api.depends("quantity", "price_unit", "discount", "old_quantity", "change_id.kind")
    def _compute_amounts(self):
        for row in self:
            old, new = row._get_version(), row._get_terms()
            rounding = row.line_id._get_rounding()
            row.amount_before = float(old.terms.amount(rounding)) if old else 0.0
            row.amount_after = float(new.amount(rounding)) if new else 0.0

    @api.depends(
        "quantity",
        "price_unit",
        "discount",
        "line_id",
        "change_id.kind",
        "change_id.date_from",
        "change_id.date_to",
    )
    def _compute_amount_correction(self):
        for row in self:
            if row.change_id.state == "applied":
                row.amount_correction = row.amount_correction
                continue
            # Who asks for a change sees what it costs, whoever keeps the ledger.
            line = row.line_id.sudo()._origin
            values = []
            if line and row.change_id.date_from and row.change_id.kind != "end":
                first = row.change_id.date_from
                values = line._prepare_correction_values(
                    row._get_new_versions(), first, first
                )
            row.amount_correction = sum(vals["amount"] for vals in values)

    def _get_version(self):
        """The version that holds when the change begins, or None."""
        # sudo: versions are the engine's, read here to show what changes
        line, day = self.line_id.sudo()._origin, self.change_id.date_from
        versions = line._get_versions() if line and day else []
        found = [
            v for v in versions if v.first <= day and (not v.last or v.last >= day)
        ]
        return (found or versions[:1] or [None])[0]

    def _get_terms(self):
        """The new terms, of the days that had those of the first day; or None."""
        version = self._get_version()
        return self._get_change()(version.terms) if version else None

    def _get_change(self):
        """Function that makes new terms of old ones; it changes only what is meant."""
        kind = self.change_id.kind
        if kind in ("pause", "resume"):
            return lambda old: old._replace(paused=kind == "pause")
        if kind == "quantity":
            quantity = as_decimal(self.quantity)
            return lambda old: old._replace(quantity=quantity)
        if kind == "price":
            price, discount = as_decimal(self.price_unit), as_decimal(self.discount)
            return lambda old: old._replace(price=price, discount=discount)
        return lambda old: old

    def _get_new_versions(self):
        # sudo: likewise
        change, versions = self.change_id, self.line_id.sudo()._origin._get_versions()
        first = max(change.date_from, versions[0].first)
        last = change.date_to if change.kind == "pause" else None
        return overlay(versions, first, last or None, self._get_change())

    def _get_revised_price(self):
        change, price = self.change_id, as_decimal(self.old_price_unit)
        if change.kind != "price":
            return self.old_price_unit
        step = min(CENT, self.line_id._get_rounding())
        if change.price_method == "percent":
            return float(percent_price(price, as_decimal(change.percent), step))
        if change.price_method == "index":
            base, value = as_decimal(change.index_base), as_decimal(change.index_value)
            if base > 0 and value > 0:
                return float(index_price(price, base, value, step))
            return self.old_price_unit
        return self.price_unit or self.old_price_unit

    def _is_changed(self):
        # sudo: likewise
        return self._get_new_versions() != self.line_id.sudo()._get_versions()
