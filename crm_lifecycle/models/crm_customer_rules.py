from odoo import api, models
from odoo.tools import SQL

from .crm_customer_refresh import CHUNK, NOW


class CrmCustomerRules(models.AbstractModel):
    """Stages by rules: one SELECT finds who moves, three statements move them."""

    _name = "crm.customer.rules"
    _description = "Customer Rules"

    @api.model
    def _apply_rules(self, partner_ids=None):
        """Move the customers whom the rules want elsewhere; None means everybody."""
        moved = self.browse()
        for first in range(0, self._collect_moves(partner_ids), CHUNK):
            moved += self._write_moves(first, first + CHUNK)
        return moved

    @api.model
    def _unpin_expired(self, partner_ids=None):
        """Give the stages back to the rules whose pin has run out."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_customer customer
                   SET stage_pinned = FALSE, pin_reason = NULL, pin_until = NULL,
                       write_uid = %s, write_date = %s
                 WHERE stage_pinned AND pin_until < %s AND %s
                RETURNING id
                """,
                self.env.uid,
                NOW,
                self._now().date(),
                self._get_scope(partner_ids)(None, SQL("customer.partner_id")),
            )
        )
        customers = self.browse([customer_id for (customer_id,) in rows])
        names = ["stage_pinned", "pin_reason", "pin_until"]
        customers.invalidate_recordset(names, flush=False)
        customers.modified(names)

    @api.model
    def _collect_moves(self, partner_ids=None):
        """Fill the temporary table crm_customer_move with who has to move.

        Its columns: row (counted from 1), customer_id, version (the row's xmin),
        company_id, old_stage_id, stage_id, rule_id, date_from.

        :return: the number of its rows
        """
        self._unpin_expired(partner_ids)
        scope = self._get_scope(partner_ids)
        companies = self.env.execute_query(
            SQL(
                "SELECT DISTINCT company_id FROM crm_customer customer WHERE %s",
                scope(None, SQL("customer.partner_id")),
            )
        )
        companies = [company_id for (company_id,) in companies]
        Rule = self.env["crm.lifecycle.rule"]
        verdicts = [
            self._sql_verdict(rules, company_ids, scope)
            for company_ids, rules in Rule._get_rule_sets(companies)
        ]
        self.env.cr.execute("DROP TABLE IF EXISTS crm_customer_move")
        if not verdicts:
            return 0
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_customer_move AS
                SELECT row_number() OVER () AS row, verdict.* FROM (%s) verdict
                """,
                SQL(" UNION ALL ").join(verdicts),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _sql_verdict(self, rules, company_ids, scope):
        """Return the SELECT of the customers of some companies who have to move.

        Pinned customers stay. Without any rule nobody moves.
        """
        entries = self.env["crm.lifecycle.stage"]._get_entry_stages(company_ids)
        entry = self._sql_case("company_id", entries, SQL("NULL"))
        stages = {rule.id: rule.stage_id.id for rule in rules}
        return SQL(
            """
            SELECT id AS customer_id, version, company_id, stage_id AS old_stage_id,
                   target AS stage_id, rule_id,
                   CASE WHEN event_time >= stage_since THEN event_time
                        ELSE GREATEST(%(now)s::timestamp, stage_since)
                    END AS date_from
              FROM (SELECT judged.*, %(target)s AS target,
                           %(event_time)s AS event_time
                      FROM (%(judged)s) judged) aimed
             WHERE target != stage_id
            """,
            now=self._now(),
            target=self._sql_case("rule_id", stages, entry),
            event_time=self._sql_rule_times(rules),
            judged=self._sql_judged(rules, company_ids, scope),
        )

    @api.model
    def _sql_case(self, column, values, otherwise):
        """Return a CASE that maps the ids in a column to other ids."""
        if not values:
            return otherwise
        return SQL(
            "CASE %s %s ELSE %s END",
            SQL.identifier(column),
            SQL(" ").join(SQL("WHEN %s THEN %s", *pair) for pair in values.items()),
            otherwise,
        )

    @api.model
    def _sql_judged(self, rules, company_ids, scope):
        """Return the SELECT of customers with rule_id, the first rule that matches."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", self._sql_condition(rule._parse_domain()), rule.id)
            for rule in rules
        )
        verdict = SQL("CASE %s END", cases) if rules else SQL("NULL::int")
        return SQL(
            """
            SELECT crm_customer.*, crm_customer.xmin AS version, %s AS rule_id
              FROM crm_customer
             WHERE company_id = ANY(%s) AND stage_pinned IS NOT TRUE AND %s AND %s
            """,
            verdict,
            company_ids,
            SQL("TRUE") if rules else SQL("FALSE"),
            scope(None, SQL("crm_customer.partner_id")),
        )

    @api.model
    def _sql_condition(self, domain):
        """Return the SQL condition on crm_customer that a checked domain means."""
        # compiled for the engine, which judges every customer
        query = self.sudo()._search(domain, active_test=False)
        if query.from_clause == SQL.identifier(self._table):
            return query.where_clause or SQL("TRUE")
        return SQL("crm_customer.id IN %s", query.subselect())

    @api.model
    def _sql_rule_times(self, rules):
        """Return the CASE that says when the event of the matching rule happened."""
        now = self._now()
        times = [
            SQL(
                "WHEN %s THEN %s",
                rule.id,
                self._sql_event_time(
                    SQL("(%s + %s)", SQL.identifier(rule.date_field), rule.date_offset),
                    now,
                ),
            )
            for rule in rules
            if rule.date_field
        ]
        if not times:
            return SQL("NULL::timestamp")
        return SQL("CASE rule_id %s END", SQL(" ").join(times))

    @api.model
    def _write_moves(self, first, last):
        """Move the customers in the rows first < row <= last of crm_customer_move.

        Stage and history are written in one step; a customer whom somebody else has
        written meanwhile is left alone and queued.

        :return: the customers that were moved
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH updated AS (
                    UPDATE crm_customer customer
                       SET stage_id = move.stage_id, stage_since = move.date_from,
                           write_uid = %s, write_date = %s
                      FROM crm_customer_move move
                     WHERE customer.id = move.customer_id
                       AND customer.xmin = move.version
                       AND move.row > %s AND move.row <= %s
                    RETURNING customer.id
                )
                SELECT move.customer_id, move.old_stage_id, updated.id,
                       move.company_id, customer.partner_id
                  FROM crm_customer_move move
                  JOIN crm_customer customer ON customer.id = move.customer_id
                  LEFT JOIN updated ON updated.id = move.customer_id
                 WHERE move.row > %s AND move.row <= %s
                """,
                self.env.uid,
                NOW,
                first,
                last,
                first,
                last,
            )
        )
        old = {row[0]: row[1] for row in rows if row[2]}
        self._queue_events("overtaken", [row[3:] for row in rows if not row[2]])
        if not old:
            return self.browse()
        self.env["crm.lifecycle.history"]._record_moves(
            SQL(
                """
                SELECT customer_id, company_id, stage_id, date_from, rule_id,
                       NULL::int AS user_id, NULL::varchar AS reason
                  FROM crm_customer_move WHERE customer_id = ANY(%s)
                """,
                list(old),
            )
        )
        moved = self.browse(old)
        moved.invalidate_recordset(["stage_id", "stage_since"], flush=False)
        moved.modified(["stage_id", "stage_since"])
        moved._on_stage_changed(old)
        return moved
