from odoo import models


class SaleReport(models.Model):
    _name = "sale.report"
    _inherit = ["sale.report", "crm.customer.classed"]
    _class_partner = "commercial_partner_id"
