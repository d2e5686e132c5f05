from odoo import models


class MailComposeMessage(models.TransientModel):
    """A mailing leaves out those whom the consent ledger protects.

    It asks when the mails are made, so what a person said an hour ago counts, whoever
    drew up the list, and even where the mailing ignores Odoo's blacklist.
    """

    _inherit = "mail.compose.message"

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        blocked = super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
        if self.composition_mode != "mass_mail" or not self._is_crm_mailing():
            return blocked
        records = self.env[self.model].browse(mail_values_dict)
        channel = self.env["crm.channel"]._by_code("mail")
        purpose = self.env.context.get("crm_contact_purpose", "marketing")
        return blocked | records._crm_get_mailing_refusals(
            channel, purpose, self._get_crm_responsible()
        )

    def _is_crm_mailing(self):
        """Mails to many customers at once, and all mailings of Email Marketing."""
        mailing = "mass_mailing_id" in self._fields and self.mass_mailing_id
        return self.model == "crm.customer" or bool(mailing)

    def _get_crm_responsible(self):
        """Return who answers for the mailing; a cron may send it."""
        if "mass_mailing_id" in self._fields and self.mass_mailing_id:
            mailing = self.mass_mailing_id
            return mailing.user_id or mailing.create_uid
        return self.env.user
