from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.intervals import union


class CrmCustomer(models.Model):
    """Which segments a customer belongs to, and his profile.

    The profile holds attributes that each company defines for itself: values, attitude
    to innovation, decision style. Segments may use them in their conditions.
    """

    _inherit = "crm.customer"

    segment_ids = fields.Many2many(
        "crm.segment",
        "crm_segment_customer_rel",
        "customer_id",
        "segment_id",
        "Segments",
        readonly=True,
        copy=False,
        help="Follows from the conditions and lists of the segments.",
    )
    membership_ids = fields.One2many(
        "crm.segment.membership", "customer_id", "Segments over time", readonly=True
    )
    profile = fields.Properties(
        definition="company_id.customer_profile_definition",
        help="What kind of customer this is: values, attitudes, style.",
    )

    def write(self, vals):
        """Write; segments look at the customer again when something else counts."""
        result = super().write(vals)
        heads = {
            path.split(".")[0] for path in self.env["crm.lifecycle.rule"]._get_paths()
        }
        if vals.keys() & (heads | {"profile"}):
            self._queue_customers("segment")
        return result

    @api.model
    def _get_complete_columns(self):
        """Without a definition there are no default values for a profile, either."""
        companies = self.env["res.company"].search([("parent_id", "=", False)])
        defined = any(companies.mapped("customer_profile_definition"))
        return super()._get_complete_columns() + ([] if defined else ["profile"])

    def _check_facts_untouched(self, vals):
        if vals.keys() & {"segment_ids", "membership_ids"} and not self.env.su:
            raise AccessError(
                self.env._(
                    "Segments follow from their conditions; add a customer to a fixed "
                    "list instead."
                )
            )
        return super()._check_facts_untouched(vals)

    @api.model
    def _refresh_segments(self, partner_ids=None):
        """Bring the segments with a condition up to date; None means everybody."""
        # the engine decides for everybody, whoever set it going
        Segment = self.env["crm.segment"].sudo()
        segments = Segment.search([("kind", "=", "dynamic")])
        if segments:
            segments._refresh_members(partner_ids)

    @api.model
    def _collect_moves(self, partner_ids=None):
        """Rules may ask for segments: these come first."""
        self._refresh_segments(partner_ids)
        return super()._collect_moves(partner_ids)

    def _on_stage_changed(self, old):
        """Segments may ask for the stage."""
        result = super()._on_stage_changed(old)
        if self:
            self._refresh_segments(self.sudo().partner_id.ids)  # ids only
        return result

    @api.model
    def _cron_refresh_all(self):
        result = super()._cron_refresh_all()
        cron = self.env.ref("crm_lifecycle.ir_cron_segments", raise_if_not_found=False)
        if cron:
            cron._trigger()
        return result

    def _take_references(self, other):
        """Join the intervals in which either customer belonged to a segment."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT segment_id, date_from, date_to FROM crm_segment_membership"
                " WHERE customer_id IN %s",
                (self.id, other.id),
            )
        )
        periods = {}
        for segment_id, date_from, date_to in rows:
            periods.setdefault(segment_id, []).append((date_from, date_to))
        joined = [
            (segment_id, date_from, date_to)
            for segment_id, intervals in periods.items()
            for date_from, date_to in union(intervals)
        ]
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_segment_membership WHERE customer_id IN %s",
                (self.id, other.id),
            )
        )
        self.env["crm.segment.membership"].create(
            [
                {
                    "segment_id": segment_id,
                    "customer_id": self.id,
                    "company_id": self.company_id.id,
                    "date_from": date_from,
                    "date_to": date_to,
                }
                for segment_id, date_from, date_to in joined
            ]
        )
        return super()._take_references(other)

    def action_add_to_segment(self):
        """Open the choice of a fixed list for the selected customers."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add to a List"),
            "res_model": "crm.segment.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_customer_ids": self.ids},
        }
