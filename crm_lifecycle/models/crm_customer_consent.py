from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomer(models.Model):
    """Consent on the customer, and the doors through which many are written to.

    A mailing leaves out who must not be contacted; what goes to one customer passes
    crm.contact.guard.
    """

    _name = "crm.customer"
    _inherit = ["crm.contact.guard", "crm.customer"]

    do_not_contact = fields.Boolean(
        compute="_compute_do_not_contact",
        search="_search_do_not_contact",
        help="The customer asked not to be contacted at all.",
    )
    marketing_allowed = fields.Boolean(
        "Offers Allowed",
        compute="_compute_marketing_allowed",
        search="_search_marketing_allowed",
        help="Offers and marketing may be sent by e-mail: the customer did not refuse "
        "them, or agreed where the company asks for that.",
    )
    consent_count = fields.Integer("Consents", compute="_compute_consent_count")

    @api.depends("partner_id.crm_do_not_contact")
    @api.depends_context("company")
    def _compute_do_not_contact(self):
        for customer, refusal in self._get_refusals():
            customer.do_not_contact = refusal == "everything"

    @api.depends("partner_id.crm_consent_ids")
    @api.depends_context("company")
    def _compute_marketing_allowed(self):
        mail = self.env["crm.channel"]._by_code("mail")
        for customer, refusal in self._get_refusals(mail, "marketing"):
            customer.marketing_allowed = not refusal

    @api.depends_context("uid")
    def _compute_consent_count(self):
        groups = self.env["crm.consent"]._read_group(
            [("customer_id", "in", self.ids)], ["customer_id"], ["__count"]
        )
        counts = {customer.id: count for customer, count in groups}
        for customer in self:
            customer.consent_count = counts.get(customer.id, 0)

    @api.model
    def _search_do_not_contact(self, operator, value):
        return self._search_refused(operator, value, None, "order", ("everything",))

    @api.model
    def _search_marketing_allowed(self, operator, value):
        mail = self.env["crm.channel"]._by_code("mail")
        domain = self._search_refused(operator, value, mail, "marketing", None)
        return domain if domain is NotImplemented else ~domain

    def action_view_consents(self):
        """Open what the customer and his people allowed and forbade."""
        self.ensure_one()
        return self.partner_id.action_view_crm_consents()

    def action_refuse_contact(self):
        """Record that the customer does not want to be contacted."""
        return self.partner_id.action_crm_refuse_contact()

    def action_allow_contact(self):
        """Record that the customer may be contacted again."""
        return self.partner_id.action_crm_allow_contact()

    def _get_refusals(self, channel=None, purpose="order"):
        """Return [(customer, cause why he must not be contacted or None)].

        One query per company, each by its own ledger.
        """
        result = []
        for company, customers in self.grouped("company_id").items():
            # sudo: a branch user lacks the root
            partners = customers.partner_id.with_company(company.sudo())
            refusals = partners._crm_contact_refusals(channel, purpose)
            result += [(c, refusals.get(c.partner_id.id)) for c in customers]
        return result

    @api.model
    def _search_refused(self, operator, value, channel, purpose, causes):
        """Return the domain of the customers of each company who are refused there."""
        if operator != "in":
            return NotImplemented
        refused = Domain.FALSE
        # sudo: a branch user lacks the root
        for company in self.env.companies.sudo().root_id:
            Partner = self.env["res.partner"].with_company(company)
            query = Partner._sql_refused_contacts(channel, purpose, causes=causes)
            refused |= Domain("company_id", "=", company.id) & Domain(
                "partner_id", "in", SQL("(SELECT id FROM (%s) refused)", query)
            )
        domain = refused if True in value else Domain.FALSE
        return domain | ~refused if False in value else domain

    # ------------------------------------------------------------------
    # Mass mailing; the app is not needed, this is called where it is installed
    # ------------------------------------------------------------------
    @api.model
    def _mailing_get_default_domain(self, mailing):
        """Propose those who accept offers as the recipients of a mailing."""
        return [("marketing_allowed", "=", True)]

    @api.model
    def _mailing_get_opt_out_list_sms(self, mailing):
        """Return the ids of the recipients who refused offers by SMS."""
        sms = self.env["crm.channel"]._by_code("sms")
        customers = self.browse(mailing._get_recipients())
        refusals = customers._get_refusals(sms, "marketing")
        return [customer.id for customer, refusal in refusals if refusal]
