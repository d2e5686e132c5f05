from odoo import api, fields, models
from odoo.tools import SQL

from .crm_loyalty_history import ABC_CLASSES, RFM_SEGMENTS
from .equity_sql import AMOUNTS, month_update

VALUED = ("ok", "kept")
"""States of a run in which customers have a lifetime value."""
MONTHS_SHOWN = 24


class CrmLoyaltyEquity(models.Model):
    """What all customers are worth together, and how that moves month by month.

    One row per company, month, segment and class. Counting begins with the first run
    that values customers: what is there then is the opening, and nothing is invented
    for the time before. Each run writes the rows of its month anew, until a run of a
    later month makes its closing the next opening.
    """

    _name = "crm.loyalty.equity"
    _description = "Customer Equity"
    _order = "month desc, company_id, id"
    _rec_name = "month"

    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="The first day of it.")
    rfm_segment = fields.Selection(RFM_SEGMENTS, "RFM Segment", readonly=True)
    abc_class = fields.Selection(ABC_CLASSES, "Class", readonly=True)
    opening = fields.Monetary(
        readonly=True,
        help="Sum of the lifetime values at the end of the month before: to be read "
        "month by month, not added up over months.",
    )
    moved = fields.Monetary(
        "Moved In",
        readonly=True,
        help="What customers brought along from other segments and classes, less what "
        "they took to them. Over all segments it is nothing.",
    )
    acquired = fields.Monetary(
        readonly=True, help="Of customers who had no lifetime value before."
    )
    grown = fields.Monetary(readonly=True, help="Lifetime values that rose.")
    shrunk = fields.Monetary(readonly=True, help="Lifetime values that fell.")
    lost = fields.Monetary(
        readonly=True, help="Of customers who have no lifetime value any more."
    )
    closing = fields.Monetary(
        readonly=True,
        help="Opening + moved in + acquired + grown - shrunk - lost: to be read month "
        "by month, not added up over months.",
    )
    customer_count = fields.Integer(
        "Customers", readonly=True, aggregator=None, help="At the end of the month."
    )
    acquired_count = fields.Integer("Customers Acquired", readonly=True)
    lost_count = fields.Integer("Customers Lost", readonly=True)
    run_id = fields.Many2one(
        "crm.loyalty.run", "Last Run", ondelete="set null", readonly=True
    )

    _part_uniq = models.UniqueIndex(
        "(company_id, month, COALESCE(rfm_segment, ''), COALESCE(abc_class, ''))",
        "A month has one row for each segment and class.",
    )
    _adds_up = models.Constraint(
        "CHECK (closing = opening + moved + acquired + grown - shrunk - lost)",
        "The movement of a month has to lead from its opening to its closing.",
    )

    @api.model
    @api.readonly
    def get_equity(self, company_id=None):
        """The last months, and the segments of each, for the waterfall.

        :param company_id: one of the user's active companies, else the current one
        :return: {company, companies, currency_id, months: [{month, AMOUNTS,
            customer_count, acquired_count, lost_count, segments: [{name, ...}]}]}, the
            latest month first
        """
        company = self.env["crm.customer"]._get_pareto_company(company_id)
        rows = self.search(
            [("company_id", "=", company.id)],
            order="month desc",
            limit=MONTHS_SHOWN * 90,
        )
        months = rows.grouped("month")
        shown = sorted(months, reverse=True)[:MONTHS_SHOWN]
        return {
            "company": {"id": company.id, "name": company.name},
            "companies": [
                {"id": root.id, "name": root.name}
                for root in self.env.companies.root_id
            ],
            "currency_id": company.currency_id.id,
            "months": [
                {
                    "month": fields.Date.to_string(month),
                    **months[month]._sum_up(),
                    "segments": months[month]._sum_up_segments(),
                }
                for month in shown
            ],
        }

    def _sum_up(self):
        names = (*AMOUNTS, "customer_count", "acquired_count", "lost_count")
        currency = self.currency_id
        return {
            name: currency.round(total) if name in AMOUNTS else total
            for name in names
            for total in [sum(self.mapped(name))]
        }

    def _sum_up_segments(self):
        labels = self.env["crm.loyalty.segment"]._get_choices()
        groups = self.grouped("rfm_segment")
        choices = [*labels, *((c, c) for c in groups if c and c not in dict(labels))]
        choices.append((False, self.env._("Without a segment")))
        return [
            {"code": code, "name": name, **groups[code]._sum_up()}
            for code, name in choices
            if code in groups
        ]

    # Engine

    @api.model
    def _get_last_month(self, company):
        [(month,)] = self.env.execute_query(
            SQL(
                "SELECT MAX(month) FROM crm_loyalty_equity WHERE company_id = %s",
                company.id,
            )
        )
        return month

    @api.model
    def _open_month(self, policy, day):
        """Before a run: make the closing of the last month the opening of this one.

        :return: whether the month of the day has an opening
        """
        company, last = policy.company_id, self._get_last_month(policy.company_id)
        if not last or day.replace(day=1) <= last:
            return bool(last)
        self.env.flush_all()
        if policy.last_run_id.value_status not in VALUED:
            self._forget_opening(company)  # nothing is known of the time between
            return False
        self._write_month(company, last)  # customers merged or deleted since
        self._take_opening(company)
        return True

    @api.model
    def _close_month(self, run, opened):
        """After a run: the rows of its month, unless a later month is counted already.

        :param opened: what `_open_month` said
        """
        company, month = run.company_id, run.date_as_of.replace(day=1)
        last = self._get_last_month(company)
        if run.value_status not in VALUED or (last and month < last):
            return
        self.env.flush_all()
        if not opened:
            self._take_opening(company)
        self._write_month(company, month, run)

    @api.model
    def _write_month(self, company, month, run=None):
        [(changed,)] = self.env.execute_query(
            month_update(company.id, month, run.id if run else None, self.env.uid)
        )
        if changed:
            self.invalidate_model()
        return changed

    @api.model
    def _forget_opening(self, company):
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_loyalty_equity_opening WHERE company_id = %s",
                company.id,
            )
        )

    @api.model
    def _take_opening(self, company):
        """Keep what each customer is worth now."""
        self._forget_opening(company)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_loyalty_equity_opening (
                    company_id, customer_id, rfm_segment, abc_class, clv,
                    create_uid, write_uid, create_date, write_date)
                SELECT company_id, id, rfm_segment, abc_class, clv, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM crm_customer
                 WHERE company_id = %(company)s AND clv > 0
                """,
                company=company.id,
                uid=self.env.uid,
            )
        )
        self.env["crm.loyalty.equity.opening"].invalidate_model()
