from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        """Leave out customers and contacts who must not get a mail to many."""
        refused = super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
        if self.composition_mode != "mass_mail":
            return refused
        return set(refused) | self._get_refused_ids(list(mail_values_dict))

    def _get_refused_ids(self, res_ids):
        mail = self.env["crm.channel"]._by_code("mail")
        is_mailing = "mass_mailing_id" in self._fields and self.mass_mailing_id
        purpose = "marketing" if is_mailing else "order"
        if self.model == "crm.customer":
            customers = self.env["crm.customer"].browse(res_ids)
            refusals = customers._get_refusals(mail, purpose)
            return {customer.id for customer, refusal in refusals if refusal}
        if self.model == "res.partner":
            partners = self.env["res.partner"].browse(res_ids)
            return set(partners._crm_contact_refusals(mail, purpose))
        return set()
