import logging

from psycopg2.errors import OperationalError

from odoo import api, models
from odoo.tools import SQL

from ..lib.facts import check_sources

_logger = logging.getLogger(__name__)

CHUNK = 5000
"""Changed customers that one transaction of a pass writes."""

NOW = SQL("now() AT TIME ZONE 'UTC'")


class CrmCustomerRefresh(models.AbstractModel):
    """The engine: the same steps for one customer and for a million.

    ``_collect_fact_changes`` puts the customers whose facts differ into a temporary
    table, which stays empty when nothing changed. ``_write_fact_changes`` writes them
    by one UPDATE and one INSERT a chunk. The rules follow in the same way, see
    crm_customer_rules.py.
    """

    _name = "crm.customer.refresh"
    _description = "Customer Refresh"

    def _refresh_facts(self):
        """Bring the facts of the customers up to date; an empty recordset means all.

        :return: the customers that were changed or came into being
        """
        return self._apply_facts(self.sudo().partner_id.ids if self else None)

    @api.model
    def _refresh_all(self):
        """Bring all facts and stages up to date in this transaction."""
        self._refresh(None)

    @api.model
    def _cron_refresh_all(self):
        """Do the same by night, or after the installation, committing each chunk.

        Safe to kill and to run twice: what was written no longer differs. A chunk that
        fails is noted on the run and left out.
        """
        key = SQL("hashtext('crm.customer.pass')")
        locked = SQL("SELECT pg_try_advisory_lock(%s)", key)
        if not self.env.execute_query(locked)[0][0]:
            return  # somebody refreshes all customers by hand just now
        try:
            self.env["crm.customer.event"]._retry_failed()
            run = self.env["crm.customer.run"]._resume()
            engine = self._at_one_moment()
            engine._settle_moved_partners()
            if engine._run_pass(
                run,
                "fact_count",
                engine._collect_fact_changes,
                engine._write_fact_changes,
            ) and engine._run_pass(
                run, "stage_count", engine._collect_moves, engine._write_moves
            ):
                run._finish()
        finally:
            self.env.cr.rollback()  # an error may have left the transaction unusable
            self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s)", key))

    @api.model
    def _run_pass(self, run, counter, collect, write):
        """Write what ``collect`` found by ``write(first, last)``, chunk by chunk.

        :return: whether all of it was done in the time of a cron
        """
        total = collect()
        left = run._progress(counter, 0, total)
        for first in range(0, total, CHUNK):
            if not left:
                return False
            try:
                changed = self._write_chunk(write, first, first + CHUNK)
            except Exception as error:
                _logger.exception("A chunk of customers could not be written")
                run._note_error(error)
                changed = self.browse()
            left = run._progress(counter, len(changed), max(total - first - CHUNK, 0))
        return True

    @api.model
    def _write_chunk(self, write, first, last):
        """Write a chunk; once more when another transaction was faster."""
        try:
            with self.env.cr.savepoint():
                return write(first, last)
        except OperationalError:
            self.env.cr.rollback()  # take a new snapshot
            with self.env.cr.savepoint():
                return write(first, last)

    @api.model
    def _refresh(self, partner_ids):
        """Bring facts and stages of some commercial partners up to date; None: all."""
        engine = self._at_one_moment()
        engine._settle_moved_partners(partner_ids)
        engine._apply_facts(partner_ids)
        engine._apply_rules(partner_ids)

    @api.model
    def _apply_facts(self, partner_ids=None):
        """Write the facts that differ, in this transaction; None means everybody."""
        changed = self.browse()
        for first in range(0, self._collect_fact_changes(partner_ids), CHUNK):
            changed += self._write_fact_changes(first, first + CHUNK)
        return changed

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
        if count > CHUNK:
            self.env.cr.execute("CREATE INDEX ON crm_customer_fact (row)")
            self.env.cr.execute("ANALYZE crm_customer_fact")
        return count

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

    @api.model
    def _write_fact_changes(self, first, last):
        """Write the rows first < row <= last of crm_customer_fact.

        A customer whose row somebody else has written since it was compared is left
        alone and queued: his facts may be older than what stands there.
        """
        columns = sorted(self._get_fact_columns())
        rows = SQL("fact.row > %s AND fact.row <= %s", first, last)
        written = self.env.execute_query(
            SQL(
                """
                WITH updated AS (
                    UPDATE crm_customer customer
                       SET %s, write_uid = %s, write_date = %s
                      FROM crm_customer_fact fact
                     WHERE customer.id = fact.customer_id
                       AND customer.xmin = fact.version AND %s
                    RETURNING customer.id
                )
                SELECT fact.company_id, fact.partner_id, updated.id
                  FROM crm_customer_fact fact
                  LEFT JOIN updated ON updated.id = fact.customer_id
                 WHERE fact.customer_id IS NOT NULL AND %s
                """,
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("fact", name))
                    for name in columns
                ),
                self.env.uid,
                NOW,
                rows,
                rows,
            )
        )
        self._queue_events("overtaken", [row[:2] for row in written if not row[2]])
        updated = self.browse([row[2] for row in written if row[2]])
        updated.invalidate_recordset(columns, flush=False)
        updated.modified(columns)
        return updated + self._insert_customers(columns, rows)

    @api.model
    def _insert_customers(self, columns, rows):
        """Make the customers that are missing and open their history.

        The first stage begins with the first document, as far as that is known.
        """
        missing = self.env.execute_query(
            SQL(
                "SELECT DISTINCT company_id FROM crm_customer_fact fact"
                " WHERE customer_id IS NULL AND %s",
                rows,
            )
        )
        if not missing:
            return self.browse()
        values = {
            **self._prepare_default_columns(),
            **self._prepare_new_columns([company_id for (company_id,) in missing]),
            **{name: SQL.identifier("fact", name) for name in columns},
        }
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_customer (%s)
                SELECT %s
                  FROM crm_customer_fact fact
                  JOIN res_partner partner ON partner.id = fact.partner_id
                 WHERE fact.customer_id IS NULL AND %s
                   AND NOT EXISTS (SELECT FROM crm_customer customer
                                    WHERE customer.company_id = fact.company_id
                                      AND customer.partner_id = fact.partner_id)
                RETURNING id
                """,
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(values.values()),
                rows,
            )
        )
        customers = self.browse([customer_id for (customer_id,) in inserted])
        if customers:
            customers._open_history()
            self.invalidate_model(flush=False)
            stored = [name for name, field in self._fields.items() if field.store]
            customers.modified(stored, create=True)
        return customers

    @api.model
    def _prepare_default_columns(self):
        """Return {column: SQL} with the static defaults of the remaining fields."""
        return {
            name: SQL("%s", field.convert_to_column_insert(field.default(self), self))
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and field.default
            and field.type in ("selection", "boolean", "integer", "float", "char")
        }

    @api.model
    def _prepare_new_columns(self, company_ids):
        """Return {column: SQL} of what a new customer starts with."""
        stages = self.env["crm.lifecycle.stage"]._get_entry_stages(company_ids)
        stage = SQL(
            "CASE fact.company_id %s END",
            SQL(" ").join(SQL("WHEN %s THEN %s", *pair) for pair in stages.items()),
        )
        born = SQL(
            "LEAST(%s)",
            SQL(", ").join(SQL.identifier("fact", name) for name in self._birth_dates),
        )
        return {
            "company_id": SQL("fact.company_id"),
            "partner_id": SQL("fact.partner_id"),
            "active": SQL("partner.active"),
            "stage_id": stage,
            "stage_since": self._sql_event_time(born, self._now()),
            "stage_pinned": SQL("FALSE"),
            "user_id": self._sql_first_owner(),
            "create_uid": SQL("%s", self.env.uid),
            "write_uid": SQL("%s", self.env.uid),
            "create_date": NOW,
            "write_date": NOW,
        }

    _birth_dates = (
        "first_lead_date",
        "first_quotation_date",
        "first_order_date",
        "first_paid_date",
    )

    @api.model
    def _sql_event_time(self, date, now):
        """The moment of an event known by its day: that day's start.

        Today's events have just happened, and so have those without a day: now.
        """
        return SQL(
            "CASE WHEN %(date)s < %(today)s THEN %(date)s::timestamp"
            " ELSE %(now)s::timestamp END",
            date=date,
            today=now.date(),
            now=now,
        )

    @api.model
    def _sql_first_owner(self):
        """The person who is accountable for a new customer.

        The salesperson of the contact, if he works in that company, else who made the
        latest order, else who has the latest lead.
        """
        companies = self._sql_root_companies()
        return SQL(
            """
            COALESCE(
                (SELECT partner.user_id FROM res_company_users_rel member
                  WHERE member.user_id = partner.user_id
                    AND member.cid = fact.company_id),
                (SELECT sale.user_id FROM res_partner contact
                   JOIN sale_order sale ON sale.partner_id = contact.id
                   JOIN %(companies)s company ON company.id = sale.company_id
                  WHERE contact.commercial_partner_id = fact.partner_id
                    AND company.root_id = fact.company_id AND sale.user_id IS NOT NULL
                  ORDER BY sale.date_order DESC, sale.id DESC LIMIT 1),
                (SELECT lead.user_id FROM res_partner contact
                   JOIN crm_lead lead ON lead.partner_id = contact.id
                   JOIN %(companies)s company ON company.id = lead.company_id
                  WHERE contact.commercial_partner_id = fact.partner_id
                    AND company.root_id = fact.company_id AND lead.user_id IS NOT NULL
                  ORDER BY lead.id DESC LIMIT 1))
            """,
            companies=companies,
        )

    def _open_history(self):
        """Open the first interval of customers who have just come into being."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lifecycle_history (
                    customer_id, company_id, stage_id, date_from,
                    create_uid, write_uid, create_date, write_date)
                SELECT id, company_id, stage_id, stage_since, %s, %s, %s, %s
                  FROM crm_customer WHERE id = ANY(%s)
                """,
                self.env.uid,
                self.env.uid,
                NOW,
                NOW,
                list(self.ids),
            )
        )
