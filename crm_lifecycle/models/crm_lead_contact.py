from odoo import fields, models


class CrmLead(models.Model):
    """Who must not be contacted is not written to from his leads either."""

    _name = "crm.lead"
    _inherit = ["crm.contact.guard", "crm.lead"]

    crm_do_not_contact = fields.Boolean(
        related="partner_id.crm_do_not_contact",
        groups="sales_team.group_sale_salesman",
    )
