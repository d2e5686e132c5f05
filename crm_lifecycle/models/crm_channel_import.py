from odoo import models


class CrmChannel(models.Model):
    """Imports name a channel by its name or its code."""

    _inherit = "crm.channel"
    _rec_names_search = ["name", "code"]
