from odoo import api, fields, models
from odoo.fields import Domain


class CrmCustomer(models.Model):
    """What the screens show besides the facts: contact data and counted documents.

    Every counter asks once for all customers on the screen, with the access rights of
    the person who looks: a number never promises more than its list then shows.
    """

    _inherit = "crm.customer"

    country_id = fields.Many2one(related="partner_id.country_id")
    state_id = fields.Many2one(related="partner_id.state_id")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    contact_ids = fields.One2many(
        related="partner_id.child_ids", string="Contacts", readonly=True
    )
    note = fields.Html(
        "Notes", help="What colleagues should know; only this company sees it."
    )
    invoice_count = fields.Integer("Invoices", compute="_compute_invoice_count")
    meeting_count = fields.Integer("Meetings", compute="_compute_meeting_count")
    contact_count = fields.Integer("Persons", compute="_compute_contact_count")

    @api.depends_context("uid")
    def _compute_invoice_count(self):
        counts = {}
        Move = self.env["account.move"]
        if Move.has_access("read"):
            groups = Move._read_group(
                Domain("commercial_partner_id", "in", self.partner_id.ids)
                & self._get_invoice_domain(),
                ["commercial_partner_id", "company_id"],
                ["__count"],
            )
            for partner, company, count in groups:
                # a branch user lacks the root; its id only
                key = (partner.id, company.sudo().root_id.id)
                counts[key] = counts.get(key, 0) + count
        for customer in self:
            key = (customer.partner_id.id, customer.company_id.id)
            customer.invoice_count = counts.get(key, 0)

    @api.depends_context("uid")
    def _compute_meeting_count(self):
        partners = self.partner_id
        groups = self.env["calendar.event"]._read_group(
            Domain("partner_ids.commercial_partner_id", "in", partners.ids),
            ["partner_ids"],
            ["id:array_agg"],
        )
        meetings = {partner_id: set() for partner_id in partners.ids}
        for attendee, event_ids in groups:
            owner = attendee.sudo().commercial_partner_id.id  # its id only
            if owner in meetings:
                meetings[owner].update(event_ids)
        for customer in self:
            customer.meeting_count = len(meetings.get(customer.partner_id.id, ()))

    def _compute_contact_count(self):
        groups = self.env["res.partner"]._read_group(
            Domain("parent_id", "in", self.partner_id.ids), ["parent_id"], ["__count"]
        )
        counts = {parent.id: count for parent, count in groups}
        for customer in self:
            customer.contact_count = counts.get(customer.partner_id.id, 0)

    @api.model
    def _get_invoice_domain(self):
        return Domain("move_type", "in", ("out_invoice", "out_refund")) & Domain(
            "state", "=", "posted"
        )

    def _get_company_domain(self):
        """Documents of the customer's company and its branches."""
        return Domain("company_id", "child_of", self.company_id.ids)

    def _get_documents_action(self, name, model, domain, **context):
        """Return the action that lists documents of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": list(domain),
            "context": context,
        }

    def action_view_leads(self):
        """Open all leads and opportunities, the lost ones too."""
        partner = self.partner_id
        return self._get_documents_action(
            self.env._("Leads of %(customer)s", customer=partner.name),
            "crm.lead",
            Domain("partner_id", "child_of", partner.ids)
            & (self._get_company_domain() | Domain("company_id", "=", False)),
            active_test=False,
            default_partner_id=partner.id,
            default_type="opportunity",
        )

    def action_view_quotations(self):
        """Open the quotations that wait for an answer."""
        return self._view_sales(
            self.env._("Quotations of %(customer)s", customer=self.partner_id.name),
            ("draft", "sent"),
        )

    def action_view_orders(self):
        """Open the confirmed orders."""
        return self._view_sales(
            self.env._("Orders of %(customer)s", customer=self.partner_id.name),
            ("sale",),
        )

    def _view_sales(self, name, states):
        return self._get_documents_action(
            name,
            "sale.order",
            Domain("partner_id", "child_of", self.partner_id.ids)
            & Domain("state", "in", states)
            & self._get_company_domain(),
            default_partner_id=self.partner_id.id,
        )

    def action_view_invoices(self):
        """Open the posted invoices and credit notes."""
        return self._get_documents_action(
            self.env._("Invoices of %(customer)s", customer=self.partner_id.name),
            "account.move",
            Domain("commercial_partner_id", "=", self.partner_id.id)
            & self._get_invoice_domain()
            & self._get_company_domain(),
            create=False,
        )

    def action_view_meetings(self):
        """Open the calendar's list of meetings with any contact of the customer."""
        action = self._get_documents_action(
            self.env._("Meetings with %(customer)s", customer=self.partner_id.name),
            "calendar.event",
            Domain("partner_ids.commercial_partner_id", "in", self.partner_id.ids),
            default_partner_ids=[self.env.user.partner_id.id, self.partner_id.id],
        )
        return {**action, "view_mode": "list,calendar,form"}

    def action_view_contacts(self):
        """Open the people and addresses of the customer."""
        return self._get_documents_action(
            self.env._("Contacts of %(customer)s", customer=self.partner_id.name),
            "res.partner",
            Domain("parent_id", "=", self.partner_id.id),
            default_parent_id=self.partner_id.id,
        )
