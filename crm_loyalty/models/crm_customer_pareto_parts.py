from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .purchase_categories import category_facts

PATHS = {
    "country": "partner_id.country_id",
    "state": "partner_id.state_id",
    "salesperson": "user_id",
    "team": "team_id",
    "category": "purchase_category_ids",
}
"""What customers are divided by, and the path that finds those of a part."""

COLUMNS = {
    "country": SQL("partner.country_id"),
    "state": SQL("partner.state_id"),
    "salesperson": SQL("customer.user_id"),
    "team": SQL("customer.team_id"),
}
MODELS = {
    "country": "res.country",
    "state": "res.country.state",
    "salesperson": "res.users",
    "team": "crm.team",
    "category": "product.category",
}
PARTS_SHOWN = 100


class CrmCustomer(models.Model):
    """The Pareto analysis by part: country, state, salesperson, team, category."""

    _inherit = "crm.customer"

    purchase_category_ids = fields.Many2many(
        "product.category",
        string="Bought from Categories",
        compute="_compute_purchase_category_ids",
        search="_search_purchase_category_ids",
        help="Product categories on the invoices that the loyalty policy counts.",
    )

    def _compute_purchase_category_ids(self):
        found = {}
        for company in self.company_id:
            partners = self.filtered(lambda one, c=company: one.company_id == c)
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, category_id FROM (%s) fact
                     WHERE partner_id = ANY(%s) AND category_id IS NOT NULL
                    """,
                    self._get_category_facts(company),
                    partners.partner_id.ids,
                )
            )
            for partner, category in rows:
                found.setdefault((company.id, partner), []).append(category)
        for customer in self:
            key = (customer.company_id.id, customer.partner_id.id)
            customer.purchase_category_ids = found.get(key, [])

    @api.model
    def _search_purchase_category_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = [one for one in value if one]
        wanted = SQL("category_id = ANY(%s)", ids)
        if len(ids) < len(list(value)):
            wanted = SQL("(%s OR category_id IS NULL)", wanted)
        parts = [
            SQL(
                """
                SELECT customer.id FROM crm_customer customer
                  JOIN (%s) fact USING (partner_id)
                 WHERE customer.company_id = %s AND %s
                """,
                self._get_category_facts(company),
                company.id,
                wanted,
            )
            for company in self.env.companies.root_id
        ]
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ALL ").join(parts)))

    @api.model
    def _get_category_facts(self, company):
        """`category_facts` of the period that the company's policy counts."""
        # sudo: by which days customers are rated is no secret to who sees them
        policy = (
            self.env["crm.loyalty.policy"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=1)
        )
        date_from = None
        if policy.window_months:
            as_of = policy.date_as_of or fields.Date.context_today(self)
            date_from = as_of - relativedelta(months=policy.window_months)
        return category_facts(company.id, date_from, policy.date_as_of or None)

    # Parts

    @api.model
    @api.readonly
    def get_pareto_parts(self, dimension, company_id=None):
        """Compare the parts of the customers: how large, and how unequal.

        :param dimension: country, state, salesperson, team, or category (of products;
            a customer counts in each that he bought from, with what he bought there)
        :param company_id: as in `get_pareto`
        :return: {dimension, path, parts: [{id, name, customers, revenue, share,
            count_a, gini, top_share, customers_for_80}], more}; the largest
            `PARTS_SHOWN` parts; id False: those without
        """
        self._check_dimension(dimension)
        company = self._get_pareto_company(company_id)
        domain = self._get_pareto_domain(company)
        keyed = self._get_pareto_keyed(company, domain, dimension)
        self.env.cr.execute(self._get_parts_query(keyed))
        parts = self.env.cr.dictfetchall()
        names = self._get_part_names(dimension, [one["id"] for one in parts])
        more = parts[0]["parts"] - len(parts) if parts else 0
        for part in parts:
            del part["parts"]
            part["name"] = names.get(part["id"]) or self._get_nameless(dimension)
            part["id"] = part["id"] or False
        return {
            "dimension": dimension,
            "path": PATHS[dimension],
            "domain": list(domain),
            "parts": parts,
            "more": more,
        }

    @api.model
    def _check_dimension(self, dimension):
        if dimension not in PATHS:
            raise UserError(
                self.env._(
                    "Customers are not divided by %(what)s. Choose one of: "
                    "%(choices)s.",
                    what=str(dimension),
                    choices=", ".join(PATHS),
                )
            )

    @api.model
    def _get_pareto_domain(self, company, dimension=None, value=None):
        domain = super()._get_pareto_domain(company, dimension, value)
        if not dimension:
            return domain
        self._check_dimension(dimension)
        if value is None:
            return domain
        return domain & Domain(PATHS[dimension], "in", [value or False])

    @api.model
    def _get_pareto_rated(self, company, domain, dimension=None, value=None):
        if dimension != "category" or value is None:
            return super()._get_pareto_rated(company, domain, dimension, value)
        everybody = self._get_pareto_domain(company)
        return SQL(
            """
            SELECT id, rated_revenue, abc_class,
                   ROW_NUMBER() OVER (ORDER BY rated_revenue DESC, id) AS revenue_rank
              FROM (%s) keyed WHERE part IS NOT DISTINCT FROM %s
            """,
            self._get_pareto_keyed(company, everybody, dimension),
            value or None,
        )

    @api.model
    def _get_pareto_keyed(self, company, domain, dimension):
        """SQL of rows (part, id, rated_revenue, abc_class) of all parts."""
        query = self.with_context(active_test=False)._search(domain)
        if dimension == "category":
            return SQL(
                """
                SELECT fact.category_id AS part, customer.id,
                       fact.amount AS rated_revenue, customer.abc_class
                  FROM (%s) fact
                  JOIN crm_customer customer USING (partner_id)
                 WHERE customer.id IN %s
                """,
                self._get_category_facts(company),
                query.subselect(),
            )
        return SQL(
            """
            SELECT %s AS part, customer.id, customer.rated_revenue, customer.abc_class
              FROM crm_customer customer
              JOIN res_partner partner ON partner.id = customer.partner_id
             WHERE customer.id IN %s
            """,
            COLUMNS[dimension],
            query.subselect(),
        )

    @api.model
    def _get_parts_query(self, keyed):
        """The figures of `lib.pareto.concentration` for each part, in one statement."""
        return SQL(
            """
            WITH placed AS (
                SELECT part, abc_class, GREATEST(rated_revenue, 0) AS value,
                       ROW_NUMBER() OVER best AS place,
                       COUNT(*) OVER (PARTITION BY part) AS customers,
                       SUM(GREATEST(rated_revenue, 0)) OVER (PARTITION BY part)
                           AS total,
                       SUM(GREATEST(rated_revenue, 0)) OVER best AS running
                  FROM (%(keyed)s) keyed
                WINDOW best AS (PARTITION BY part ORDER BY rated_revenue DESC, id)
            )
            SELECT part AS id, COUNT(*) AS customers, SUM(value)::float AS revenue,
                   (SUM(value) / NULLIF(SUM(SUM(value)) OVER (), 0))::float AS share,
                   COUNT(*) FILTER (WHERE abc_class = 'a') AS count_a,
                   ((COUNT(*) + 1 - 2 * SUM(place * value) / NULLIF(SUM(value), 0))
                       / COUNT(*))::float AS gini,
                   (SUM(value) FILTER (WHERE 5 * place < customers + 5)
                       / NULLIF(SUM(value), 0))::float AS top_share,
                   CASE WHEN SUM(value) > 0
                        THEN (COUNT(*) FILTER (WHERE 5 * (running - value) < 4 * total)
                              / COUNT(*)::numeric)::float END AS customers_for_80,
                   COUNT(*) OVER () AS parts
              FROM placed
          GROUP BY part
          ORDER BY revenue DESC, customers DESC, part
             LIMIT %(limit)s
            """,
            keyed=keyed,
            limit=PARTS_SHOWN,
        )

    @api.model
    def _get_nameless(self, dimension):
        return {
            "country": self.env._("No country"),
            "state": self.env._("No state"),
            "salesperson": self.env._("No salesperson"),
            "team": self.env._("No sales team"),
            "category": self.env._("No product, or before Odoo"),
        }[dimension]

    @api.model
    def _get_part_names(self, dimension, ids):
        # names only: of colleagues, teams and categories of customers that are seen
        parts = self.env[MODELS[dimension]].sudo().browse([one for one in ids if one])
        return {part.id: part.display_name for part in parts}
