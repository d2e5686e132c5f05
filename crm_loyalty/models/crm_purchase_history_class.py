from odoo import models


class CrmPurchaseHistory(models.Model):
    _name = "crm.purchase.history"
    _inherit = ["crm.purchase.history", "crm.customer.classed"]
    _class_partner = "commercial_partner_id"
