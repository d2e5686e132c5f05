from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..lib import segment_grid
from ..lib.rfm import SEGMENTS
from .crm_loyalty_segment_range import BATCH

NAMED = 6  # so many faulty cells are named one by one


class CrmLoyaltyPolicy(models.Model):
    """Which scores make which segment: the shipped grid, or one's own."""

    _inherit = "crm.loyalty.policy"

    segment_range_ids = fields.One2many(
        "crm.loyalty.segment.range",
        "policy_id",
        "Own Grid",
        help="Which scores make which segment. Empty: the shipped grid. Otherwise "
        "every cell of the grid has to belong to exactly one segment.",
    )
    segment_grid = fields.Json("Grid", compute="_compute_segment_grid")

    @api.depends(
        "rfm_bins",
        "segment_range_ids.segment_id",
        "segment_range_ids.recency_from",
        "segment_range_ids.recency_to",
        "segment_range_ids.value_from",
        "segment_range_ids.value_to",
    )
    @api.depends_context("lang")
    def _compute_segment_grid(self):
        for policy in self:
            policy.segment_grid = policy._draw_segment_grid()

    @api.constrains("rfm_bins")
    def _check_segment_ranges(self):
        """Every cell of an own grid belongs to one segment, and no range lies beyond.

        :raise ValidationError: naming the cells that do not
        """
        for policy in self.filtered("segment_range_ids"):
            ranges = policy.segment_range_ids._get_ranges()
            bins = policy.rfm_bins
            for row, one in zip(policy.segment_range_ids, ranges, strict=True):
                if (
                    one.recency_from < 1
                    or one.value_from < 1
                    or bins < max(one.recency_to, one.value_to)
                ):
                    raise ValidationError(
                        self.env._(
                            "%(row)s: the scores go from 1 to %(bins)s.",
                            row=row.display_name,
                            bins=bins,
                        )
                    )
            missing, double = segment_grid.faults(ranges, bins)
            if missing:
                raise ValidationError(
                    self.env._(
                        "Some customers would have no segment: these cells of the "
                        "grid are in none: %(cells)s. Every cell has to be in exactly "
                        "one, or leave the grid empty to use the shipped one.",
                        cells=self._name_cells(missing),
                    )
                )
            if double:
                raise ValidationError(
                    self.env._(
                        "Some customers would have two segments: these cells of the "
                        "grid are in several: %(cells)s. Every cell has to be in "
                        "exactly one.",
                        cells=self._name_cells(double),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super(CrmLoyaltyPolicy, self._with_range_batch()).create(vals_list)
        policies = policies.with_env(self.env)
        policies._check_segment_ranges()
        return policies

    def write(self, vals):
        result = super(CrmLoyaltyPolicy, self._with_range_batch()).write(vals)
        if "segment_range_ids" in vals:
            self._check_segment_ranges()
        return result

    def action_customize_segments(self):
        """Copy the shipped grid into rows that can be changed."""
        self.ensure_one()
        segments = self.env["crm.loyalty.segment"].search([("code", "in", SEGMENTS)])
        ids = {segment.code: segment.id for segment in segments}
        self.segment_range_ids = [
            Command.clear(),
            *(
                Command.create(
                    {"segment_id": ids[one.segment], "sequence": place}
                    | {key: v for key, v in one._asdict().items() if key != "segment"}
                )
                for place, one in enumerate(segment_grid.default_ranges(self.rfm_bins))
            ),
        ]

    def action_use_shipped_segments(self):
        self.segment_range_ids = [Command.clear()]

    def _with_range_batch(self):
        return self.with_context(segment_ranges=BATCH)

    def _get_segment_ranges(self):
        own = self.segment_range_ids._get_ranges()
        return own or segment_grid.default_ranges(self.rfm_bins)

    def _get_segment_table(self):
        """(recency, frequency, monetary, segment code) of all combinations."""
        self.ensure_one()
        self._check_segment_ranges()
        return segment_grid.table(self._get_segment_ranges(), self.rfm_bins)

    def _name_cells(self, cells):
        names = [
            self.env._("recency %(recency)s, value %(value)s", recency=r, value=v)
            for r, v in cells[:NAMED]
        ]
        if len(cells) > NAMED:
            names.append(self.env._("and %(count)s more", count=len(cells) - NAMED))
        return "; ".join(names)

    def _draw_segment_grid(self):
        """For the widget: rows from the most recent down, with the names of a cell."""
        self.ensure_one()
        bins = min(max(self.rfm_bins, 2), 5)
        # sudo: names and colours of segments, whatever the reader's rights
        owners = segment_grid.owners(self._get_segment_ranges(), bins)
        used = {code for codes in owners.values() for code in codes}
        found = self.env["crm.loyalty.segment"].sudo().search([("code", "in", [*used])])
        segments = {one.code: one for one in found}
        return {
            "own": bool(self.segment_range_ids),
            "columns": segment_grid.columns(bins),
            "rows": [
                {
                    "recency": recency,
                    "cells": [
                        {
                            "value": value,
                            "names": [
                                segments[code].name
                                for code in owners[recency, value]
                                if code in segments
                            ],
                            "colors": [
                                segments[code].color
                                for code in owners[recency, value]
                                if code in segments
                            ],
                        }
                        for value in segment_grid.columns(bins)
                    ],
                }
                for recency in range(bins, 0, -1)
            ],
        }
