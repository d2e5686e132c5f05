from odoo import models


class AccountInvoiceReport(models.Model):
    _name = "account.invoice.report"
    _inherit = ["account.invoice.report", "crm.customer.classed"]
    _class_partner = "commercial_partner_id"
