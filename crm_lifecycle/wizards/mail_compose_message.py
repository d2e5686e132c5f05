from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        """Leave out documents whose contact must not get a mail to many."""
        refused = super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
        if self.composition_mode != "mass_mail":
            return refused
        return set(refused) | self._get_refused_ids(list(mail_values_dict))

    def _get_refused_ids(self, res_ids):
        guard = self.pool["crm.contact.guard"]
        if not self.model or not issubclass(self.pool[self.model], guard):
            return set()
        mail = self.env["crm.channel"]._by_code("mail")
        is_mailing = "mass_mailing_id" in self._fields and self.mass_mailing_id
        documents = self.env[self.model].browse(res_ids)
        purpose = "marketing" if is_mailing else documents._get_purpose()
        return set(documents._get_refused_documents(mail, purpose).ids)
