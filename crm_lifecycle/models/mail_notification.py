from odoo import api, models


class MailNotification(models.Model):
    """Who got a mail or SMS of ours may have got his first answer."""

    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        notifications = super().create(vals_list)
        readers = {
            (False, vals["res_partner_id"])
            for vals in vals_list
            if vals.get("res_partner_id") and vals.get("notification_type") != "inbox"
        }
        if readers:
            self.env["crm.customer"]._queue_events("answer", readers)
        return notifications
