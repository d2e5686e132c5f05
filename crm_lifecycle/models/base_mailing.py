from collections import defaultdict

from odoo import models


class Base(models.AbstractModel):
    """Of which records a mailing must leave out the people."""

    _inherit = "base"

    def _crm_get_mailing_refusals(self, channel, purpose, _responsible):
        """Return the ids of those whose people must not be written to.

        The ledger of each record's company is asked, that of the present company
        where a record has none: one query per company.

        :param channel: a crm.channel
        :param str purpose: a purpose of the ledger
        :param _responsible: the user who answers for the mailing
        """
        by_company = defaultdict(dict)
        for record_id, partners in self._mail_get_partners().items():
            company = self.env.company
            if "company_id" in self._fields and self._name != "res.partner":
                company = self.browse(record_id).company_id or company
            by_company[company][record_id] = partners
        refused = set()
        for company, found in by_company.items():
            people = self.env["res.partner"].union(*found.values())
            causes = people.with_company(company)._crm_contact_refusals(
                channel, purpose
            )
            refused |= {
                record_id
                for record_id, partners in found.items()
                if any(partner.id in causes for partner in partners)
            }
        return refused
