from odoo import api, models
from odoo.tools import SQL

from ..lib.replay import ENTRY_HOLD
from .crm_customer_refresh import CHUNK, NOW

STAGE_COLUMNS = ["stage_id", "stage_since", "won_back_date"]


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

        Who is held back is not among them, unless he moved today already.

        :return: the number of its rows
        """
        self._unpin_expired(partner_ids)
        scope = self._get_scope(partner_ids)
        companies = self._find_companies(scope)
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
                 WHERE stage_id != old_stage_id
                """,
                SQL(" UNION ALL ").join(verdicts),
            )
        )
        count = self.env.cr.rowcount
        self._index_rows("crm_customer_move", count)
        return count

    @api.model
    def _find_companies(self, scope):
        """Return the ids of the companies that have customers, by index."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company.id FROM res_company company
                 WHERE parent_id IS NULL AND EXISTS (
                       SELECT FROM crm_customer customer
                        WHERE customer.company_id = company.id AND %s)
                """,
                scope(None, SQL("customer.partner_id")),
            )
        )
        return [company_id for (company_id,) in rows]

    @api.model
    def _sql_verdict(self, rules, company_ids, scope, judge_pinned=False):
        """Return the SELECT of the customers of some companies who have to move.

        Columns: customer_id, version, company_id, old_stage_id, stage_id, rule_id,
        date_from, and held: he would have to move, but not back so soon. Such a one
        stays, or goes back to where he was this morning. ``dated_back``: the documents
        may know an earlier day for the move. Pinned customers stay. Without any rule
        nobody moves. See lib/replay.py for the law.
        """
        # materialized: who stays where he is costs one look, by parallel workers
        return SQL(
            """
            (WITH aimed AS MATERIALIZED (
                SELECT * FROM (%(aimed)s) customer WHERE wanted != stage_id)
            SELECT * FROM (
                SELECT aimed.id AS customer_id, aimed.version, aimed.company_id,
                       aimed.stage_id AS old_stage_id,
                       CASE WHEN %(held)s THEN past.stage_id ELSE aimed.wanted
                        END AS stage_id,
                       CASE WHEN NOT (%(held)s) THEN aimed.rule_id END AS rule_id,
                       GREATEST(%(now)s::timestamp, aimed.stage_since) AS date_from,
                       NOT (%(held)s) AND aimed.stage_since < %(today)s AS dated_back,
                       (%(held)s) AS held, aimed.stage_since, aimed.wanted,
                       aimed.rule_id AS rule_wanted, past.since
                  FROM aimed
                  LEFT JOIN LATERAL (%(past)s) past ON TRUE) decided
             WHERE stage_id != old_stage_id OR held)
            """,
            held=self._sql_held(),
            now=self._now(),
            today=self._now().date(),
            aimed=self._sql_aimed(rules, company_ids, scope, judge_pinned),
            past=self._sql_past(),
        )

    @api.model
    def _sql_held(self):
        """Whether a rule took the customer from where another one wants him back."""
        # no row of the past, and no stage before, are unknown and hold nobody
        return SQL(
            "(past.rule_id IS NOT NULL AND past.came_from = aimed.wanted"
            " AND past.since + aimed.hold > %s) IS TRUE",
            self._now().date(),
        )

    @api.model
    def _sql_aimed(self, rules, company_ids, scope, judge_pinned):
        """Return the SELECT of customers with the stage that is wanted for them.

        Columns: id, version, company_id, stage_id, stage_since, rule_id, wanted, and
        hold in days.
        """
        entries = self.env["crm.lifecycle.stage"]._get_entry_stages(company_ids)
        entry = self._sql_case("company_id", entries, SQL("NULL"))
        stages = {rule.id: rule.stage_id.id for rule in rules}
        holds = {rule.id: rule.hold_days for rule in rules}
        return SQL(
            """
            SELECT crm_customer.id, crm_customer.version, crm_customer.company_id,
                   crm_customer.stage_id, crm_customer.stage_since,
                   crm_customer.rule_id, %(wanted)s AS wanted, %(hold)s AS hold
              FROM (%(judged)s) crm_customer
            """,
            wanted=self._sql_case("rule_id", stages, entry),
            hold=self._sql_case("rule_id", holds, SQL("%s", ENTRY_HOLD)),
            judged=self._sql_judged(rules, company_ids, scope, judge_pinned, entry),
        )

    @api.model
    def _sql_case(self, column, values, otherwise):
        """Return a CASE that maps the ids in a column to other numbers."""
        if not values:
            return otherwise
        return SQL(
            "CASE %s %s ELSE %s END",
            SQL.identifier(column),
            SQL(" ").join(SQL("WHEN %s THEN %s", *pair) for pair in values.items()),
            otherwise,
        )

    @api.model
    def _sql_judged(self, rules, company_ids, scope, judge_pinned, entry):
        """Return the SELECT of customers with rule_id, the first rule that matches."""
        day = SQL("%s::date", self._now().date())
        standing = self._sql_standing(entry)
        cases = []
        for rule in rules:
            condition = self._sql_node(rule._get_condition(), day)
            if rule.from_stage_ids:
                seen = (rule.from_stage_ids | rule.stage_id).ids
                condition = SQL("%s = ANY(%s) AND %s", standing, seen, condition)
            cases.append(SQL("WHEN %s THEN %s", condition, rule.id))
        verdict = (
            SQL("CASE %s END", SQL(" ").join(cases)) if rules else SQL("NULL::int")
        )
        return SQL(
            """
            SELECT crm_customer.*, crm_customer.xmin AS version, %s AS rule_id
              FROM crm_customer
             WHERE company_id = ANY(%s) AND %s AND %s AND %s
            """,
            verdict,
            company_ids,
            SQL("TRUE") if judge_pinned else SQL("stage_pinned IS NOT TRUE"),
            SQL("TRUE") if rules else SQL("FALSE"),
            scope(None, SQL("crm_customer.partner_id")),
        )

    @api.model
    def _sql_standing(self, entry):
        """Return the stage in which a customer began the day.

        Rules that are limited to some stages go by it, so that the order in which a
        day's events are followed does not matter.
        """
        today = self._now().date()
        return SQL(
            """
            CASE WHEN crm_customer.stage_since < %(today)s THEN crm_customer.stage_id
                 ELSE COALESCE((
                    SELECT history.stage_id FROM crm_lifecycle_history history
                     WHERE history.customer_id = crm_customer.id
                       AND history.date_from < %(today)s
                     ORDER BY history.date_from DESC, history.id DESC LIMIT 1),
                    %(entry)s) END
            """,
            today=today,
            entry=entry,
        )

    @api.model
    def _sql_past(self):
        """Return the SELECT of how a customer began the day, from his history.

        One row, or none for who is new today: stage_id, since (date), rule_id of the
        move into it, and came_from, the stage before. Of several stages on one day the
        last one counts. Asked only where a hold may apply.
        """
        return SQL(
            """
            WITH daily AS (
                SELECT DISTINCT ON (history.date_from::date)
                       history.date_from::date AS day, history.stage_id,
                       history.rule_id
                  FROM crm_lifecycle_history history
                 WHERE history.customer_id = aimed.id AND aimed.hold > 0
                   AND history.date_from < %s
                 ORDER BY history.date_from::date DESC, history.date_from DESC,
                       history.id DESC
            ), present AS (
                SELECT * FROM daily ORDER BY day DESC LIMIT 1
            ), prior AS (
                SELECT daily.day, daily.stage_id
                  FROM daily JOIN present ON present.stage_id != daily.stage_id
                 ORDER BY daily.day DESC LIMIT 1
            )
            SELECT present.stage_id, prior.stage_id AS came_from,
                   run.day AS since, run.rule_id
              FROM present
              LEFT JOIN prior ON TRUE
              JOIN LATERAL (
                SELECT daily.day, daily.rule_id FROM daily
                 WHERE daily.day > COALESCE(prior.day, '-infinity')
                 ORDER BY daily.day LIMIT 1) run ON TRUE
            """,
            self._now().date(),
        )

    @api.model
    def _write_moves(self, first, last):
        """Move the customers in the rows first < row <= last of crm_customer_move.

        Stage and history are written in one step; a customer whom somebody else has
        written meanwhile is left alone and queued.

        :return: the customers that were moved
        """
        self._date_moves(first, last)
        lost = self.env["crm.lifecycle.stage"]._get_lost_stages().ids
        rows = self.env.execute_query(
            SQL(
                """
                WITH updated AS (
                    UPDATE crm_customer customer
                       SET stage_id = move.stage_id, stage_since = move.date_from,
                           won_back_date = CASE
                               WHEN move.old_stage_id = ANY(%s)
                                AND move.stage_id != ALL(%s)
                               THEN move.date_from::date
                               ELSE customer.won_back_date END,
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
                lost,
                lost,
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
        moved.invalidate_recordset(STAGE_COLUMNS, flush=False)
        moved.modified(STAGE_COLUMNS)
        moved._on_stage_changed(old)
        return moved
