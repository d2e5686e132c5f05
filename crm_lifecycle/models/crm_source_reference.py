from odoo import api, fields, models


class CrmSourceReference(models.Model):
    """Under which reference a source knows a contact.

    A contact may come from several sources; a merged contact keeps all references,
    so that later imports find the one that is left.
    """

    _name = "crm.source.reference"
    _description = "Reference of a Contact"
    _order = "source_id, reference"
    _rec_name = "reference"

    source_id = fields.Many2one(
        "crm.data.source", required=True, index=True, ondelete="restrict"
    )
    reference = fields.Char(required=True, help="Number of the contact in the source.")
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, ondelete="cascade"
    )

    _reference_unique = models.UniqueIndex(
        "(source_id, reference)", "This reference of this source is already there."
    )

    @api.model
    def _find_contacts(self, keys):
        """Return {(source id, reference): contact} of the references that are known."""
        # which contact a reference means; whether he may be written is asked later
        rows = self.sudo().search_fetch(
            [
                ("source_id", "in", list({source for source, _ref in keys})),
                ("reference", "in", list({reference for _source, reference in keys})),
            ],
            ["source_id", "reference", "partner_id"],
        )
        found = {
            (row.source_id.id, row.reference): self.env["res.partner"].browse(
                row.partner_id.id
            )
            for row in rows
        }
        return {key: found[key] for key in keys if key in found}
