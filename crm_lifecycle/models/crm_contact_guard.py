from odoo import models

BY_A_PERSON = ("comment", "email_outgoing", "sms")
"""Types of messages that somebody wrote; the others are sent by Odoo itself."""


class CrmContactGuard(models.AbstractModel):
    """A document from whose chatter customers are written to: it asks the ledger first.

    It stands first in ``_inherit``. The document has a ``company_id``, by whose ledger
    it goes (the present company's where it has none), and a ``partner_id``. A person
    who writes to somebody who must not be contacted is told so; of automatic messages
    and of those to many documents that one is left out.

    Orders and invoices are no guards: what a contract or the law demands is sent
    whatever the ledger says, and their form shows a warning.
    """

    _name = "crm.contact.guard"
    _description = "Guard of the Consent Ledger"

    def _check_contact(self, partners, code, purpose=None):
        """Refuse to contact people on the channel with a code.

        :raise UserError: with names and reasons
        """
        channel = self.env["crm.channel"]._by_code(code)
        for company in self._group_by_ledger():
            local = partners.with_company(company)
            local._crm_check_contact(channel, purpose or self._get_purpose())

    def _get_purpose(self):
        return self.env.context.get("crm_contact_purpose", "order")

    def _group_by_ledger(self):
        """Return {root company whose ledger counts: documents}."""
        # sudo: a branch user lacks the root
        present = self.env.company.sudo().root_id
        return self.grouped(
            lambda document: document.company_id.sudo().root_id or present
        )  # a branch user lacks the root

    def _get_ledger_contacts(self):
        """Return the contacts whom the documents are about."""
        return self.partner_id

    def _get_refused_documents(self, channel, purpose):
        """Return those whose contact must not be contacted; a query per company."""
        refused = self.browse()
        for company, documents in self._group_by_ledger().items():
            contacts = documents._get_ledger_contacts().with_company(company)
            causes = contacts._crm_contact_refusals(channel, purpose)
            refused |= documents.filtered(
                lambda document, causes=causes: (
                    not causes.keys().isdisjoint(document._get_ledger_contacts().ids)
                )
            )
        return refused

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        outside = self.env["res.partner"].browse(
            [data["id"] for data in recipients if data["share"]]
        )
        if not outside or not self:
            return recipients
        # sudo: only the kind of a message that is being sent
        kind = (msg_vals or {}).get("message_type") or message.sudo().message_type
        code = "sms" if kind == "sms" else "mail"
        if kind in BY_A_PERSON:
            self._check_contact(outside, code)
            return recipients
        channel = self.env["crm.channel"]._by_code(code)
        for company in self._group_by_ledger():
            local = outside.with_company(company)
            refused = local._crm_contact_refusals(channel, self._get_purpose())
            recipients = [data for data in recipients if data["id"] not in refused]
        return recipients

    # ------------------------------------------------------------------
    # SMS; the app is not needed, this is called where it is installed
    # ------------------------------------------------------------------
    def _message_sms(self, body, **kwargs):
        """Send an SMS; called by the app SMS alone, where it is installed."""
        self._check_contact(self._get_ledger_contacts(), "sms")
        return super()._message_sms(body, **kwargs)

    def _sms_get_recipients_info(self, **kwargs):
        """Return no number of who must not be contacted by SMS."""
        info = super()._sms_get_recipients_info(**kwargs)
        sms = self.env["crm.channel"]._by_code("sms")
        for document in self._get_refused_documents(sms, self._get_purpose()):
            info[document.id].update(sanitized=False, number=False)
        return info
