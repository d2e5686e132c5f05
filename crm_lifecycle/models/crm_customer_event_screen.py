from odoo import api, fields, models


class CrmCustomerEvent(models.Model):
    _inherit = "crm.customer.event"

    contact_id = fields.Many2one(
        "res.partner", "Contact", compute="_compute_contact_id"
    )
    kind_name = fields.Char("What Happened", compute="_compute_kind_name")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_contact_id(self):
        """Show whom an event is about, unless he is gone or of another company."""
        contacts = self.env["res.partner"].with_context(active_test=False)
        known = set(contacts.search([("id", "in", [e.partner_id for e in self])]).ids)
        for event in self:
            event.contact_id = event.partner_id if event.partner_id in known else False

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_kind_name(self):
        names = self._get_kind_names()
        for event in self:
            event.kind_name = names.get(event.kind, event.kind)

    @api.model
    def _get_kind_names(self):
        """Return {kind of event: what happened, for people who read the queue}."""
        return {
            "answer": self.env._("Customer was written to or called"),
            "contact": self.env._("Mail or contact data"),
            "customer": self.env._("New customer"),
            "interaction": self.env._("Interaction"),
            "invoice": self.env._("Invoice or payment"),
            "lead": self.env._("Lead"),
            "meeting": self.env._("Meeting"),
            "merge": self.env._("Contacts merged"),
            "moved": self.env._("Contact got another company"),
            "order": self.env._("Order"),
            "overtaken": self.env._("Changed while it was looked at"),
            "owner": self.env._("Accountable person changed"),
            "quality": self.env._("Customer data changed"),
            "segment": self.env._("Profile or other data changed"),
            "standing": self.env._("Service standing changed"),
            "unpin": self.env._("Stage given back to the rules"),
        }
