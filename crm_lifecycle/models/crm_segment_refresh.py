from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

NOW = SQL("now() AT TIME ZONE 'UTC'")


class CrmSegment(models.Model):
    """Keeping the members up to date: one statement for all segments.

    Only differences are written; whoever came or went is recorded in the same step.
    """

    _inherit = "crm.segment"

    def action_refresh(self):
        """Bring the members and today's figures up to date now.

        :raise AccessError: when the user may not change the segment
        """
        self.check_access("write")
        self._refresh_members()
        self._take_snapshots()
        return True

    @api.model
    def _cron_refresh(self):
        """Bring all segments up to date, and note down today's size and value."""
        # sudo: a cron, for all companies
        segments = self.sudo().search(Domain.TRUE)
        segments._refresh_members()
        segments._take_snapshots()

    def _refresh_members(self, partner_ids=None):
        """Bring the members of active segments up to date; fixed lists are recorded.

        A segment whose condition no longer holds, because an attribute of the profile
        was removed, keeps its members and says so.

        :param partner_ids: commercial partners to look at; None: all
        :return: the customers who came or went
        """
        self.env.flush_all()
        active = self.sudo().filtered("active")  # what belongs does not depend on whom
        dynamic = active.filtered(lambda segment: segment.kind == "dynamic")
        scope = self.env["crm.customer"]._get_scope(partner_ids)
        branches = {}
        for segment in dynamic:
            try:
                branches[segment.id] = segment._sql_wanted(scope)
                problem = False
            except ValidationError as error:
                problem = str(error)
            if (segment.problem or False) != problem:
                segment.problem = problem
        changed = set()
        if branches:
            self.env.flush_all()
            changed |= self._move_members(branches, scope)
        fixed = active - dynamic
        if fixed:
            changed |= fixed._record_list()
        return self._tell_members(changed)

    def _sql_wanted(self, scope):
        """Return the SELECT (segment_id, customer_id) of who should belong."""
        Customer = self.env["crm.customer"]
        return SQL(
            """
            SELECT %s AS segment_id, crm_customer.id AS customer_id
              FROM crm_customer
             WHERE crm_customer.company_id = %s AND crm_customer.active
               AND (%s) AND %s
            """,
            self.id,
            self.company_id.id,
            Customer._sql_condition(self._parse_domain()),
            scope(None, SQL("crm_customer.partner_id")),
        )

    @api.model
    def _move_members(self, branches, scope):
        """Write who came and who went, with their intervals; nothing else.

        :param dict branches: {id of a segment: SELECT of who should belong}
        :return: ids of the customers who came or went
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH wanted AS MATERIALIZED (%(wanted)s), gone AS (
                    DELETE FROM crm_segment_customer_rel rel
                     USING crm_customer customer
                     WHERE rel.segment_id = ANY(%(segments)s)
                       AND customer.id = rel.customer_id AND %(scope)s
                       AND NOT EXISTS (
                           SELECT FROM wanted
                            WHERE wanted.segment_id = rel.segment_id
                              AND wanted.customer_id = rel.customer_id)
                    RETURNING rel.segment_id, rel.customer_id
                ), come AS (
                    INSERT INTO crm_segment_customer_rel (segment_id, customer_id)
                    SELECT segment_id, customer_id FROM wanted
                     WHERE NOT EXISTS (
                           SELECT FROM crm_segment_customer_rel rel
                            WHERE rel.segment_id = wanted.segment_id
                              AND rel.customer_id = wanted.customer_id)
                        ON CONFLICT DO NOTHING
                    RETURNING segment_id, customer_id
                ), closed AS (%(close)s), opened AS (%(open)s)
                SELECT customer_id FROM gone UNION SELECT customer_id FROM come
                """,
                wanted=SQL(" UNION ALL ").join(branches.values()),
                segments=list(branches),
                scope=scope(None, SQL("customer.partner_id")),
                close=self._sql_close(SQL("gone")),
                open=self._sql_open(SQL("come")),
            )
        )
        return {customer_id for (customer_id,) in rows}

    def _record_list(self):
        """Open and close the intervals of lists as their members say.

        :return: ids of the customers who came or went
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH gone AS (
                    SELECT segment_id, customer_id FROM crm_segment_membership present
                     WHERE segment_id = ANY(%(segments)s) AND date_to IS NULL
                       AND NOT EXISTS (
                           SELECT FROM crm_segment_customer_rel rel
                            WHERE rel.segment_id = present.segment_id
                              AND rel.customer_id = present.customer_id)
                ), come AS (
                    SELECT segment_id, customer_id FROM crm_segment_customer_rel rel
                     WHERE segment_id = ANY(%(segments)s)
                       AND NOT EXISTS (
                           SELECT FROM crm_segment_membership present
                            WHERE present.segment_id = rel.segment_id
                              AND present.customer_id = rel.customer_id
                              AND present.date_to IS NULL)
                ), closed AS (%(close)s), opened AS (%(open)s)
                SELECT customer_id FROM gone UNION SELECT customer_id FROM come
                """,
                segments=self.ids,
                close=self._sql_close(SQL("gone")),
                open=self._sql_open(SQL("come")),
            )
        )
        return {customer_id for (customer_id,) in rows}

    @api.model
    def _sql_close(self, gone):
        return SQL(
            """
            UPDATE crm_segment_membership membership
               SET date_to = %s, write_uid = %s, write_date = %s
              FROM %s
             WHERE membership.segment_id = gone.segment_id
               AND membership.customer_id = gone.customer_id
               AND membership.date_to IS NULL
            """,
            self.env["crm.customer"]._now(),
            self.env.uid,
            NOW,
            gone,
        )

    @api.model
    def _sql_open(self, come):
        return SQL(
            """
            INSERT INTO crm_segment_membership (
                segment_id, customer_id, company_id, date_from,
                create_uid, write_uid, create_date, write_date)
            SELECT come.segment_id, come.customer_id, customer.company_id, %s,
                   %s, %s, %s, %s
              FROM %s
              JOIN crm_customer customer ON customer.id = come.customer_id
            """,
            self.env["crm.customer"]._now(),
            self.env.uid,
            self.env.uid,
            NOW,
            NOW,
            come,
        )

    @api.model
    def _tell_members(self, customer_ids):
        """Let the ORM know whose segments changed."""
        customers = self.env["crm.customer"].browse(sorted(customer_ids))
        if customers:
            self.invalidate_model(["customer_ids", "membership_ids"], flush=False)
            customers.invalidate_recordset(["segment_ids"], flush=False)
            self.env["crm.segment.membership"].invalidate_model(flush=False)
            customers.modified(["segment_ids"])
        return customers
