from odoo import models


class CrmContactGuard(models.AbstractModel):
    """A document from whose chatter customers are written to: it asks the ledger first.

    It stands first in ``_inherit``. The document has a ``company_id``, by whose ledger
    it goes, and a ``partner_id``. A person who writes to somebody who must not be
    contacted is told so; of automatic messages that one is left out.
    """

    _name = "crm.contact.guard"
    _description = "Guard of the Consent Ledger"

    def _check_contact(self, partners, code, purpose=None):
        """Refuse to contact people on the channel with a code.

        :raise UserError: with names and reasons
        """
        channel = self.env["crm.channel"]._by_code(code)
        for company in self.company_id.sudo():  # a branch user lacks the root
            local = partners.with_company(company)
            local._crm_check_contact(channel, purpose or self._get_purpose())

    def _get_purpose(self):
        return self.env.context.get("crm_contact_purpose", "order")

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        outside = self.env["res.partner"].browse(
            [data["id"] for data in recipients if data["share"]]
        )
        if not outside or not self:
            return recipients
        kind = (msg_vals or {}).get("message_type") or message.sudo().message_type
        code = "sms" if kind == "sms" else "mail"
        if kind in ("comment", "email_outgoing", "sms"):
            self._check_contact(outside, code)
            return recipients
        channel = self.env["crm.channel"]._by_code(code)
        local = outside.with_company(self.company_id.sudo())  # as above
        refused = local._crm_contact_refusals(channel, self._get_purpose())
        return [data for data in recipients if data["id"] not in refused]

    def _message_sms(self, body, **kwargs):
        """Send an SMS; called by the app SMS alone, where it is installed."""
        self._check_contact(self.partner_id, "sms")
        return super()._message_sms(body, **kwargs)
