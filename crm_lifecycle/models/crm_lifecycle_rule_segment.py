from odoo import api, models


class CrmLifecycleRule(models.Model):
    """Rules may ask which segments a customer belongs to."""

    _inherit = "crm.lifecycle.rule"

    @api.model
    def _get_paths(self):
        return super()._get_paths() | {"segment_ids"}
