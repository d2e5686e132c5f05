from odoo import models


class CrmSegment(models.Model):
    """What is hidden of customers is hidden of their sum, too: a list may have one."""

    _name = "crm.segment"
    _inherit = ["crm.segment", "crm.info.guarded"]
    _info_sums = {
        name: f"customer_ids.{name}" for name in ("revenue_total", "balance_due")
    }
