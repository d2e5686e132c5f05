from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.serving import check_cost_sources

from .crm_customer_profit import PROFIT_COLUMNS
from .margins import BOOKED, ORDERED, STANDARD, margin_facts

NEEDS_PROFIT = ("margin", "profit")


class CrmLoyaltyPolicy(models.Model):
    """What serving a customer costs, and the part of a run that finds his net profit.

    One statement counts margin and effort of all customers into a temporary table; what
    differs is written in chunks.
    """

    _inherit = "crm.loyalty.policy"

    profit_enabled = fields.Boolean(
        "Find the Net Profit",
        default=True,
        help="Find for each customer what is left of the margin when serving him is "
        "paid. Without it classes can only go by revenue.",
    )
    cost_hour = fields.Monetary(
        "An Hour of Work",
        help="Calls, meetings and other hours that colleagues spend for a customer. "
        "Timesheets count at their own cost. 0: hours are counted, but cost nothing.",
    )
    cost_visit = fields.Monetary(
        "A Visit",
        help="The journey alone; the hours of a visit are counted as hours.",
    )
    cost_complaint = fields.Monetary(
        "A Complaint",
        help="What it takes to handle one, replacements excluded. Complaints come from "
        "the service desk, where that is installed.",
    )
    cost_delivery = fields.Monetary(
        "A Delivery",
        help="Freight of a delivery whose carrier has no price in Odoo. Where a price "
        "is known, that counts.",
    )
    financing_rate = fields.Float(
        "Late Payment a Year",
        digits=(6, 5),
        default=0.10,
        required=True,
        help="What money costs that customers pay too late: days late x amount x this "
        "rate. 0 %: nothing.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _costs_positive = models.Constraint(
        "CHECK (COALESCE(cost_hour, 0) >= 0 AND COALESCE(cost_visit, 0) >= 0"
        " AND COALESCE(cost_complaint, 0) >= 0 AND COALESCE(cost_delivery, 0) >= 0"
        " AND financing_rate >= 0 AND financing_rate <= 10)",
        "Costs cannot be negative, and late payment costs up to 1,000 % a year.",
    )

    def _rate(self, as_of):
        self._measure_profit(as_of)
        return super()._rate(as_of)

    def _write_ratings(self):
        self._write_profits()
        return super()._write_ratings()

    # Margin

    @api.model
    def _get_goods_costs(self):
        """The `GoodsCost` sources, the best first; addons put theirs before them."""
        sources = [STANDARD]
        if "purchase_price" in self.env["sale.order.line"]._fields:
            sources.insert(0, ORDERED)
        if "cogs_origin_id" in self.env["account.move.line"]._fields:
            sources.insert(0, BOOKED)
        return sources

    def _query_margins(self, date_from, as_of):
        # without a window or a day all documents count, as in the customers' facts
        until = as_of if self.date_as_of or self.window_months else None
        return margin_facts(
            self._get_goods_costs(),
            self._get_margin_share(),
            self._get_company_scope(),
            date_from,
            until,
        )

    # Cost to serve

    def _get_cost_rates(self):
        """What one of each unit of a `CostSource` costs, in company currency."""
        rates = {
            "hour": self.cost_hour,
            "visit": self.cost_visit,
            "complaint": self.cost_complaint,
            "delivery": self.cost_delivery,
            "capital": self.financing_rate,
            "money": 1,
        }
        return {unit: Decimal(str(rate)) for unit, rate in rates.items()}

    def _query_costs(self, date_from, as_of):
        """SQL of rows (id, name, quantity, amount), one per customer and source."""
        sources = self.env["crm.customer"]._cost_sources()
        check_cost_sources(sources)
        rates, scope = self._get_cost_rates(), self._get_company_scope()
        return SQL(
            """
            SELECT customer.id, effort.name,
                   ROUND(effort.quantity::numeric, 2) AS quantity,
                   ROUND(effort.quantity::numeric * effort.rate, %s) AS amount
              FROM (%s) effort
              JOIN crm_customer customer USING (company_id, partner_id)
             WHERE effort.quantity <> 0
            """,
            self.company_id.currency_id.decimal_places,
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s AS name, %s::numeric AS rate, company_id, partner_id,"
                    " quantity FROM (%s) source",
                    source.name,
                    rates[source.unit],
                    source.query(scope, date_from, as_of),
                )
                for source in sources
            ),
        )

    # Engine

    def _is_profit_needed(self):
        return self.profit_enabled or self.measure in NEEDS_PROFIT

    def _measure_profit(self, as_of):
        """Fill the temporary table `crm_loyalty_profit`: id and `PROFIT_COLUMNS`."""
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS crm_loyalty_profit"))
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_loyalty_profit ON COMMIT DROP AS %s",
                self._query_profits(as_of),
            )
        )
        cr.execute(SQL("CREATE INDEX ON crm_loyalty_profit (id)"))
        cr.execute(SQL("ANALYZE crm_loyalty_profit"))

    def _query_profits(self, as_of):
        """SQL of id and `PROFIT_COLUMNS`; no row where the policy wants no profit."""
        date_from = None
        if self.window_months:
            date_from = as_of - relativedelta(months=self.window_months)
        return SQL(
            """
            SELECT id, revenue AS profit_revenue, discount AS profit_discount,
                   goods AS profit_goods, revenue - goods AS profit_margin,
                   cost AS cost_to_serve, revenue - goods - cost AS net_profit,
                   costs AS profit_breakdown,
                   revenue - goods - cost < 0 AND revenue > 0
                   AND SUM(GREATEST(revenue, 0)) OVER best - revenue
                       < %(large)s * SUM(GREATEST(revenue, 0)) OVER ()
                       AS is_large_unprofitable
              FROM (
                    SELECT customer.id,
                           ROUND(COALESCE(margin.revenue, 0), %(digits)s) AS revenue,
                           ROUND(COALESCE(margin.discount, 0), %(digits)s) AS discount,
                           ROUND(COALESCE(margin.goods, 0), %(digits)s) AS goods,
                           COALESCE(served.cost, 0) AS cost,
                           COALESCE(served.costs, '{}'::jsonb) AS costs
                      FROM crm_customer customer
                 LEFT JOIN (%(margins)s) margin
                        ON margin.partner_id = customer.partner_id
                       AND margin.company_id = customer.company_id
                 LEFT JOIN (
                           SELECT id, SUM(amount) AS cost,
                                  jsonb_object_agg(
                                      name, jsonb_build_array(quantity, amount)
                                  ) AS costs
                             FROM (%(costs)s) priced
                            GROUP BY id) served ON served.id = customer.id
                     WHERE customer.company_id = %(company)s AND %(wanted)s
                       AND (margin.partner_id IS NOT NULL OR served.id IS NOT NULL)
                   ) customer
            WINDOW best AS (ORDER BY revenue DESC, id)
            """,
            large=Decimal(str(self.cut_a)),
            digits=self.company_id.currency_id.decimal_places,
            margins=self._query_margins(date_from, as_of),
            costs=self._query_costs(date_from, as_of),
            company=self.company_id.id,
            wanted=self._is_profit_needed(),
        )

    def _write_profits(self):
        """Write the profits that differ, and empty those of who has none any more.

        :return: the number of customers written
        """
        written = 0
        for ids in self._get_id_ranges():
            rows = self._write_differing(
                PROFIT_COLUMNS, SQL("crm_loyalty_profit"), SQL("NULL"), ids
            )
            written += len(rows)
        return written
