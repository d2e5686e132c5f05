from odoo import api, models


class MailMessage(models.Model):
    """Mails of customers are contacts; indexes for the customer timeline."""

    _inherit = "mail.message"

    _crm_timeline_author_idx = models.Index(
        "(author_id, date DESC, id DESC)"
        " WHERE message_type IN ('email', 'comment', 'email_outgoing', 'auto_comment')"
        " AND author_id IS NOT NULL"
    )
    _crm_timeline_page_idx = models.Index(
        "(model, res_id, date DESC, id DESC)"
        " WHERE model IN ('res.partner', 'crm.customer', 'crm.lead', 'sale.order')"
        " AND (message_type IN ('email', 'comment', 'email_outgoing', 'auto_comment')"
        " OR mail_activity_type_id IS NOT NULL)"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create; who wrote us a mail has contacted us."""
        messages = super().create(vals_list)
        authors = {
            (False, vals["author_id"])
            for vals in vals_list
            if vals.get("message_type") == "email" and vals.get("author_id")
        }
        if authors:
            self.env["crm.customer"]._queue_events("contact", authors)
        return messages
