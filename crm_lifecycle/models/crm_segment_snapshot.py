from odoo import api, fields, models
from odoo.tools import SQL

DAYS_KEPT = 92
"""Days of which every snapshot is kept; of older months only the last one."""


class CrmSegmentSnapshot(models.Model):
    """How large and how valuable a segment was on a day; the engine writes it.

    A row is written when something differs from the row before, and once a month.
    """

    _name = "crm.segment.snapshot"
    _description = "Segment Snapshot"
    _order = "date desc, id desc"
    _rec_name = "date"

    segment_id = fields.Many2one(
        "crm.segment", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    customer_count = fields.Integer("Customers", readonly=True, aggregator="max")
    revenue_total = fields.Monetary("Revenue", readonly=True, aggregator="max")
    balance_due = fields.Monetary(readonly=True, aggregator="max")
    entered_count = fields.Integer("Came", readonly=True)
    left_count = fields.Integer("Went", readonly=True)

    _one_a_day = models.UniqueIndex(
        "(segment_id, date)", "There is a snapshot of this day already."
    )

    @api.autovacuum
    def _gc_snapshots(self):
        """Keep the last snapshot of each older month, with all who came and went."""
        limit = fields.Date.start_of(
            fields.Date.subtract(fields.Date.today(), days=DAYS_KEPT), "month"
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH old AS (
                    SELECT id, SUM(entered_count) OVER monthly AS entered_count,
                           SUM(left_count) OVER monthly AS left_count,
                           LAST_VALUE(id) OVER (monthly ORDER BY date
                               ROWS BETWEEN UNBOUNDED PRECEDING
                                        AND UNBOUNDED FOLLOWING) AS last_id
                      FROM crm_segment_snapshot WHERE date < %s
                    WINDOW monthly AS (
                        PARTITION BY segment_id, date_trunc('month', date))
                ), kept AS (
                    UPDATE crm_segment_snapshot snapshot
                       SET entered_count = old.entered_count,
                           left_count = old.left_count
                      FROM old
                     WHERE snapshot.id = old.id AND old.id = old.last_id
                       AND (snapshot.entered_count, snapshot.left_count)
                           IS DISTINCT FROM (old.entered_count, old.left_count)
                )
                DELETE FROM crm_segment_snapshot snapshot USING old
                 WHERE snapshot.id = old.id AND old.id != old.last_id
                """,
                limit,
            )
        )
        self.invalidate_model(flush=False)


class CrmSegment(models.Model):
    _inherit = "crm.segment"

    def _take_snapshots(self):
        """Note down today's size and value where they differ; safe to repeat."""
        self.env.flush_all()
        today = self.env["crm.customer"]._now().date()
        self.env.cr.execute(
            SQL(
                """
                WITH figure AS (%(figures)s), updated AS (
                    UPDATE crm_segment_snapshot snapshot
                       SET customer_count = figure.customer_count,
                           revenue_total = figure.revenue_total,
                           balance_due = figure.balance_due,
                           entered_count = figure.entered_count,
                           left_count = figure.left_count
                      FROM figure
                     WHERE snapshot.segment_id = figure.segment_id
                       AND snapshot.date = %(today)s
                       AND (snapshot.customer_count, snapshot.revenue_total,
                            snapshot.balance_due, snapshot.entered_count,
                            snapshot.left_count)
                           IS DISTINCT FROM
                           (figure.customer_count, figure.revenue_total,
                            figure.balance_due, figure.entered_count,
                            figure.left_count)
                )
                INSERT INTO crm_segment_snapshot (
                    segment_id, company_id, date, customer_count, revenue_total,
                    balance_due, entered_count, left_count)
                SELECT segment_id, company_id, %(today)s, customer_count,
                       revenue_total, balance_due, entered_count, left_count
                  FROM figure
                 WHERE (is_new OR entered_count + left_count > 0)
                   AND NOT EXISTS (
                       SELECT FROM crm_segment_snapshot present
                        WHERE present.segment_id = figure.segment_id
                          AND present.date = %(today)s)
                    ON CONFLICT DO NOTHING
                """,
                figures=self._sql_figures(today),
                today=today,
            )
        )
        self.env["crm.segment.snapshot"].invalidate_model(flush=False)
        self.invalidate_recordset(["snapshot_ids"], flush=False)

    def _sql_figures(self, today):
        """Return the SELECT of today's figures; is_new: they differ from the last."""
        return SQL(
            """
            SELECT segment.id AS segment_id, segment.company_id,
                   present.customer_count, present.revenue_total, present.balance_due,
                   (SELECT count(*) FROM crm_segment_membership came
                     WHERE came.segment_id = segment.id AND came.date_from::date
                           BETWEEN COALESCE(last.date + 1, '-infinity') AND %(today)s
                   ) AS entered_count,
                   (SELECT count(*) FROM crm_segment_membership went
                     WHERE went.segment_id = segment.id AND went.date_to::date
                           BETWEEN COALESCE(last.date + 1, '-infinity') AND %(today)s
                   ) AS left_count,
                   last.id IS NULL
                   OR date_trunc('month', last.date)
                      != date_trunc('month', %(today)s::date)
                   OR (last.customer_count, last.revenue_total, last.balance_due)
                      IS DISTINCT FROM (present.customer_count, present.revenue_total,
                                        present.balance_due) AS is_new
              FROM crm_segment segment
             CROSS JOIN LATERAL (
                   SELECT count(*) AS customer_count,
                          COALESCE(SUM(customer.revenue_total), 0) AS revenue_total,
                          COALESCE(SUM(customer.balance_due), 0) AS balance_due
                     FROM crm_segment_customer_rel rel
                     JOIN crm_customer customer ON customer.id = rel.customer_id
                    WHERE rel.segment_id = segment.id AND customer.active) present
              LEFT JOIN LATERAL (
                   SELECT * FROM crm_segment_snapshot snapshot
                    WHERE snapshot.segment_id = segment.id
                      AND snapshot.date < %(today)s
                    ORDER BY date DESC LIMIT 1) last ON TRUE
             WHERE segment.id = ANY(%(ids)s) AND segment.active
            """,
            today=today,
            ids=self.ids,
        )
