from odoo import models


class CrmCustomer(models.Model):
    _name = "crm.customer"
    _inherit = ["crm.customer", "crm.info.guarded"]
