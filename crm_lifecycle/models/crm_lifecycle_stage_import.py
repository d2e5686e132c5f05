from odoo import models


class CrmLifecycleStage(models.Model):
    """Imports name a stage by its name or its code."""

    _inherit = "crm.lifecycle.stage"
    _rec_names_search = ["name", "code"]
