from odoo import models


class MailComposeMessage(models.TransientModel):
    """A message to many leaves out those whom the consent ledger protects.

    It asks when the mails are made, so what a person said an hour ago counts, whoever
    drew up the list, and even where the mailing ignores Odoo's blacklist.
    """

    _inherit = "mail.compose.message"

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        blocked = super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
        if self.composition_mode != "mass_mail" or not self.model:
            return blocked
        return set(blocked) | self._get_crm_refusals(list(mail_values_dict))

    def _get_crm_refusals(self, record_ids):
        """Return the ids of the records whose people must not be written to.

        All mailings of Email Marketing and mails to many customers count as
        advertising, unless it is said what for; documents are asked by their purpose.
        """
        records = self.env[self.model].browse(record_ids)
        mail = self.env["crm.channel"]._by_code("mail")
        mailing = "mass_mailing_id" in self._fields and self.mass_mailing_id
        refused = set()
        if mailing or self.model == "crm.customer":
            purpose = self.env.context.get("crm_contact_purpose", "marketing")
            # a cron may send it; who wrote it answers for it
            author = mailing and (mailing.user_id or mailing.create_uid)
            refused |= records._crm_get_mailing_refusals(
                mail, purpose, author or self.env.user
            )
        if isinstance(records, self.pool["crm.contact.guard"]):
            purpose = "marketing" if mailing else records._get_purpose()
            refused |= set(records._get_refused_documents(mail, purpose).ids)
        return refused
