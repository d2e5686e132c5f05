from markupsafe import Markup

from odoo import api, fields, models

from ..lib.snapshot import to_json

HIDDEN = {
    "id", "create_uid", "create_date", "write_uid", "write_date", "crm_search_key",
    "crm_name_key", "crm_phone_key", "crm_mail_key", "crm_vat_key", "complete_name",
    "commercial_partner_id", "partner_share", "signup_type", "color", "tz",
}  # fmt: skip


class CrmCustomerMergeLog(models.Model):
    """What a customer or contact was before he was merged or went to another firm.

    The snapshot holds: ``values`` and ``names`` of the customer, his ``stages``, the
    ``contact`` (again values and names), ``moved`` (how many rows of each model changed
    hands), and ``rows``: values of rows that had to be merged because the survivor
    already had such a row.
    """

    _name = "crm.customer.merge.log"
    _description = "Merged Customer"
    _order = "id desc"
    _rec_name = "merged_name"

    customer_id = fields.Many2one(
        "crm.customer", "Merged into", index=True, ondelete="cascade", readonly=True
    )
    from_customer_id = fields.Many2one(
        "crm.customer",
        "Came from",
        index=True,
        ondelete="set null",
        readonly=True,
        help="The customer whose contact he was before.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    merged_name = fields.Char("Merged", required=True, readonly=True)
    merged_customer = fields.Integer("Merged customer ID", readonly=True)
    merged_partner = fields.Integer("Merged contact ID", readonly=True)
    user_id = fields.Many2one("res.users", "Merged by", readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    cause = fields.Selection(
        [
            ("merge", "Contacts merged"),
            ("parent", "Contact got a parent company"),
            ("moved", "Person went to another company"),
            ("left", "Contact left the company"),
        ],
        required=True,
        readonly=True,
    )
    snapshot = fields.Json(
        readonly=True, help="The values and the stages of the merged customer."
    )
    moved_html = fields.Html("What Moved", compute="_compute_pages", sanitize=False)
    values_html = fields.Html("Customer", compute="_compute_pages", sanitize=False)
    contact_html = fields.Html("Contact", compute="_compute_pages", sanitize=False)
    stages_html = fields.Html("Stages", compute="_compute_pages", sanitize=False)
    rows_html = fields.Html("Joined Rows", compute="_compute_pages", sanitize=False)

    @api.depends("snapshot")
    @api.depends_context("lang")
    def _compute_pages(self):
        for log in self:
            kept = log.snapshot or {}
            log.moved_html = _table(
                (log._get_model_label(model), count)
                for model, count in (kept.get("moved") or {}).items()
            )
            log.values_html = log._render_values("crm.customer", kept)
            log.contact_html = log._render_values(
                "res.partner", kept.get("contact") or {}
            )
            log.stages_html = log._render_stages(kept.get("stages") or ())
            log.rows_html = (
                Markup().join(
                    Markup("<h5>%s</h5>%s")
                    % (
                        log._get_model_label(row["model"]),
                        log._render_values(row["model"], row) or "",
                    )
                    for row in kept.get("rows") or ()
                )
                or False
            )

    def _get_model_label(self, model):
        # the label of a kind of record
        return self.env["ir.model"].sudo()._get(model).name or model

    def _render_values(self, model, kept):
        """Return the table of what was filled, by the names that forms show."""
        if model not in self.env:
            return False
        fields_of = self.env[model]._fields
        names = kept.get("names") or {}
        return _table(
            (
                fields_of[name]._description_string(self.env),
                names.get(name) or self._get_text(fields_of[name], value),
            )
            for name, value in (kept.get("values") or {}).items()
            if name in fields_of
            and name not in HIDDEN
            and value not in (False, None, "")
        )

    def _get_text(self, field, value):
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "boolean":
            return self.env._("Yes")
        if field.type == "html":
            return Markup(value)  # written by colleagues, sanitized when it was
        return value

    def _render_stages(self, stages):
        Stage = self.env["crm.lifecycle.stage"]
        known = Stage.browse({stage["stage_id"] for stage in stages}).exists()
        names = {stage.id: stage.name for stage in known}
        return _table(
            (
                names.get(stage["stage_id"], stage["stage_id"]),
                f"{stage['date_from'][:10]} – {(stage['date_to'] or '')[:10]}",
                stage["reason"] or "",
            )
            for stage in stages
        )

    def _add_rows(self, merged):
        """Keep the values of rows that were merged into others.

        :param merged: [(model, {field: value})]
        """
        for log in self if merged else ():
            snapshot = dict(log.snapshot or {})
            snapshot["rows"] = [
                *snapshot.get("rows", ()),
                *(
                    {"model": model, "values": to_json(values)}
                    for model, values in merged
                ),
            ]
            log.snapshot = snapshot


def _table(lines):
    """Return lines of cells as a table, False where there is none."""
    rows = Markup().join(
        Markup("<tr>%s</tr>")
        % Markup().join(Markup("<td>%s</td>") % cell for cell in line)
        for line in lines
    )
    return rows and Markup('<table class="table table-sm w-auto">%s</table>') % rows
