from odoo import models


class CrmLoyaltyHistory(models.Model):
    """A class that is hidden of the customer is hidden of his history."""

    _name = "crm.loyalty.history"
    _inherit = ["crm.loyalty.history", "crm.info.guarded"]
