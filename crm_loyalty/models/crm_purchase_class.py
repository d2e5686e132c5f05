from odoo import models


class CrmPurchase(models.Model):
    _name = "crm.purchase"
    _inherit = ["crm.purchase", "crm.customer.classed"]
