from odoo import models


class ResPartner(models.Model):
    """Fields that this suite or the company added to contacts can be protected."""

    _name = "res.partner"
    _inherit = ["res.partner", "crm.info.guarded"]
    _info_all_fields = False
