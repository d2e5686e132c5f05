from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmInteraction(models.Model):
    """Interactions from other systems, by Odoo's import.

    A row is known by company, source and reference. Its contact is named, or told by
    the reference that the same source knows him by.
    """

    _name = "crm.interaction"
    _inherit = ["crm.interaction", "crm.import.known"]

    source_id = fields.Many2one(
        "crm.data.source",
        index="btree_not_null",
        ondelete="restrict",
        help="The system that the interaction comes from.",
    )
    source_ref = fields.Char(
        "Reference",
        help="Number of the interaction in the source; never imported twice.",
    )
    partner_ref = fields.Char(
        "Contact's Reference",
        compute="_compute_partner_ref",
        readonly=False,
        help="For imports: under which number the source knows the contact.",
    )

    _source_unique = models.UniqueIndex(
        "(company_id, source_id, source_ref) WHERE source_ref IS NOT NULL",
        "This reference of this source is already there.",
    )
    _source_of_reference = models.Constraint(
        "CHECK (source_ref IS NULL OR source_id IS NOT NULL)",
        "A reference needs the source that it comes from.",
    )

    @api.depends("partner_id", "source_id")
    def _compute_partner_ref(self):
        groups = self.env["crm.source.reference"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("source_id", "in", self.source_id.ids),
            ],
            ["partner_id", "source_id"],
            ["reference:min"],
        )
        known = {(partner, source): number for partner, source, number in groups}
        for interaction in self:
            key = (interaction.partner_id, interaction.source_id)
            interaction.partner_ref = known.get(key, False)

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Interactions"),
                "template": "/crm_lifecycle/static/import/interactions.csv",
            }
        ]

    @api.model
    def load(self, fields, data):
        """Import; the sources remember when."""
        result = super().load(fields, data)
        if result.get("ids"):
            self.browse(result["ids"]).source_id._note_import()
        return result

    @api.model
    def _prepare_import_values(self, vals):
        reference = vals.pop("partner_ref", None)
        if vals.get("partner_id") or not reference:
            return vals
        key = (vals.get("source_id"), reference)
        found = self.env["crm.source.reference"]._find_contacts([key]).get(key)
        if not found:
            raise UserError(
                self.env._(
                    "No contact is known by the reference %(reference)s; import the "
                    "contacts of this source first.",
                    reference=reference,
                )
            )
        return {**vals, "partner_id": found.id}

    @api.model
    def _get_import_key(self, vals):
        if not vals.get("source_ref"):
            return None
        if not vals.get("source_id"):
            raise UserError(
                self.env._(
                    "%(reference)s names no source.", reference=vals["source_ref"]
                )
            )
        company = vals.get("company_id") or self.env.company.root_id.id
        return company, vals["source_id"], vals["source_ref"]

    @api.model
    def _get_import_key_fields(self):
        return {"source_id", "source_ref", "company_id"}

    @api.model
    def _find_imported(self, keys):
        rows = self.search_fetch(
            [
                (
                    "source_ref",
                    "in",
                    [reference for _company, _source, reference in keys],
                ),
                ("source_id", "in", [source for _company, source, _reference in keys]),
            ],
            ["company_id", "source_id", "source_ref"],
        )
        found = {
            (row.company_id.id, row.source_id.id, row.source_ref): row for row in rows
        }
        return {key: found[key] for key in keys if key in found}
