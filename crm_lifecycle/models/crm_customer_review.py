from datetime import datetime, time

from odoo import api, fields, models
from odoo.tools import SQL

REVIEW_TYPE = "crm_lifecycle.mail_activity_type_data_review"

REASK_DAYS = 30
"""Days of peace for who deleted a review without looking at the data."""


class CrmCustomer(models.Model):
    """Stale or incomplete data become one activity for the accountable person.

    The policy of the company says what is stale, and how many reviews a person is asked
    for in a day. Who reviews presses "Data are right", or corrects the data: either
    closes the activity.
    """

    _inherit = "crm.customer"

    data_review_date = fields.Datetime(
        "Review Asked for",
        readonly=True,
        copy=False,
        help="When a person was last asked to look at the contact data.",
    )
    data_review_user_id = fields.Many2one(
        "res.users", "Review Asked of", readonly=True, copy=False, ondelete="set null"
    )
    needs_review = fields.Boolean(
        compute="_compute_needs_review",
        search="_search_needs_review",
        help="The data are older, or less complete, than the data quality policy "
        "wants them.",
    )

    @api.depends("data_date", "completeness_score", "company_id")
    def _compute_needs_review(self):
        needy = self.with_context(active_test=False).search(
            [("id", "in", self._origin.ids), ("needs_review", "=", True)]
        )
        for customer in self:
            customer.needs_review = customer._origin in needy

    @api.model
    def _search_needs_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["data_date", "completeness_score", "company_id"])
        query = SQL(
            "(SELECT customer.id FROM crm_customer customer WHERE %s)",
            self._sql_needs_review(),
        )
        return [("id", "in", query)]

    @api.model
    def _sql_needs_review(self):
        """The condition that a customer's data want a review, over alias customer."""
        conditions = [SQL("FALSE")]
        now = self._now()
        for policy, company_ids in self._get_policies():
            oldest = fields.Datetime.subtract(now, days=policy.review_days)
            stale = SQL("customer.data_date < %s", oldest)
            gaps = SQL("customer.completeness_score < %s", policy.review_completeness)
            conditions.append(
                SQL(
                    "(customer.company_id = ANY(%s) AND (%s OR %s))",
                    company_ids,
                    stale if policy.review_days else SQL("FALSE"),
                    gaps,
                )
            )
        return SQL("(%s)", SQL(" OR ").join(conditions))

    def action_confirm_data(self):
        result = super().action_confirm_data()
        self._close_reviews()
        return result

    def _close_reviews(self):
        """Mark the reviews of the customers as done."""
        # the review may be another person's: whoever looked has done it
        self.sudo().with_context(crm_review_closes=True).activity_feedback(
            [REVIEW_TYPE]
        )

    def _take_references(self, other):
        """One review is enough for two customers that become one."""
        twins = self | other
        asked = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", twins.ids),
                ("activity_type_id", "=", self.env.ref(REVIEW_TYPE).id),
            ]
        )
        if len(set(asked.mapped("res_id"))) > 1:
            other._close_reviews()
        return super()._take_references(other)

    @api.model
    def _cron_plan_reviews(self):
        """Close the reviews that are no longer wanted, ask for the ones that are.

        Bounded per night and per person and day; safe to run twice.
        """
        self.env.flush_all()
        self._find_done_reviews()._close_reviews()
        planned = self._plan_reviews()
        self.env["ir.cron"]._commit_progress(len(planned))

    @api.model
    def _find_done_reviews(self):
        """Return customers with an open review whose data are in order by now."""
        rows = self.env.execute_query(
            SQL(
                "SELECT customer.id FROM crm_customer customer WHERE %s AND NOT %s",
                self._sql_open_review(),
                self._sql_needs_review(),
            )
        )
        return self.browse([customer_id for (customer_id,) in rows])

    @api.model
    def _sql_open_review(self):
        return SQL(
            """
            EXISTS (SELECT FROM mail_activity activity
                     WHERE activity.res_model = 'crm.customer'
                       AND activity.res_id = customer.id AND activity.active
                       AND activity.activity_type_id = %s)
            """,
            self.env.ref(REVIEW_TYPE).id,
        )

    @api.model
    def _plan_reviews(self):
        """Ask for reviews by the policies; return the customers concerned."""
        planned = self.browse()
        for policy, company_ids in self._get_policies():
            if not policy.reviews_per_person or not policy.reviews_per_run:
                continue
            rows = self.env.execute_query(self._query_reviews(policy, company_ids))
            by_person = {}
            for customer_id, user_id in rows:
                by_person.setdefault(user_id, []).append(customer_id)
            for user_id, customer_ids in by_person.items():
                planned += self.browse(customer_ids)._ask_for_review(user_id)
        return planned

    @api.model
    def _query_reviews(self, policy, company_ids):
        """Rows (customer, person), most valuable gaps first, within the bounds.

        The person is who answers for the customer, else the deputy, else who leads the
        sales team; a person who has left is none.
        """
        now = self._now()
        midnight = datetime.combine(now.date(), time.min)
        return SQL(
            """
            SELECT asked.id, asked.person
              FROM (SELECT wanted.*, row_number() OVER (
                           PARTITION BY person ORDER BY priority DESC, id) AS place
                      FROM (SELECT customer.id, %(priority)s AS priority,
                                   COALESCE(owner.id, deputy.id, leader.id) AS person
                              FROM crm_customer customer
                              LEFT JOIN crm_team team ON team.id = customer.team_id
                              LEFT JOIN res_users owner
                                ON owner.id = customer.user_id AND owner.active
                              LEFT JOIN res_users deputy
                                ON deputy.id = customer.deputy_id AND deputy.active
                              LEFT JOIN res_users leader
                                ON leader.id = team.user_id AND leader.active
                             WHERE customer.active
                               AND customer.company_id = ANY(%(companies)s)
                               AND %(needs)s AND NOT %(open)s
                               AND (customer.data_review_date IS NULL
                                    OR customer.data_review_date < %(peace)s)
                           ) wanted
                     WHERE person IS NOT NULL) asked
              LEFT JOIN (SELECT data_review_user_id AS person, COUNT(*) AS count
                           FROM crm_customer WHERE data_review_date >= %(midnight)s
                          GROUP BY 1) today ON today.person = asked.person
             WHERE asked.place + COALESCE(today.count, 0) <= %(daily)s
             ORDER BY asked.priority DESC, asked.id
             LIMIT %(nightly)s
            """,
            priority=self._sql_review_priority("customer"),
            companies=company_ids,
            needs=self._sql_needs_review(),
            open=self._sql_open_review(),
            peace=fields.Datetime.subtract(now, days=REASK_DAYS),
            midnight=midnight,
            daily=policy.reviews_per_person,
            nightly=policy.reviews_per_run,
        )

    def _ask_for_review(self, user_id):
        """Give each customer one review activity for the person."""
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            REVIEW_TYPE, user_id=user_id
        )
        self._write_unseen(
            {"data_review_date": fields.Datetime.now(), "data_review_user_id": user_id}
        )
        return self
