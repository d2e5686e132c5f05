from odoo import api, models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.customer.source", "crm.lead"]

    _customer_fields = frozenset(
        ("partner_id", "company_id", "team_id", "user_id", "type", "active")
        + ("date_conversion",)
    )

    _crm_timeline_idx = models.Index(
        "(partner_id, create_date DESC, id DESC) WHERE partner_id IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._queue_customer_events()
        return leads

    def _queue_customer_events(self):
        # who changes documents need not see every customer behind them
        self.env["crm.customer"]._queue_events(
            "lead", {(lead.company_id.id, lead.partner_id.id) for lead in self.sudo()}
        )
