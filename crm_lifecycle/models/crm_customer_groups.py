from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCustomer(models.Model):
    _inherit = "crm.customer"

    group_id = fields.Many2one(
        "crm.customer.group",
        "Corporate Group",
        index=True,
        tracking=True,
        ondelete="set null",
        domain="[('company_id', '=', company_id)]",
        help="Customers of one corporate group are legal entities of their own that "
        "belong together. A branch office without a tax number of its own is no "
        "customer of its own: make it an address below the company.",
    )

    @api.constrains("company_id", "group_id")
    def _check_group_company(self):
        for customer in self:
            company = customer.group_id.company_id
            if company and company != customer.company_id:
                raise ValidationError(
                    self.env._(
                        "The corporate group %(group)s is kept by another company.",
                        group=customer.group_id.name,
                    )
                )
