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
        """Create; who wrote us a mail has contacted us, whom one called is answered."""
        messages = super().create(vals_list)
        authors = {
            (False, vals["author_id"])
            for vals in vals_list
            if vals.get("message_type") == "email" and vals.get("author_id")
        }
        if authors:
            self.env["crm.customer"]._queue_events("contact", authors)
        self._queue_called(vals_list)
        return messages

    @api.model
    def _queue_called(self, vals_list):
        """Have the customers looked at on whose documents an activity was done."""
        done = {}
        for vals in vals_list:
            if vals.get("mail_activity_type_id") and vals.get("res_id"):
                done.setdefault(vals.get("model"), []).append(vals["res_id"])
        for model in self.env["crm.customer"]._get_called_models():
            # whoever did the activity need not see the contact behind it
            documents = self.env[model].sudo().browse(done.get(model, ())).exists()
            if documents:
                field = "id" if model == "res.partner" else "partner_id.id"
                self.env["crm.customer"]._queue_events(
                    "answer", {(False, key) for key in documents.mapped(field) if key}
                )
