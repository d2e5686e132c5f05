from odoo import api, models


class ReportCustomerTimeline(models.AbstractModel):
    """The printed timeline of one customer, filtered as on the screen."""

    _name = "report.crm_lifecycle.report_customer_timeline"
    _description = "Printed Customer Timeline"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        asked = {
            name: data[name]
            for name in ("kinds", "date_from", "date_to", "search")
            if data.get(name)
        }
        ids = [int(data["customer_id"])] if data.get("customer_id") else docids
        Timeline = self.env["crm.customer.timeline"]
        papers = [Timeline._get_paper(customer_id, **asked) for customer_id in ids]
        return {
            "doc_ids": ids,
            "doc_model": "crm.customer",
            "docs": self.env["crm.customer"].browse(ids),
            "papers": papers,
        }
