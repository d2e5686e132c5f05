from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib.history import interleave

from ..lib.rfm import SEGMENTS

ABC_CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]
SEGMENT_LABELS = {
    "champion": "Champions",
    "promising": "Promising",
    "recent": "Recent",
    "loyal": "Loyal",
    "needs_attention": "Needs Attention",
    "about_to_sleep": "About to Sleep",
    "at_risk": "At Risk",
    "hibernating": "Hibernating",
    "inactive": "Inactive",
}
RFM_SEGMENTS = [(name, SEGMENT_LABELS[name]) for name in SEGMENTS]


class CrmLoyaltyHistory(models.Model):
    """The classes of a customer over time; written by the rating engine alone."""

    _name = "crm.loyalty.history"
    _description = "Loyalty Class History"
    _order = "date_from desc, id desc"

    customer_id = fields.Many2one(
        "crm.customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="customer_id.company_id", store=True, index=True
    )
    abc_class = fields.Selection(ABC_CLASSES, "Class", readonly=True)
    rfm_segment = fields.Selection(RFM_SEGMENTS, "Segment", readonly=True)
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date(
        "To", readonly=True, help="The day from which another class holds."
    )
    run_id = fields.Many2one(
        "crm.loyalty.run", "Run", ondelete="set null", readonly=True
    )

    _open_uniq = models.UniqueIndex(
        "(customer_id) WHERE date_to IS NULL",
        "A customer has one class at a time.",
    )

    @api.depends("customer_id", "date_from")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(customer)s, from %(date)s",
                customer=row.customer_id.display_name or "",
                date=row.date_from or "",
            )

    @api.model
    def _record_moves(self, run, customer_ids):
        """Close the open rows of these customers and open new ones.

        An open row that began on the day of the run or later has not lasted: it
        gives way to the new one, on its own day. So two runs a day leave one row,
        and a run as of an earlier day never rewrites what came before.
        A customer who is not rated any more gets no new row.
        """
        if not customer_ids:
            return
        later = self._close_rows(run.date_as_of, list(customer_ids))
        self._open_rows(run, list(customer_ids), later)
        self.invalidate_model()
        self.env["crm.customer"].invalidate_model(["loyalty_history_ids"])

    @api.model
    def _close_rows(self, day, customer_ids):
        """Close the open rows, or drop those that began on the day or later.

        :return: (customer id, day) of the rows dropped that began later
        """
        return self.env.execute_query(
            SQL(
                """
                WITH dropped AS (
                    DELETE FROM crm_loyalty_history
                     WHERE customer_id = ANY(%(ids)s)
                       AND date_to IS NULL AND date_from >= %(day)s
                 RETURNING customer_id, date_from
                ),
                closed AS (
                    UPDATE crm_loyalty_history SET date_to = %(day)s
                     WHERE customer_id = ANY(%(ids)s)
                       AND date_to IS NULL AND date_from < %(day)s
                )
                SELECT customer_id, date_from FROM dropped WHERE date_from > %(day)s
                """,
                ids=customer_ids,
                day=day,
            )
        )

    @api.model
    def _open_rows(self, run, customer_ids, later):
        """Open a row with the present classes; `later`: customers with another day."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_loyalty_history (
                    customer_id, company_id, abc_class, rfm_segment, date_from,
                    run_id, create_uid, write_uid, create_date, write_date)
                SELECT customer.id, customer.company_id, customer.abc_class,
                       customer.rfm_segment, COALESCE(later.day, %(day)s), %(run)s,
                       %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM crm_customer customer
             LEFT JOIN (SELECT UNNEST(%(later_ids)s::int[]) AS id,
                               UNNEST(%(later_days)s::date[]) AS day) later
                       USING (id)
                 WHERE customer.id = ANY(%(ids)s)
                   AND customer.rfm_segment IS NOT NULL
                """,
                ids=customer_ids,
                day=run.date_as_of,
                run=run.id,
                uid=self.env.uid,
                later_ids=[customer_id for customer_id, _day in later],
                later_days=[day for _customer_id, day in later],
            )
        )

    def _interleave(self):
        """Lay the rows of several customers into one history, before they merge.

        What began last holds until the next begins; only the last row stays open. Of
        two that began on one day the later row stays.

        :return: the last row, and [(model, {field: value})] of those that fell away
        """
        rows = self.sorted(lambda row: (row.date_from, row.id))
        merged = interleave([(row, row.date_from, row.date_to) for row in rows])
        gone = rows - self.browse([row.id for row, _start, _end in merged])
        values = [(self._name, one) for one in gone.read(load="")]
        gone.unlink()
        for row, _start, end in merged:
            row.date_to = end
        self.flush_recordset()
        return merged[-1][0], values
