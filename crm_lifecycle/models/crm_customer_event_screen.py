from odoo import fields, models


class CrmCustomerEvent(models.Model):
    _inherit = "crm.customer.event"

    contact_id = fields.Many2one(
        "res.partner", "Contact", compute="_compute_contact_id", compute_sudo=True
    )

    def _compute_contact_id(self):
        """Show whom an event is about; the contact may be gone by now."""
        contacts = self.env["res.partner"].browse({e.partner_id for e in self}).exists()
        known = set(contacts.ids)
        for event in self:
            event.contact_id = event.partner_id if event.partner_id in known else False
