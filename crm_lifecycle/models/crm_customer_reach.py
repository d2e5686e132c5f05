from odoo import models


class CrmCustomer(models.Model):
    """The button *Contact* on the customer, in the customer's own company."""

    _inherit = "crm.customer"

    def action_contact(self):
        """Contact the customer's main person on the preferred channel, in one click."""
        return self._get_local_partner().action_crm_contact()

    def action_contact_choose(self):
        """Ask whom to contact, what for and how, with a proposal."""
        return self._get_local_partner().action_crm_contact_choose()

    def action_log_call(self):
        """Note down that the customer called."""
        return self._get_local_partner().action_crm_log()

    def _get_local_partner(self):
        """Return the contact in the company of the customer, whose ledger counts.

        The present company stays where it is a branch of that one.
        """
        self.ensure_one()
        company = self.company_id.sudo()  # a branch user lacks the root
        if self.env.company.sudo().root_id == company:
            return self.partner_id
        return self.partner_id.with_company(company)
