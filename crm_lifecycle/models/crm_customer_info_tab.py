from odoo import fields, models


class CrmCustomer(models.Model):
    _name = "crm.customer"
    _inherit = ["crm.customer"]

    info_ids = fields.One2many(
        "crm.customer.info",
        "customer_id",
        "Sensitive Notes",
        help="You see the notes of the classes that are open to you.",
    )
