from odoo import api, models


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["crm.customer.source", "calendar.event"]

    _customer_fields = frozenset(
        ("partner_ids", "attendee_ids", "user_id", "start", "start_date", "active")
    )

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        meetings._queue_customer_events()
        return meetings

    def _queue_customer_events(self):
        """Queue whom the meetings are with; colleagues among themselves are nobody."""
        # who plans a meeting need not see every customer behind it
        pairs = {
            (meeting.user_id.company_id.id, partner.id)
            for meeting in self.sudo()
            for partner in meeting.partner_ids
            if meeting.user_id and partner != meeting.user_id.partner_id
        }
        self.env["crm.customer"]._queue_events("meeting", pairs)
