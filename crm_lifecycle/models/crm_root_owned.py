from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmRootOwned(models.AbstractModel):
    """A definition of a company that one colleague answers for, with a chatter."""

    _name = "crm.root.owned"
    _description = "Owned by a Colleague"
    _inherit = ["crm.root.company", "mail.thread", "mail.activity.mixin"]

    company_id = fields.Many2one(
        required=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )

    @api.constrains("company_id", "owner_id")
    def _check_owner(self):
        for record in self:
            if record.company_id.root_id not in record.owner_id.company_ids.root_id:
                raise ValidationError(
                    self.env._(
                        "%(who)s does not work in %(company)s.",
                        who=record.owner_id.name,
                        company=record.company_id.name,
                    )
                )
