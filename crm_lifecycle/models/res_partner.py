from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CONTACT_FIELDS = frozenset(
    ("name", "email", "phone", "street", "city", "country_id", "vat", "active")
)
OWNER_FIELDS = frozenset(("parent_id", "is_company", "commercial_partner_id"))


class ResPartner(models.Model):
    _inherit = "res.partner"

    crm_customer_id = fields.Many2one(
        "crm.customer",
        "Customer in this company",
        compute="_compute_crm_customer_id",
        search="_search_crm_customer_id",
        groups="sales_team.group_sale_salesman",
        help="What the present company knows of this contact's commercial entity.",
    )
    crm_stage_id = fields.Many2one(
        related="crm_customer_id.stage_id",
        string="Lifecycle Stage",
        groups="sales_team.group_sale_salesman",
        help="Where the present company stands with this contact's commercial entity.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_crm_customer_id(self):
        Customer = self.env["crm.customer"].with_context(active_test=False)
        customers = Customer.search(
            self._get_crm_customer_domain()
            & Domain("partner_id", "in", self.commercial_partner_id.ids)
        )
        by_partner = {customer.partner_id.id: customer.id for customer in customers}
        for partner in self:
            partner.crm_customer_id = by_partner.get(partner.commercial_partner_id.id)

    @api.model
    def _search_crm_customer_id(self, operator, value):
        """Search in the present company: by id, by a condition, or "not set".

        Odoo inverts it for the negative operators.
        """
        if operator not in ("any", "any!", "in"):
            return NotImplemented
        Customer = self.env["crm.customer"].with_context(active_test=False)
        here = self._get_crm_customer_domain()
        if operator != "in":
            if operator == "any!":
                Customer = Customer.sudo()  # what "any!" asks for
            found = here & (
                value if isinstance(value, Domain) else Domain("id", "in", value)
            )
            return self._get_customer_partners(Customer._search(found))
        ids = [item for item in value if item]
        domain = self._get_customer_partners(
            Customer._search(here & Domain("id", "in", ids))
        )
        if len(ids) < len(value):  # False is among the values
            domain |= ~self._get_customer_partners(Customer._search(here))
        return domain

    @api.model
    def _get_crm_customer_domain(self):
        """Return the condition on customers that the present company sees."""
        # a branch user lacks the root; its id only
        return Domain("company_id", "=", self.env.company.sudo().root_id.id)

    @api.model
    def _get_customer_partners(self, customers):
        """Return the domain of the contacts of the customers in a query."""
        return Domain("commercial_partner_id", "in", customers.subselect("partner_id"))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the customer of the present company sort and group contacts.

        The joined customers are those that the user may read.
        """
        if field_expr != "crm_customer_id" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        Customer = self.env["crm.customer"].with_context(active_test=False)
        customers = Customer._search(self._get_crm_customer_domain())
        joined = query.make_alias(alias, "crm_customer_of_company")
        query.add_join(
            "LEFT JOIN",
            joined,
            SQL("(%s)", customers.select("id", "partner_id")),
            SQL(
                "%s = %s",
                SQL.identifier(joined, "partner_id"),
                super()._field_to_sql(alias, "commercial_partner_id", query),
            ),
        )
        return SQL.identifier(joined, "id")

    def write(self, vals):
        """Write; queue the customers whose data or whose parent company changed."""
        moving = vals.keys() & OWNER_FIELDS
        before = self._get_owner_pairs() if moving else set()
        result = super().write(vals)
        if moving:
            after = self._get_owner_pairs()
            changed = before ^ after
            pairs = {(False, owner) for _partner, owner in changed}
            pairs |= {(False, partner) for partner, _owner in changed}
            self._queue_customer_events("moved", pairs)
            # who edits contacts need not see every customer
            self.env["crm.customer"].sudo()._log_owner_changes(before, after)
        if vals.keys() & CONTACT_FIELDS:
            self._queue_customer_events(
                "contact", {(False, partner.id) for partner in self}
            )
        return result

    def unlink(self):
        """Delete; the customers go first, with their messages and activities."""
        # who deletes contacts need not see every customer
        Customer = self.env["crm.customer"].sudo().with_context(active_test=False)
        Customer.search([("partner_id", "in", self.ids)]).unlink()
        return super().unlink()

    def _get_owner_pairs(self):
        """Return {(id of a contact, id of its commercial partner)} with children."""
        family = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        return {(partner.id, partner.commercial_partner_id.id) for partner in family}

    def _queue_customer_events(self, kind, pairs):
        self.env["crm.customer"]._queue_events(kind, pairs)

    def action_open_crm_customer(self):
        """Open what the present company knows of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer"),
            "res_model": "crm.customer",
            "view_mode": "form",
            "res_id": self.crm_customer_id.id,
        }
