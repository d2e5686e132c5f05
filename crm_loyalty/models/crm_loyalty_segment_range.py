from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.segment_grid import Range

BATCH = object()  # no caller from outside can name it
"""In the context while the policy writes all its ranges, and checks them at the end."""


class CrmLoyaltySegmentRange(models.Model):
    """Which scores make a segment: a rectangle in the grid of a policy."""

    _name = "crm.loyalty.segment.range"
    _description = "Scores of a Segment"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "crm.loyalty.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    segment_id = fields.Many2one(
        "crm.loyalty.segment",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    recency_from = fields.Integer(
        required=True, default=1, help="1: bought longest ago."
    )
    recency_to = fields.Integer(required=True, default=5)
    value_from = fields.Float(
        digits=(3, 1),
        required=True,
        default=1.0,
        help="The mean of the scores of frequency and monetary value, in steps of a "
        "half. 1: buys least.",
    )
    value_to = fields.Float(digits=(3, 1), required=True, default=5.0)

    _order_of_limits = models.Constraint(
        "CHECK (recency_from <= recency_to AND value_from <= value_to)",
        "In a row of the grid the first score may not be above the last.",
    )

    @api.depends("segment_id", "recency_from", "recency_to", "value_from", "value_to")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(segment)s: recency %(first)s to %(last)s, value %(low)s to %(high)s",
                segment=row.segment_id.name or "",
                first=row.recency_from,
                last=row.recency_to,
                low=row.value_from,
                high=row.value_to,
            )

    @api.constrains("value_from", "value_to")
    def _check_halves(self):
        for row in self:
            if row.value_from * 2 % 1 or row.value_to * 2 % 1:
                raise ValidationError(
                    self.env._(
                        "%(row)s: values go in steps of a half.", row=row.display_name
                    )
                )

    @api.constrains("segment_id", "policy_id")
    def _check_company_of_segment(self):
        for row in self:
            company = row.segment_id.company_id
            if company and company != row.company_id:
                raise ValidationError(
                    self.env._(
                        "The segment %(segment)s belongs to %(company)s.",
                        segment=row.segment_id.name,
                        company=company.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_grids(rows.policy_id)
        return rows

    def write(self, vals):
        before = self.policy_id
        result = super().write(vals)
        self._check_grids(before | self.policy_id)
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        self._check_grids(policies.exists())
        return result

    def _check_grids(self, policies):
        if self.env.context.get("segment_ranges") is not BATCH:
            policies._check_segment_ranges()

    def _get_ranges(self):
        """As `lib.segment_grid.Range`, the segment by its code."""
        return [
            Range(
                row.segment_id.code or "",
                row.recency_from,
                row.recency_to,
                row.value_from,
                row.value_to,
            )
            for row in self
        ]
