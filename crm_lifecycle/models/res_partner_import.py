from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Contacts from other systems, by Odoo's import.

    Two columns more, source and reference, and a file can be imported again and
    again without External IDs: known contacts get only what differs. A contact that
    was erased on request stays erased.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "crm.import.known"]

    crm_source_reference_ids = fields.One2many(
        "crm.source.reference",
        "partner_id",
        "References in Other Systems",
        groups="sales_team.group_sale_salesman",
    )
    crm_source_id = fields.Many2one(
        "crm.data.source",
        "Source",
        compute="_compute_crm_source",
        inverse="_inverse_crm_source",
        groups="sales_team.group_sale_salesman",
        help="The system that the contact was first imported from.",
    )
    crm_source_ref = fields.Char(
        "Reference in the Source",
        compute="_compute_crm_source",
        inverse="_inverse_crm_source",
        groups="sales_team.group_sale_salesman",
        help="Number of the contact there; never imported twice.",
    )

    @api.depends("crm_source_reference_ids")
    def _compute_crm_source(self):
        for partner in self:
            first = partner.crm_source_reference_ids[:1]
            partner.crm_source_id = first.source_id
            partner.crm_source_ref = first.reference

    def _inverse_crm_source(self):
        # who may write the contact may say where it comes from
        Reference = self.env["crm.source.reference"].sudo()
        for partner in self:
            source, reference = partner.crm_source_id, partner.crm_source_ref
            if source and reference:
                key = (source.id, reference)
                if not Reference._find_contacts([key]):
                    Reference.create(
                        {
                            "source_id": source.id,
                            "reference": reference,
                            "partner_id": partner.id,
                        }
                    )

    @api.model
    def get_import_templates(self):
        return [
            *super().get_import_templates(),
            {
                "label": self.env._("Import Template for Contacts of Another System"),
                "template": "/crm_lifecycle/static/import/contacts.csv",
            },
        ]

    @api.model
    def load(self, fields, data):
        """Import; the sources remember when."""
        result = super().load(fields, data)
        columns = {name.split("/")[0] for name in fields}
        if result.get("ids") and "crm_source_id" in columns:
            self.browse(result["ids"]).crm_source_id._note_import()
        return result

    @api.model
    def _get_import_key(self, vals):
        if not vals.get("crm_source_ref"):
            return None
        if not vals.get("crm_source_id"):
            raise UserError(
                self.env._(
                    "%(reference)s names no source.", reference=vals["crm_source_ref"]
                )
            )
        return vals["crm_source_id"], vals["crm_source_ref"]

    @api.model
    def _get_import_key_fields(self):
        return {"crm_source_id", "crm_source_ref"}

    @api.model
    def _find_imported(self, keys):
        return self.env["crm.source.reference"]._find_contacts(keys)

    def _get_differing(self, vals):
        """A person at a company has the company's address and tax data, as in Odoo."""
        differing = super()._get_differing(vals)
        shared = set()
        if self.parent_id and self.type == "contact":
            shared.update(self._address_fields())
        if self.commercial_partner_id != self:
            shared.update(self._commercial_fields())
        return [name for name in differing if name not in shared]

    def _settle_known(self, vals):
        # whether he asked to be forgotten; the requests are for managers
        requests = self.env["crm.erasure.request"].sudo()
        if requests._get_erased(self):
            return None
        return super()._settle_known(vals)
