from odoo import fields, models


class SaleOrder(models.Model):
    """The order is sent all the same: it is owed. Its form warns."""

    _inherit = "sale.order"

    crm_do_not_contact = fields.Boolean(
        related="partner_id.crm_do_not_contact",
        groups="sales_team.group_sale_salesman",
    )
