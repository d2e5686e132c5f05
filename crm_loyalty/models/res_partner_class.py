from odoo import models


class ResPartner(models.Model):
    """The classes of a contact are those that the present company gave him."""

    _name = "res.partner"
    _inherit = ["res.partner", "crm.customer.classed"]
    _class_partner = "commercial_partner_id"
    _class_company = None
