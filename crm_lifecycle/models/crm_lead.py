from odoo import api, models

WATCHED = frozenset(
    ("partner_id", "company_id", "team_id", "user_id", "type", "active")
    + ("date_conversion",)
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._queue_customer_events()
        return leads

    def write(self, vals):
        if not vals.keys() & WATCHED:
            return super().write(vals)
        self._queue_customer_events()
        result = super().write(vals)
        self._queue_customer_events()
        return result

    def unlink(self):
        self._queue_customer_events()
        return super().unlink()

    def _queue_customer_events(self):
        self.env["crm.customer"]._queue_events(
            "lead", {(lead.company_id.id, lead.partner_id.id) for lead in self.sudo()}
        )
