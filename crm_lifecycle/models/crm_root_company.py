from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmRootCompany(models.AbstractModel):
    """What branches share: it belongs to their root company, never to a branch."""

    _name = "crm.root.company"
    _description = "Of a Root Company"

    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
    )

    @api.constrains("company_id")
    def _check_root_company(self):
        for record in self:
            if record.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches share it with their company (%(what)s): set "
                        "%(company)s.",
                        what=self.env["ir.model"]._get(self._name).name,
                        company=record.company_id.root_id.name,
                    )
                )
