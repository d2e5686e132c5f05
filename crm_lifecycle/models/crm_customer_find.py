from odoo import models


class CrmCustomer(models.Model):
    """Customers are found as their contacts are: in any spelling, by name or number."""

    _inherit = "crm.customer"
    _rec_names_search = ["partner_id"]
