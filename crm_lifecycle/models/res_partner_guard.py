from odoo import models


class ResPartner(models.Model):
    """Who must not be contacted is not written to from the page of a contact either."""

    _name = "res.partner"
    _inherit = ["crm.contact.guard", "res.partner"]

    def _get_ledger_contacts(self):
        return self
