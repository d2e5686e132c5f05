from odoo import models


class CrmCustomerGroup(models.Model):
    """What is hidden of customers is hidden of the sums of their group, too."""

    _name = "crm.customer.group"
    _inherit = ["crm.customer.group", "crm.info.guarded"]
    _info_sums = {
        name: f"customer_ids.{name}"
        for name in ("revenue_total", "balance_due", "order_count")
    }
