from odoo import models


class CrmSegmentSnapshot(models.Model):
    _name = "crm.segment.snapshot"
    _inherit = ["crm.segment.snapshot", "crm.info.guarded"]
    _info_sums = {
        name: f"segment_id.{name}" for name in ("revenue_total", "balance_due")
    }
