from markupsafe import Markup

from odoo import Command, api, fields, models

from ..models.crm_customer_type import LOYALTY_TYPES
from ..models.crm_customer_value import CHURN_BANDS
from ..models.crm_loyalty_history import ABC_CLASSES, RFM_SEGMENTS


class CrmLoyaltyPreview(models.TransientModel):
    """Whom changes of the policy would move; nothing is changed yet."""

    _name = "crm.loyalty.preview"
    _description = "Preview of a Loyalty Policy"

    policy_id = fields.Many2one(
        "crm.loyalty.policy", required=True, readonly=True, ondelete="cascade"
    )
    changes = fields.Json("Values to Write", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True)
    moved_count = fields.Integer("Would Move", readonly=True)
    setting_ids = fields.One2many(
        "crm.loyalty.preview.setting", "preview_id", "Changes", readonly=True
    )
    mover_ids = fields.One2many(
        "crm.loyalty.preview.mover", "preview_id", "Who Would Move", readonly=True
    )
    summary = fields.Char(compute="_compute_summary")
    listed_note = fields.Char("Note on the List", compute="_compute_summary")
    matrices = fields.Json(readonly=True)
    matrix_html = fields.Html(
        "From and To", compute="_compute_matrix_html", sanitize=False
    )

    @api.depends("moved_count", "customer_count", "mover_ids")
    @api.depends_context("lang")
    def _compute_summary(self):
        for preview in self:
            figures = {
                "moved": preview.moved_count,
                "customers": preview.customer_count,
                "listed": len(preview.mover_ids),
            }
            if not preview.moved_count:
                preview.summary = self.env._(
                    "None of the %(customers)s customers would move.", **figures
                )
            else:
                preview.summary = self.env._(
                    "%(moved)s of %(customers)s customers would move. Nothing is "
                    "changed yet.",
                    **figures,
                )
            preview.listed_note = figures["listed"] < figures["moved"] and self.env._(
                "The first %(listed)s, the best customers first.", **figures
            )

    @api.depends("matrices")
    @api.depends_context("lang")
    def _compute_matrix_html(self):
        for preview in self:
            tables = [
                preview._render_matrix(name, rows)
                for name, rows in preview.matrices or []
                if any(before != after for before, after, _count in rows)
            ]
            preview.matrix_html = (
                Markup('<div class="d-flex flex-wrap align-items-start gap-4">%s</div>')
                % Markup("").join(tables)
                if tables
                else False
            )

    @api.model
    def _open(self, policy, changes, result):
        """Return the action that shows the result of ``_preview`` of a policy."""
        preview = self.create(
            {
                "policy_id": policy.id,
                "changes": changes,
                "customer_count": result["customers"],
                "moved_count": result["moved"],
                "matrices": result["matrices"],
                "setting_ids": [
                    Command.create(
                        {
                            "name": name,
                            "before": before,
                            "after": after,
                            "moved": moved or 0,
                            "is_refused": moved is None,
                        }
                    )
                    for name, before, after, moved in result["settings"]
                ],
                "mover_ids": [Command.create(values) for values in result["movers"]],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview: Who Would Move"),
            "res_model": self._name,
            "views": [(False, "form")],
            "view_mode": "form",
            "res_id": preview.id,
            "target": "new",
        }

    def action_apply(self):
        """Write the changes to the policy; the next run rates by them."""
        self.ensure_one()
        self.policy_id.write(self.changes)
        return {"type": "ir.actions.act_window_close", "infos": {"applied": True}}

    def action_apply_and_run(self):
        """Write the changes, and rate the customers by them at once."""
        close = self.action_apply()
        notification = self.policy_id.action_run()
        notification["params"]["next"] = close
        return notification

    def _render_matrix(self, name, rows):
        """A table with the states before as rows, and after as columns."""
        field = self.env["crm.customer"]._fields[name]
        labels = dict(field._description_selection(self.env))
        counts = {(before, after): count for before, after, count in rows}
        # a segment that is gone keeps its code for a name
        known = list(
            dict.fromkeys([*labels, *(key for pair in counts for key in pair)])
        )
        known.sort(key=lambda state: state is None)
        before = [one for one in known if any(key[0] == one for key in counts)]
        after = [one for one in known if any(key[1] == one for key in counts)]
        none = self.env._("None")
        head = Markup("").join(
            Markup('<th class="text-center">%s</th>') % labels.get(one, one or none)
            for one in after
        )
        body = Markup("").join(
            Markup("<tr><th>%s</th>%s</tr>")
            % (
                labels.get(one, one or none),
                Markup("").join(
                    self._render_cell(counts.get((one, other), 0), one == other)
                    for other in after
                ),
            )
            for one in before
        )
        return Markup(
            '<table class="table table-sm table-bordered w-auto align-top">'
            '<caption class="caption-top fw-bold">%s</caption>'
            "<thead><tr><th></th>%s</tr></thead><tbody>%s</tbody></table>"
        ) % (field._description_string(self.env), head, body)

    @api.model
    def _render_cell(self, count, stays):
        kind = "text-muted" if stays or not count else "fw-bold table-warning"
        return Markup('<td class="text-center %s">%s</td>') % (kind, count or "·")


class CrmLoyaltyPreviewSetting(models.TransientModel):
    _name = "crm.loyalty.preview.setting"
    _description = "Setting Tried in a Preview"

    preview_id = fields.Many2one("crm.loyalty.preview", ondelete="cascade", index=True)
    name = fields.Char("Setting")
    before = fields.Char("Now")
    after = fields.Char("To Try")
    moved = fields.Integer(
        "Moves Alone", help="Customers that this change would move by itself."
    )
    is_refused = fields.Boolean("Not Alone")


class CrmLoyaltyPreviewMover(models.TransientModel):
    _name = "crm.loyalty.preview.mover"
    _description = "Customer Moved in a Preview"
    _order = "id"

    preview_id = fields.Many2one("crm.loyalty.preview", ondelete="cascade", index=True)
    customer_id = fields.Many2one("crm.customer", ondelete="cascade")
    abc_class_before = fields.Selection(ABC_CLASSES, "Class Now")
    abc_class_after = fields.Selection(ABC_CLASSES, "Class Then")
    rfm_segment_before = fields.Selection(RFM_SEGMENTS, "Segment Now")
    rfm_segment_after = fields.Selection(RFM_SEGMENTS, "Segment Then")
    loyalty_type_before = fields.Selection(LOYALTY_TYPES, "Type Now")
    loyalty_type_after = fields.Selection(LOYALTY_TYPES, "Type Then")
    churn_band_before = fields.Selection(CHURN_BANDS, "Risk Now")
    churn_band_after = fields.Selection(CHURN_BANDS, "Risk Then")
