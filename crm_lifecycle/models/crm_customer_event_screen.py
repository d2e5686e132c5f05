from odoo import api, fields, models


class CrmCustomerEvent(models.Model):
    _inherit = "crm.customer.event"

    contact_id = fields.Many2one(
        "res.partner", "Contact", compute="_compute_contact_id"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_contact_id(self):
        """Show whom an event is about, unless he is gone or of another company."""
        contacts = self.env["res.partner"].with_context(active_test=False)
        known = set(contacts.search([("id", "in", [e.partner_id for e in self])]).ids)
        for event in self:
            event.contact_id = event.partner_id if event.partner_id in known else False
