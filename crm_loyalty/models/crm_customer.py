from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.facts import FactSource

from ..lib.pareto import CLASSES, Concentration
from .crm_loyalty_history import ABC_CLASSES, RFM_SEGMENTS
from .purchases import purchase_facts

FACT_COLUMNS = (
    "first_purchase_date",
    "last_purchase_date",
    "purchase_count",
    "purchase_revenue",
    "first_purchase_amount",
)
RATING_COLUMNS = (
    "rated_revenue",
    "revenue_rank",
    "cumulative_share",
    "abc_class",
    "rfm_recency",
    "rfm_frequency",
    "rfm_monetary",
    "rfm_segment",
)
PARETO_POINTS = 100
PARETO_NAMES = 40  # up to so many customers each bar is one of them, with a name


class CrmCustomer(models.Model):
    _inherit = "crm.customer"

    first_purchase_date = fields.Date("First Purchase", readonly=True, copy=False)
    last_purchase_date = fields.Date("Last Purchase", readonly=True, copy=False)
    purchase_count = fields.Integer(
        "Purchases",
        readonly=True,
        copy=False,
        help="Days on which the customer bought and did not return everything, from "
        "posted invoices and the history from before Odoo.",
    )
    purchase_revenue = fields.Monetary(
        "Revenue of Purchases",
        readonly=True,
        copy=False,
        help="Without tax, less credit notes and returns, imported history included.",
    )
    first_purchase_amount = fields.Monetary(
        "Amount of the First Purchase",
        readonly=True,
        copy=False,
        aggregator=None,
        help="What the customer bought on the first day; later purchases say more "
        "about the next one.",
    )

    rated_revenue = fields.Monetary(
        "Rated Value",
        readonly=True,
        copy=False,
        help="What the customer is ranked by: the measure of the loyalty policy "
        "(revenue, margin or net profit) within its window, as of its date.",
    )
    revenue_rank = fields.Integer(
        "Rank", readonly=True, copy=False, aggregator=None, help="1: most revenue."
    )
    cumulative_share = fields.Float(
        digits=(5, 4),
        readonly=True,
        copy=False,
        aggregator="max",
        help="Share of the company's revenue that this customer and all those ranked "
        "above make.",
    )
    abc_class = fields.Selection(
        ABC_CLASSES,
        "Class",
        readonly=True,
        copy=False,
        index=True,
        help="A: the few customers who make most of the revenue. C: the many who make "
        "the last of it. By the share that those ranked above have made already.",
    )
    rfm_recency = fields.Integer(
        "Recency",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How recently the customer bought, compared with all others. "
        "The highest score: among the most recent.",
    )
    rfm_frequency = fields.Integer(
        "Frequency",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How often the customer bought, compared with all others.",
    )
    rfm_monetary = fields.Integer(
        "Monetary",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How much the customer bought, compared with all others.",
    )
    rfm_segment = fields.Selection(
        RFM_SEGMENTS, "RFM Segment", readonly=True, copy=False, index=True
    )
    purchase_history_count = fields.Integer(
        "Purchases Before Odoo", compute="_compute_purchase_history_count"
    )
    loyalty_history_ids = fields.One2many(
        "crm.loyalty.history", "customer_id", "Class History"
    )

    _revenue_rank_idx = models.Index("(company_id, revenue_rank)")

    @api.depends("company_id", "partner_id")
    def _compute_purchase_history_count(self):
        counts = {
            (company, partner): count
            for company, partner, count in self.env["crm.purchase.history"]._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("commercial_partner_id", "in", self.partner_id.ids),
                ],
                ["company_id", "commercial_partner_id"],
                ["__count"],
            )
        }
        for customer in self:
            key = (customer.company_id, customer.partner_id)
            customer.purchase_history_count = counts.get(key, 0)

    def action_open_purchase_history(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_loyalty.crm_purchase_history_action"
        )
        action["domain"] = [
            ("company_id", "=", self.company_id.id),
            ("commercial_partner_id", "=", self.partner_id.id),
        ]
        action["context"] = {
            "default_company_id": self.company_id.id,
            "default_partner_id": self.partner_id.id,
        }
        return action

    @api.model
    def _fact_sources(self):
        return [
            *super()._fact_sources(),
            FactSource("purchase", FACT_COLUMNS, purchase_facts, creates=True),
        ]

    @api.model
    def _check_facts_untouched(self, vals):
        result = super()._check_facts_untouched(vals)
        if not self.env.su and vals.keys() & set(RATING_COLUMNS):
            raise AccessError(
                self.env._("Classes and scores come from the loyalty policy alone.")
            )
        return result

    def _take_references(self, other):
        """A merged customer brings its class history along."""
        # sudo: the engine keeps these rows; whoever merges contacts may not write them
        rows = (self + other).sudo().loyalty_history_ids
        last, gone = rows._interleave() if rows else (rows, [])
        self._get_last_log()._add_rows(gone)
        result = super()._take_references(other)
        if last:
            rating = {"abc_class": last.abc_class, "rfm_segment": last.rfm_segment}
            if last.loyalty_type:
                rating["loyalty_type"] = last.loyalty_type
            # sudo: likewise
            self.sudo().write(rating)
        return result

    def _on_class_changed(self, old):
        """Hook: these customers got another class or segment.

        :param old: {customer id: (abc_class, rfm_segment)} as they were before
        """

    # Pareto

    @api.model
    @api.readonly
    def get_pareto(self, company_id=None, dimension=None, value=None):
        """The Pareto curve of the rated customers that the user may see.

        :param company_id: one of the user's active companies, else the current one
        :param dimension: None, or what the customers are divided by, see
            ``get_pareto_parts``
        :param value: id of the part that is wanted; False: of those without, None: all
        :return: a dictionary for the chart; `points` has at most `PARETO_POINTS`
            groups of customers from best to worst, each with its number of
            `customers`, `revenue`, `cumulative` share and `abc_class`
        """
        company = self._get_pareto_company(company_id)
        domain = self._get_pareto_domain(company, dimension, value)
        rated = self._get_pareto_rated(company, domain, dimension, value)
        self.env.cr.execute(self._get_pareto_query(rated))
        points = self.env.cr.dictfetchall()
        total = sum(point["revenue"] for point in points)
        customers = sum(point["customers"] for point in points)
        running = 0
        for point in points:
            running += point["revenue"]
            point["cumulative"] = running / total if total else 0
        return {
            "company": {"id": company.id, "name": company.name},
            "companies": [
                {"id": root.id, "name": root.name}
                for root in self.env.companies.root_id
            ],
            "currency_id": company.currency_id.id,
            "revenue": total,
            "customers": customers,
            "domain": list(domain),
            "points": self._name_pareto_points(points, rated),
            "classes": self._get_pareto_classes(rated, total),
            **self._get_concentration(
                SQL("SELECT rated_revenue, revenue_rank FROM (%s) rated", rated)
            ),
        }

    @api.model
    def _get_pareto_company(self, company_id):
        allowed = self.env.companies.root_id
        chosen = allowed.filtered(lambda root: root.id == company_id)
        return chosen or self.env.company.root_id

    @api.model
    def _get_pareto_domain(self, company, dimension=None, value=None):
        return Domain("company_id", "=", company.id) & Domain("revenue_rank", ">", 0)

    @api.model
    def _get_pareto_rated(self, company, domain, dimension=None, value=None):
        """SQL of rows (id, rated_revenue, revenue_rank, abc_class)."""
        query = self.with_context(active_test=False)._search(domain)
        return SQL(
            "SELECT id, rated_revenue, revenue_rank, abc_class FROM crm_customer"
            " WHERE id IN %s",
            query.subselect(),
        )

    @api.model
    def _get_pareto_query(self, rated):
        """Groups of about equal size, by revenue; losses count as 0."""
        return SQL(
            """
            SELECT SUM(GREATEST(rated_revenue, 0))::float AS revenue,
                   COUNT(*) AS customers,
                   MAX(place) AS place,
                   MIN(abc_class) AS abc_class
              FROM (
                    SELECT rated_revenue, abc_class, revenue_rank,
                           ROW_NUMBER() OVER (ORDER BY revenue_rank) AS place,
                           COUNT(*) OVER () AS total
                      FROM (%(rated)s) rated
                   ) customer
          GROUP BY (place - 1) * LEAST(total, %(points)s) / total
          ORDER BY place
            """,
            rated=rated,
            points=PARETO_POINTS,
        )

    @api.model
    def _name_pareto_points(self, points, rated):
        if 0 < len(points) <= PARETO_NAMES:
            rows = self.env.execute_query(
                SQL("SELECT id FROM (%s) rated ORDER BY revenue_rank", rated)
            )
            customers = self.browse([row[0] for row in rows])
            for point, customer in zip(points, customers, strict=True):
                point["name"] = customer.partner_id.display_name
        return points

    @api.model
    def _get_pareto_classes(self, rated, total):
        groups = self.env.execute_query(
            SQL(
                """
                SELECT abc_class, COUNT(*), SUM(rated_revenue)::float
                  FROM (%s) rated GROUP BY abc_class
                """,
                rated,
            )
        )
        found = {abc_class: figures for abc_class, *figures in groups}
        return [
            {
                "abc_class": abc_class,
                "customers": found.get(abc_class, (0, 0))[0],
                "revenue": found.get(abc_class, (0, 0))[1],
                "share": found.get(abc_class, (0, 0))[1] / total if total else 0,
            }
            for abc_class in CLASSES
        ]

    @api.model
    def _get_concentration(self, rated):
        """The figures of `lib.pareto.concentration`, None where there is no revenue.

        :param rated: SQL of rows (rated_revenue, revenue_rank)
        :return: {"gini", "top_share", "customers_for_80"}
        """
        self.env.cr.execute(
            SQL(
                """
                WITH curve AS (
                    SELECT value, place, COUNT(*) OVER () AS customers,
                           SUM(value) OVER () AS total,
                           SUM(value) OVER (ORDER BY place) AS running
                      FROM (
                            SELECT GREATEST(rated_revenue, 0) AS value,
                                   ROW_NUMBER() OVER (ORDER BY revenue_rank) AS place
                              FROM (%s) rated
                           ) placed
                )
                SELECT (MAX(customers) + 1 - 2 * SUM(place * value) / MAX(total))
                           / MAX(customers) AS gini,
                       SUM(value) FILTER (WHERE 5 * place < customers + 5)
                           / MAX(total) AS top_share,
                       COUNT(*) FILTER (WHERE 5 * (running - value) < 4 * total)
                           / MAX(customers)::numeric AS customers_for_80
                  FROM curve
                HAVING MAX(total) > 0
                """,
                rated,
            )
        )
        figures = self.env.cr.dictfetchone() or dict.fromkeys(Concentration._fields)
        return {
            name: None if value is None else float(value)
            for name, value in figures.items()
        }
