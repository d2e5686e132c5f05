from odoo import api, fields, models

from ..lib.proration import as_decimal
from ..lib.versions import Terms, Version, is_sequence


class ServiceContractVersion(models.Model):
    """Quantity, price and discount of a line, from a day to a day.

    The versions of a line follow each other without gap; the database refuses any two
    that overlap. Changes write them, nobody edits them by hand.
    """

    _name = "service.contract.version"
    _description = "Version of a Contract Line"
    _order = "line_id, date_from"
    _rec_name = "date_from"

    line_id = fields.Many2one(
        "service.contract.line", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(
        related="line_id.contract_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    product_id = fields.Many2one(related="line_id.product_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", help="Empty: until the next change.")
    quantity = fields.Float(required=True, digits="Product Unit")
    price_unit = fields.Float(
        string="Unit Price", required=True, min_display_digits="Product Price"
    )
    discount = fields.Float(string="Disc.%", digits="Discount")
    is_paused = fields.Boolean(string="Paused", help="Nothing is billed meanwhile.")
    amount = fields.Monetary(
        string="Per Period",
        compute="_compute_amount",
        help="For one whole period, without taxes.",
    )
    change_id = fields.Many2one(
        "service.contract.change",
        string="Changed By",
        index="btree_not_null",
        ondelete="set null",
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A version of a contract line cannot end before it starts.",
    )
    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a contract line cannot be negative."
    )
    _versions_do_not_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(line_id, line_id, '[]') WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&)",
        "Two versions of a contract line cannot hold on the same day.",
    )

    @api.depends("quantity", "price_unit", "discount", "is_paused")
    def _compute_amount(self):
        for version in self:
            rounding = version.line_id._get_rounding()
            version.amount = float(version._as_version().terms.amount(rounding))

    def _as_version(self):
        """What lib/ computes with."""
        self.ensure_one()
        terms = Terms(
            as_decimal(self.quantity),
            as_decimal(self.price_unit),
            as_decimal(self.discount),
            self.is_paused,
        )
        return Version(self.date_from, self.date_to or None, terms)

    @api.model
    def _prepare_version_values(self, line, version, change=None):
        return {
            "line_id": line.id,
            "date_from": version.first,
            "date_to": version.last or False,
            "quantity": float(version.terms.quantity),
            "price_unit": float(version.terms.price),
            "discount": float(version.terms.discount),
            "is_paused": version.terms.paused,
            "change_id": change.id if change else False,
        }

    @api.model
    def _replace(self, wanted, change=None):
        """Bring the stored versions of lines to those wanted, touching nothing else.

        :param wanted: list of Version for each line
        """
        gone, kept, vals_list = self.browse(), [], []
        for line, versions in wanted.items():
            if not is_sequence(versions):
                raise ValueError(f"versions of line {line.id} overlap or leave gaps")
            stored = {version.date_from: version for version in line.version_ids}
            for version in versions:
                found = stored.pop(version.first, self.browse())
                if found and found._as_version().terms == version.terms:
                    if (found.date_to or None) != version.last:
                        kept.append((found, version.last))
                    continue
                gone |= found
                vals_list.append(self._prepare_version_values(line, version, change))
            gone |= self.browse().union(*stored.values())
        # in this order no two overlap at any moment
        gone.unlink()
        for shortened in (True, False):
            for version, last in kept:
                if shortened == bool(
                    last and (not version.date_to or last < version.date_to)
                ):
                    version.date_to = last or False
            self.flush_model()
        return self.create(vals_list)
