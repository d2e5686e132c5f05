from odoo import models


class CrmLifecycleHistory(models.Model):
    _name = "crm.lifecycle.history"
    _inherit = ["crm.lifecycle.history", "crm.info.guarded"]
