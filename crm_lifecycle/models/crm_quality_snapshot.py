from odoo import api, fields, models
from odoo.tools import SQL

DAYS_KEPT = 92
"""Days of which every snapshot is kept; of older months only the last day."""

SCORES = ("quality_score", "completeness_score", "freshness_score")
COUNTS = ("customer_count", "review_count")


class CrmQualitySnapshot(models.Model):
    """How good the data of the customers of one person were on a day.

    The nightly pass writes one row per day, company and accountable person, so that
    one sees whether the data become better. Scores are means over the customers of the
    row; groups weigh them by the number of customers, and count customers of a day,
    not of all days together.
    """

    _name = "crm.quality.snapshot"
    _description = "Data Quality over Time"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Accountable",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty: customers whom nobody answers for.",
    )
    customer_count = fields.Integer(
        "Customers",
        readonly=True,
        aggregator="avg",
        help="Active customers; a group of several days shows the mean of a day.",
    )
    review_count = fields.Integer(
        "To Review",
        readonly=True,
        aggregator="avg",
        help="Customers whose data are older, or less complete, than the data quality "
        "policy wants them; a group of several days shows the mean of a day.",
    )
    quality_score = fields.Float(
        "Data Quality",
        readonly=True,
        aggregator="avg",
        digits=(5, 2),
        help="Completeness and freshness by the weights of the data quality policy, "
        "in percent.",
    )
    completeness_score = fields.Float(
        "Completeness", readonly=True, aggregator="avg", digits=(5, 2)
    )
    freshness_score = fields.Float(
        "Freshness", readonly=True, aggregator="avg", digits=(5, 2)
    )

    _one_a_day = models.UniqueIndex(
        "(date, company_id, COALESCE(user_id, 0))",
        "There is a snapshot of this day already.",
    )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or name not in (*SCORES, *COUNTS):
            return super()._read_group_select(aggregate_spec, query)
        column = self._field_to_sql(self._table, name, query)
        if name in COUNTS:
            date = self._field_to_sql(self._table, "date", query)
            return SQL("SUM(%s)::float / NULLIF(COUNT(DISTINCT %s), 0)", column, date)
        weight = self._field_to_sql(self._table, "customer_count", query)
        return SQL(
            "SUM(%(score)s * %(weight)s) / NULLIF(SUM(%(weight)s), 0)",
            score=column,
            weight=weight,
        )

    @api.model
    def _take(self):
        """Note down today's figures of everybody; safe to repeat.

        What is there already is written only where it differs.
        """
        self.env.flush_all()
        Customer = self.env["crm.customer"]
        values = (*COUNTS, *SCORES)
        names = SQL(", ").join(map(SQL.identifier, values))
        old = SQL(", ").join(SQL.identifier("today", name) for name in values)
        new = SQL(", ").join(SQL.identifier("figure", name) for name in values)
        self.env.cr.execute(
            SQL(
                """
                WITH figure AS MATERIALIZED (%(figures)s), gone AS (
                    DELETE FROM crm_quality_snapshot today
                     WHERE today.date = %(day)s AND NOT EXISTS (
                           SELECT FROM figure WHERE figure.company_id = today.company_id
                              AND figure.user_id IS NOT DISTINCT FROM today.user_id)
                ), updated AS (
                    UPDATE crm_quality_snapshot today SET (%(names)s) = ROW(%(new)s)
                      FROM figure
                     WHERE today.date = %(day)s
                       AND today.company_id = figure.company_id
                       AND today.user_id IS NOT DISTINCT FROM figure.user_id
                       AND (%(old)s) IS DISTINCT FROM (%(new)s)
                )
                INSERT INTO crm_quality_snapshot (date, company_id, user_id, %(names)s)
                SELECT %(day)s, company_id, user_id, %(new)s FROM figure
                 WHERE NOT EXISTS (
                       SELECT FROM crm_quality_snapshot today
                        WHERE today.date = %(day)s
                          AND today.company_id = figure.company_id
                          AND today.user_id IS NOT DISTINCT FROM figure.user_id)
                    ON CONFLICT DO NOTHING
                """,
                figures=self._sql_figures(),
                day=Customer._now().date(),
                names=names,
                old=old,
                new=new,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _sql_figures(self):
        return SQL(
            """
            SELECT customer.company_id, customer.user_id,
                   COUNT(*)::int AS customer_count,
                   COUNT(*) FILTER (WHERE %s)::int AS review_count,
                   %s
              FROM crm_customer customer WHERE customer.active
             GROUP BY customer.company_id, customer.user_id
            """,
            self.env["crm.customer"]._sql_needs_review(),
            SQL(", ").join(
                SQL(
                    "ROUND(AVG(COALESCE(%s, 0))::numeric, 2) AS %s",
                    SQL.identifier("customer", name),
                    SQL.identifier(name),
                )
                for name in SCORES
            ),
        )

    @api.autovacuum
    def _gc_snapshots(self):
        """Keep of each older month the last day that a company has."""
        limit = fields.Date.start_of(
            fields.Date.subtract(fields.Date.today(), days=DAYS_KEPT), "month"
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_quality_snapshot snapshot
                 WHERE snapshot.date < %s AND EXISTS (
                       SELECT FROM crm_quality_snapshot later
                        WHERE later.company_id = snapshot.company_id
                          AND later.date > snapshot.date
                          AND date_trunc('month', later.date)
                              = date_trunc('month', snapshot.date))
                """,
                limit,
            )
        )
        self.invalidate_model(flush=False)


class CrmCustomer(models.Model):
    _inherit = "crm.customer"

    @api.model
    def _cron_refresh_all(self):
        """Measure all customers, and note down how good their data are today."""
        result = super()._cron_refresh_all()
        self.env["crm.quality.snapshot"]._take()
        return result
