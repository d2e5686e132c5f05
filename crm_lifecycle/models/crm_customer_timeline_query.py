from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL, escape_psql

from ..lib.timeline import parse_bound

AHEAD = timedelta(days=90)  # how far plans show when no end is asked for


class CrmCustomerTimeline(models.Model):
    """The statement behind a page: one lookup of each branch, newest first."""

    _inherit = "crm.customer.timeline"

    @api.model
    def _sql_owners(self, customers):
        """Return WITH: the customers, their contacts, and their company's branches."""
        return SQL(
            """
            WITH customer AS MATERIALIZED (
                SELECT owner.id AS customer_id, owner.id, owner.partner_id,
                       ARRAY(SELECT company.id FROM res_company company
                              WHERE split_part(company.parent_path, '/', 1)::int
                                    = owner.company_id) AS companies
                  FROM crm_customer owner WHERE owner.id = ANY(%s)
            ), contact AS MATERIALIZED (
                SELECT customer.customer_id, partner.id, customer.companies
                  FROM customer
                  JOIN res_partner partner
                    ON partner.commercial_partner_id = customer.partner_id)
            """,
            list(customers.ids),
        )

    @api.model
    def _sql_page(self, source, branch, asked, cursor, limit):
        """Return the newest entries of one branch."""
        return SQL(
            """(SELECT DISTINCT * FROM (%s) page
                 ORDER BY date DESC, res_id DESC LIMIT %s)""",
            self._sql_lookup(source, branch, asked, cursor, limit),
            limit,
        )

    @api.model
    def _sql_lookup(self, source, branch, asked, cursor, limit):
        """Return the newest entries of each owner; owners may share some.

        The documents are sorted first; what is dear to find out of each, such as the
        company of a meeting, is asked only until the page is full.
        """
        return SQL(
            """
            SELECT page.date, page.kind, page.res_id, %(dated)s AS dated,
                   owner.customer_id
              FROM %(owner)s owner
             CROSS JOIN LATERAL (
                   SELECT (%(date)s)::timestamp AS date, %(kind)s AS kind,
                          doc.id AS res_id
                     FROM (SELECT doc.* FROM %(tables)s WHERE %(where)s
                            ORDER BY %(date)s DESC, doc.id DESC) doc
                    WHERE %(filter)s LIMIT %(limit)s) page
            """,
            kind=self._sql_kind(source),
            dated=branch.dated,
            owner=SQL.identifier(branch.owner),
            date=branch.date,
            tables=branch.tables,
            where=SQL(" AND ").join(
                [
                    SQL("%s = owner.id AND %s IS NOT NULL", branch.key, branch.date),
                    *([branch.where] if branch.where else []),
                    *self._get_window(branch, asked),
                    *self._get_kind_conditions(source, asked),
                    *([SQL("%s <= %s", branch.date, cursor.date)] if cursor else []),
                ]
            ),
            filter=SQL(" AND ").join(
                [
                    *self._get_late_conditions(source, branch, asked),
                    *self._get_keyset(source, branch, cursor),
                ]
            ),
            limit=limit,
        )

    @api.model
    def _sql_kind(self, source):
        """Return the expression that tells the kind of a document, or NULL."""
        if len(source.kinds) == 1 and not source.kinds[0].when:
            return SQL('%s::text COLLATE "C"', source.kinds[0].kind)
        cases = [
            SQL("WHEN %s THEN %s", kind.when or SQL("TRUE"), kind.kind)
            for kind in source.kinds
        ]
        return SQL('(CASE %s END)::text COLLATE "C"', SQL(" ").join(cases))

    @api.model
    def _get_kind_conditions(self, source, asked):
        """Return what documents of the kinds asked for have in common, for indexes."""
        wanted = self._get_wanted_kinds(source, asked)
        if all(kind.when for kind in wanted):
            return [SQL("(%s)", SQL(" OR ").join(kind.when for kind in wanted))]
        return []

    @api.model
    def _get_wanted_kinds(self, source, asked):
        return [
            kind
            for kind in source.kinds
            if (asked.kinds is None or kind.kind in asked.kinds)
            and (kind.contact or not asked.public)
        ]

    @api.model
    def _get_late_conditions(self, source, branch, asked):
        """Return the conditions to be asked of the newest documents only."""
        conditions = [SQL("TRUE")]
        wanted = self._get_wanted_kinds(source, asked)
        if len(wanted) < len(source.kinds):
            names = [kind.kind for kind in wanted]
            conditions.append(SQL("%s = ANY(%s)", self._sql_kind(source), names))
        if branch.company:
            conditions.append(SQL("%s = ANY(owner.companies)", branch.company))
        if asked.public and branch.private:
            conditions.append(SQL("%s IS NOT TRUE", branch.private))
        return conditions

    @api.model
    def _get_window(self, branch, asked):
        """Return the conditions of the period and the search."""
        start = parse_bound(asked.date_from)
        end = parse_bound(asked.date_to) or fields.Datetime.now() + AHEAD
        conditions = []
        if start:
            conditions.append(
                SQL("%s >= %s", branch.date, self._to_bound(start, branch.dated))
            )
        if isinstance(end, datetime):
            conditions.append(SQL("%s <= %s", branch.date, end))
        else:
            after = self._to_bound(end + timedelta(days=1), branch.dated)
            conditions.append(SQL("%s < %s", branch.date, after))
        if asked.search.strip():
            pattern = f"%{escape_psql(asked.search.strip())}%"
            matches = [SQL("%s ILIKE %s", text, pattern) for text in branch.texts]
            conditions.append(SQL("(%s)", SQL(" OR ").join(matches or [SQL("FALSE")])))
        return conditions

    @api.model
    def _to_bound(self, bound, dated):
        """Return the beginning of a day in UTC; a moment or a dated day stay."""
        if isinstance(bound, datetime) or dated:
            return bound
        zone = pytz.timezone(self.env.user.tz or "UTC")
        local = zone.localize(datetime.combine(bound, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _get_keyset(self, source, branch, cursor):
        """Return the condition to come after the cursor."""
        if not cursor:
            return []
        return [
            SQL(
                """((%(date)s, doc.id) < (%(at)s::timestamp, %(id)s)
                OR (%(date)s = %(at)s AND doc.id = %(id)s AND %(kind)s > %(after)s))""",
                date=branch.date,
                at=cursor.date,
                id=cursor.res_id,
                kind=self._sql_kind(source),
                after=cursor.kind,
            )
        ]
