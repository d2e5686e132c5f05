from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_customer_type import LOYALTY_TYPES
from .crm_customer_value import CHURN_BANDS
from .crm_loyalty_history import ABC_CLASSES, RFM_SEGMENTS

CLASS_FIELDS = {
    "crm_abc_class": "abc_class",
    "crm_rfm_segment": "rfm_segment",
    "crm_churn_band": "churn_band",
    "crm_loyalty_type": "loyalty_type",
    "crm_service_tier_id": "service_tier_id",
}
"""Name on a document: name on the customer."""
SALES = "sales_team.group_sale_salesman"


def _search_by(name):
    """Return the search method of a class field."""
    return lambda records, operator, value: records._search_crm_class(
        name, operator, value
    )


class CrmCustomerClassed(models.AbstractModel):
    """A document that can be searched, grouped and exported by its customer's classes.

    The classes are those that the customer has now, in the company of the document
    (in the present company, where the document has none). They are read where they
    stand, with the rights of the person who asks: of a customer whom he may not see
    they are empty in lists, in searches and in groupings alike.
    """

    _name = "crm.customer.classed"
    _description = "Document with Customer Classes"
    _class_partner = "partner_id"  # stored many2one to a contact
    _class_company = "company_id"  # stored many2one to a company, or None

    crm_abc_class = fields.Selection(
        ABC_CLASSES,
        "Customer Class",
        compute="_compute_crm_classes",
        search=_search_by("crm_abc_class"),
        groups=SALES,
        help="A: one of the few customers who make most of the revenue.",
    )
    crm_rfm_segment = fields.Selection(
        RFM_SEGMENTS,
        "RFM Segment",
        compute="_compute_crm_classes",
        search=_search_by("crm_rfm_segment"),
        groups=SALES,
        help="How recently, how often and for how much the customer buys.",
    )
    crm_churn_band = fields.Selection(
        CHURN_BANDS,
        "Churn Risk",
        compute="_compute_crm_classes",
        search=_search_by("crm_churn_band"),
        groups=SALES,
        help="How likely the customer is to buy nothing more for a while.",
    )
    crm_loyalty_type = fields.Selection(
        LOYALTY_TYPES,
        "Loyalty Type",
        compute="_compute_crm_classes",
        search=_search_by("crm_loyalty_type"),
        groups=SALES,
        help="How loyal the customer is, by what he does and what he says.",
    )
    crm_service_tier_id = fields.Many2one(
        "crm.service.tier",
        "Service Tier",
        compute="_compute_crm_classes",
        search=_search_by("crm_service_tier_id"),
        groups=SALES,
        help="How the customer is served.",
    )

    @api.depends(
        lambda self: [self._class_partner, *filter(None, [self._class_company])]
    )
    @api.depends_context("company", "uid")
    def _compute_crm_classes(self):
        Customer = self.env["crm.customer"].with_context(active_test=False)
        readable = [
            (name, source)
            for name, source in CLASS_FIELDS.items()
            if Customer._has_field_access(Customer._fields[source], "read")
        ]
        customers = self._get_crm_customers(Customer)
        for record in self:
            customer = customers.get(record._get_crm_owner_key(), Customer)
            record.update(dict.fromkeys(CLASS_FIELDS, False))
            record.update({name: customer[source] for name, source in readable})

    @api.model
    def _has_field_access(self, field, operation):
        """A class that the customer does not show is not shown here, either."""
        if not super()._has_field_access(field, operation):
            return False
        source = CLASS_FIELDS.get(field.name)
        if source is None or self.env.su:
            return True
        Customer = self.env["crm.customer"]
        return Customer._has_field_access(Customer._fields[source], operation)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the classes sort, group and filter, by a join with readable customers."""
        source = CLASS_FIELDS.get(field_expr)
        if source is None or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return SQL.identifier(self._join_crm_customers(alias, query), source)

    def _search_crm_class(self, name, operator, value):
        """Search a class: by its keys, or "not set"; Odoo inverts it for the rest."""
        if operator != "in":
            return NotImplemented
        keys = [key for key in value if key]
        unset = len(keys) < len(value)

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, name, query)
            found = SQL("%s IN %s", column, tuple(keys)) if keys else SQL("FALSE")
            if unset:
                return SQL("(%s OR %s IS NULL)", found, column)
            return SQL("(%s AND %s IS NOT NULL)", found, column)

        return Domain.custom(to_sql=to_sql)

    def _get_crm_owner_key(self):
        """Return (root company id, commercial partner id), the key of a customer."""
        company = self.env.company
        if self._class_company:
            company = self[self._class_company] or company
        partner = self[self._class_partner]
        # a branch user lacks the root, a salesperson the parent contact: ids only
        return company.sudo().root_id.id, partner.sudo().commercial_partner_id.id

    def _get_crm_customers(self, Customer):
        """Return {key: customer} of those customers of the records whom one may see."""
        keys = {record._get_crm_owner_key() for record in self}
        customers = Customer.search(
            Domain("partner_id", "in", {partner for _company, partner in keys})
            & Domain("company_id", "in", {company for company, _partner in keys})
        )
        return {
            (customer.company_id.id, customer.partner_id.id): customer
            for customer in customers
        }

    @api.model
    def _join_crm_customers(self, alias, query):
        """Join the customers whom the user may see; return their alias."""
        Customer = self.env["crm.customer"].with_context(active_test=False)
        customers = Customer._search(Domain.TRUE)
        columns = [
            SQL(
                "%s AS %s",
                Customer._field_to_sql(customers.table, name, customers),
                SQL.identifier(name),
            )
            for name in ("company_id", "partner_id", *CLASS_FIELDS.values())
            if Customer._has_field_access(Customer._fields[name], "read")
        ]
        joined = query.make_alias(alias, "crm_class")
        query.add_join(
            "LEFT JOIN",
            joined,
            SQL("(%s)", customers.select(*columns)),
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(joined, "partner_id"),
                self._get_crm_owner_sql(alias, query),
                SQL.identifier(joined, "company_id"),
                self._get_crm_root_sql(alias, query),
            ),
        )
        return joined

    @api.model
    def _get_crm_owner_sql(self, alias, query):
        field = self._fields[self._class_partner]
        if self._class_partner == "commercial_partner_id":
            return self._field_to_sql(alias, field.name, query)
        # the id of the commercial entity; no contact is read
        comodel, coalias = field.join(self.sudo(), alias, query)
        return comodel._field_to_sql(coalias, "commercial_partner_id", query)

    @api.model
    def _get_crm_root_sql(self, alias, query):
        """The root company: the first of the path of the document's company."""
        present = self.env.company.sudo().root_id.id  # a branch user lacks the root
        if not self._class_company:
            return SQL("%s", present)
        field = self._fields[self._class_company]
        # where a company stands among its branches is no secret
        _comodel, coalias = field.join(self.sudo(), alias, query)
        return SQL(
            "COALESCE(split_part(%s, '/', 1)::int, %s)",
            SQL.identifier(coalias, "parent_path"),
            present,
        )
