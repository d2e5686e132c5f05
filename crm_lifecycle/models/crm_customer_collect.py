from odoo import api, models
from odoo.tools import SQL

from ..lib.facts import check_sources

ANALYZE_FROM = 5000
"""Differences from which on the planner has to know how many there are."""

ANALYZE_NEW = 1000
"""New customers in one statement from which on it has to know how they grew."""


class CrmCustomerCollect(models.AbstractModel):
    """Which customers' facts differ from what the documents say: one statement.

    They go into a temporary table, which stays empty when nothing changed.
    """

    _name = "crm.customer.collect"
    _description = "Customer Fact Collection"

    @api.model
    def _collect_fact_changes(self, partner_ids=None):
        """Fill the temporary table crm_customer_fact with what differs.

        Its columns: row (counted from 1), customer_id (NULL: to be made), version (the
        row's xmin when it was read), company_id, partner_id and the facts.

        :return: the number of its rows
        """
        self.env.flush_all()
        if partner_ids is None:
            self.env.cr.execute("SET LOCAL work_mem = '64MB'")
        sources = self._fact_sources()
        check_sources(sources)
        columns = [column for source in sources for column in source.columns]
        self.env.cr.execute("DROP TABLE IF EXISTS crm_customer_fact")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_customer_fact AS
                SELECT row_number() OVER () AS row, customer.id AS customer_id,
                       customer.xmin AS version, fact.*
                  FROM (%(facts)s) fact
                  LEFT JOIN crm_customer customer ON customer.id = fact.known_id
                 WHERE CASE WHEN customer.id IS NULL THEN %(outsider)s
                            ELSE (%(old)s) IS DISTINCT FROM (%(new)s) END
                """,
                facts=self._sql_facts(sources, self._get_scope(partner_ids)),
                outsider=self._sql_outsider(SQL("fact.partner_id")),
                old=self._sql_columns("customer", columns),
                new=self._sql_columns("fact", columns),
            )
        )
        count = self.env.cr.rowcount
        self._index_rows("crm_customer_fact", count)
        return count

    @api.model
    def _index_rows(self, table, count):
        """Make a large temporary table quick to read chunk by chunk."""
        if count > ANALYZE_FROM:
            name = SQL.identifier(table)
            self.env.cr.execute(SQL("CREATE INDEX ON %s (row)", name))
            self.env.cr.execute(SQL("ANALYZE %s", name))

    @api.model
    def _analyze_grown(self, count, *tables):
        """Let the planner know how large some tables are that doubled since it looked.

        Autovacuum cannot see what this transaction writes, and comes a minute late; a
        plan made for an empty table reads a full one over and over.

        :param count: new rows of each at least
        """
        grown = self.env.execute_query(
            SQL(
                """
                SELECT relname FROM pg_class
                 WHERE oid = ANY(%s::regclass[])
                   AND (reltuples < %s
                        OR pg_relation_size(oid) / current_setting('block_size')::int
                           > 2 * relpages)
                """,
                list(tables),
                2 * count,
            )
        )
        for (table,) in grown:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    @api.model
    def _sql_columns(self, table, columns):
        return SQL(", ").join(SQL.identifier(table, column) for column in columns)

    @api.model
    def _sql_facts(self, sources, scope):
        """Return the SELECT of the facts of everybody who is or becomes a customer.

        The sources are stacked and grouped, not joined: the work is linear whatever
        the planner believes of their sizes. What is the same in all companies is
        joined by the contact's id in the end.
        """
        stacked = [source for source in sources if source.per_company]
        common = [source for source in sources if not source.per_company]
        columns = [column for source in stacked for column in source.columns]
        return SQL(
            """
            SELECT known.company_id, known.partner_id, known.known_id, %(values)s
              FROM (SELECT company_id, partner_id, MAX(known_id) AS known_id,
                           %(aggregates)s
                      FROM (%(stack)s) stacked
                     GROUP BY company_id, partner_id
                    HAVING bool_or(creates) OR MAX(known_id) IS NOT NULL) known
              %(joins)s
            """,
            values=SQL(", ").join(
                self._sql_value(SQL.identifier(table, column), column)
                for table, column in [("known", column) for column in columns]
                + [(s.name, column) for s in common for column in s.columns]
            ),
            aggregates=SQL(", ").join(map(self._sql_aggregate, columns)),
            stack=SQL(" UNION ALL ").join(
                [self._sql_known_branch(columns, scope)]
                + [self._sql_source_branch(s, columns, scope) for s in stacked]
            ),
            joins=SQL(" ").join(
                SQL(
                    "LEFT JOIN (%s) AS %s (partner_id, %s) ON %s = known.partner_id",
                    source.query(scope),
                    SQL.identifier(source.name),
                    SQL(", ").join(map(SQL.identifier, source.columns)),
                    SQL.identifier(source.name, "partner_id"),
                )
                for source in common
            ),
        )

    @api.model
    def _sql_known_branch(self, columns, scope):
        """Return the branch of those who are customers already."""
        return SQL(
            """
            SELECT known.company_id, known.partner_id, known.id AS known_id,
                   FALSE AS creates, %s
              FROM crm_customer known WHERE %s
            """,
            SQL(", ").join(
                SQL("NULL::%s AS %s", self._sql_type(name), SQL.identifier(name))
                for name in columns
            ),
            scope(SQL("known.company_id"), SQL("known.partner_id")),
        )

    @api.model
    def _sql_source_branch(self, source, columns, scope):
        """Return the branch of a source, NULL in the columns of the others."""
        return SQL(
            "SELECT company_id, partner_id, NULL::int, %s, %s"
            " FROM (%s) AS source (company_id, partner_id, %s)",
            source.creates,
            SQL(", ").join(
                SQL(
                    "%s::%s",
                    SQL.identifier(name) if name in source.columns else SQL("NULL"),
                    self._sql_type(name),
                )
                for name in columns
            ),
            source.query(scope),
            SQL(", ").join(map(SQL.identifier, source.columns)),
        )

    @api.model
    def _sql_type(self, column):
        return SQL(self._fields[column].column_type[1])

    @api.model
    def _sql_aggregate(self, column):
        """One source gives the value, the others NULL: any aggregate finds it."""
        aggregate = "bool_or" if self._fields[column].type == "boolean" else "max"
        name = SQL.identifier(column)
        return SQL("%s(%s) AS %s", SQL(aggregate), name, name)

    @api.model
    def _sql_outsider(self, partner_id):
        """Neither one of the own companies nor a colleague: these are no customers."""
        return SQL(
            """
            %s NOT IN (SELECT partner_id FROM res_company
                        UNION ALL
                       SELECT partner_id FROM res_users WHERE active AND NOT share)
            """,
            partner_id,
        )

    @api.model
    def _sql_value(self, value, column):
        """The value of a fact in the type of its column, the default where no data."""
        field = self._fields[column]
        value = SQL("%s::%s", value, self._sql_type(column))
        default = self._get_sql_default(field)
        if default is not None:
            value = SQL("COALESCE(%s, %s)", value, default)
        return SQL("%s AS %s", value, SQL.identifier(column))

    @api.model
    def _get_sql_default(self, field):
        """What a field holds where nothing is known: 0, False, its default or NULL."""
        if field.type in ("integer", "float", "monetary"):
            return 0
        if field.default:
            return field.convert_to_column_insert(field.default(self), self)
        return False if field.type == "boolean" else None
