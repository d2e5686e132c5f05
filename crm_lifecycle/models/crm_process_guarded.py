from odoo import models


class CrmProcess(models.Model):
    """What is hidden of customers is hidden of what a process touches, too."""

    _name = "crm.process"
    _inherit = ["crm.process", "crm.info.guarded"]
    _info_sums = {
        "touched_revenue": "segment_ids.customer_ids.revenue_total",
        "value_contribution": "touched_revenue",
    }
