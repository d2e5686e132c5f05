from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import groupby
from operator import itemgetter

from odoo import api, models
from odoo.tools import SQL

from ..lib.conditions import columns as condition_columns
from ..lib.replay import Aim, Step, fold


class CrmCustomerReplay(models.AbstractModel):
    """The stages that customers went through, told again from their documents.

    Facts as of a day are running aggregates of what documents added day by day
    (crm_customer_facts_replay.py). The rules are judged on each day on which a document
    was added, or on which a comparison with a relative date may turn; only days on
    which another rule matches leave the database. lib/replay.py folds them into stages
    by the law that the living follow, too.
    """

    _name = "crm.customer.replay"
    _description = "Customer History Replay"

    def _replay(self):
        """Return {customer id: [Interval]} of the customers in self, oldest first.

        One query for each set of rules that their companies follow. Customers whose
        company has no rules stay in the entry stage.
        """
        self.env.flush_all()
        by_company = defaultdict(list)
        for customer_id, company_id in self._get_companies():
            by_company[company_id].append(customer_id)
        entries = self.env["crm.lifecycle.stage"]._get_entry_stages(list(by_company))
        company_of = {
            customer_id: company_id
            for company_id, customer_ids in by_company.items()
            for customer_id in customer_ids
        }
        paths = {}
        Rule = self.env["crm.lifecycle.rule"]
        for company_ids, rules in Rule._get_rule_sets(list(by_company)):
            customer_ids = [i for c in company_ids for i in by_company[c]]
            steps = self._replay_steps(rules, customer_ids)
            for customer_id, (born, own_steps) in steps.items():
                entry = entries[company_of[customer_id]]
                paths[customer_id] = fold(entry, born, own_steps, self._now().date())
        return paths

    def _get_companies(self):
        return self.env.execute_query(
            SQL(
                "SELECT id, company_id FROM crm_customer WHERE id = ANY(%s)",
                list(self.ids),
            )
        )

    @api.model
    def _replay_steps(self, rules, customer_ids):
        """Return {customer id: (first day, [Step])} under one set of rules."""
        free = [rule for rule in rules if not rule.from_stage_ids]
        bound = [rule for rule in rules if rule.from_stage_ids]
        order = {rule.id: place for place, rule in enumerate(rules)}
        aims = {rule.id: self._get_aim(rule) for rule in rules}
        rows = self.env.execute_query(self._sql_steps(free, bound, customer_ids))
        steps = {}
        # the rows come in order; Odoo's groupby would hold all of them twice
        # pylint: disable-next=bad-builtin-groupby
        for customer_id, own in groupby(rows, itemgetter(0)):
            days = []
            for _id, day, rule_id, bound_ids in own:
                found = sorted(filter(None, [rule_id, *bound_ids]), key=order.get)
                days.append(Step(day, [aims[match] for match in found]))
            steps[customer_id] = (days[0].day, days)
        return steps

    @api.model
    def _get_aim(self, rule):
        only_from = frozenset(rule.from_stage_ids.ids) or None
        return Aim(rule.id, rule.stage_id.id, rule.hold_days, only_from)

    # ------------------------------------------------------------------
    # The query
    # ------------------------------------------------------------------
    @api.model
    def _sql_steps(self, free, bound, customer_ids):
        """Return the SELECT of the days on which another rule matches than before.

        Rows by customer and day: customer_id, day, the first rule of ``free`` that
        matches, and an array with each rule of ``bound``, NULL where it does not.
        """
        day = SQL("crm_customer.judged_on")
        nodes = {rule: rule._get_condition() for rule in [*free, *bound]}
        wanted = set().union(*map(condition_columns, nodes.values()))
        turns = [t for node in nodes.values() for t in self._sql_turning_days(node)]
        return SQL(
            """
            SELECT id, judged_on, rule_id, bound_ids
              FROM (SELECT crm_customer.*,
                           LAG(judged_on) OVER before IS NULL
                           OR (rule_id, bound_ids) IS DISTINCT FROM
                              (LAG(rule_id) OVER before, LAG(bound_ids) OVER before)
                           AS turned
                      FROM (SELECT crm_customer.*, %(rule_id)s AS rule_id,
                                   %(bound_ids)s AS bound_ids
                              FROM (%(moments)s) crm_customer) crm_customer
                    WINDOW before AS (PARTITION BY id ORDER BY judged_on)
                   ) crm_customer
             WHERE turned
             ORDER BY id, judged_on
            """,
            rule_id=self._sql_first_match(free, nodes, day),
            bound_ids=SQL(
                "ARRAY[%s]::int[]",
                SQL(", ").join(self._sql_first_match([r], nodes, day) for r in bound),
            ),
            moments=self._sql_moments(wanted, turns, customer_ids),
        )

    @api.model
    def _sql_first_match(self, rules, nodes, day):
        if not rules:
            return SQL("NULL::int")
        cases = [
            SQL("WHEN %s THEN %s", self._sql_node(nodes[rule], day), rule.id)
            for rule in rules
        ]
        return SQL("CASE %s END", SQL(" ").join(cases))

    @api.model
    def _sql_moments(self, wanted, turns, customer_ids):
        """Return the SELECT of customers as they were on each day that may matter.

        All columns of crm_customer, with the facts as of ``judged_on``.
        """
        replays = [
            replay
            for source in self._fact_sources()
            for replay in source.replays
            if wanted.intersection(replay.columns)
        ]
        columns = {
            name: aggregate
            for replay in replays
            for name, aggregate in zip(replay.columns, replay.aggregates, strict=True)
        }
        today = self._now().date()
        days = SQL("SELECT crm_customer.day AS judged_on")
        if turns:
            days = SQL(
                """
                %s UNION
                SELECT turn FROM unnest(ARRAY[%s]::date[]) AS turn
                 WHERE turn > crm_customer.day AND turn < crm_customer.next_day
                """,
                days,
                SQL(", ").join(turns),
            )
        kept = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and name not in columns
        ]
        return SQL(
            """
            SELECT crm_customer.*, moment.judged_on
              FROM (SELECT %(kept)s, %(facts)s running.day,
                           COALESCE(running.next_day, %(tomorrow)s) AS next_day
                      FROM (%(running)s) running
                      JOIN crm_customer customer ON customer.id = running.customer_id
                   ) crm_customer
             CROSS JOIN LATERAL (%(days)s) moment
            """,
            kept=SQL(", ").join(SQL.identifier("customer", name) for name in kept),
            facts=SQL("").join(
                SQL("%s, ", self._sql_value(SQL.identifier("running", name), name))
                for name in columns
            ),
            tomorrow=today + timedelta(days=1),
            running=self._sql_running(replays, columns, customer_ids),
            days=days,
        )

    @api.model
    def _sql_running(self, replays, columns, customer_ids):
        """Return the SELECT of the facts at the end of each day with a document.

        Columns: customer_id, day, next_day (NULL on the last) and ``columns``.
        """
        scope = self._get_scope(self._get_partners_of(customer_ids))
        running = [
            SQL(
                "%s(%s) OVER past AS %s",
                SQL(aggregate),
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name, aggregate in columns.items()
        ]
        grown = [
            SQL("%s(%s) AS %s", SQL(how), SQL.identifier(name), SQL.identifier(name))
            for name, how in columns.items()
        ]
        return SQL(
            """
            SELECT customer_id, day, LEAD(day) OVER past AS next_day%(running)s
              FROM (SELECT customer_id, day%(grown)s
                      FROM (%(stack)s) stacked
                     GROUP BY customer_id, day) grown
            WINDOW past AS (PARTITION BY customer_id ORDER BY day)
            """,
            running=SQL("").join(SQL(", %s", item) for item in running),
            grown=SQL("").join(SQL(", %s", item) for item in grown),
            stack=SQL(" UNION ALL ").join(
                [self._sql_births(columns, customer_ids)]
                + [self._sql_growth(r, columns, customer_ids, scope) for r in replays]
            ),
        )

    @api.model
    def _sql_births(self, columns, customer_ids):
        """Return one row per customer: the day of the first document, without facts."""
        return SQL(
            """
            SELECT id AS customer_id, LEAST(%s) AS day%s
              FROM crm_customer WHERE id = ANY(%s)
            """,
            SQL(", ").join(
                [SQL("%s::date", self._now().date())]
                + [SQL.identifier(name) for name in self._birth_dates]
            ),
            SQL("").join(
                SQL(", NULL::%s AS %s", self._sql_type(name), SQL.identifier(name))
                for name in columns
            ),
            list(customer_ids),
        )

    @api.model
    def _sql_growth(self, replay, columns, customer_ids, scope):
        """Return what one kind of document added, NULL in the columns of the others.

        What is dated in the future has been known since today.
        """
        today = self._now().date()
        return SQL(
            """
            SELECT target.id,
                   LEAST(COALESCE(source.day, %(today)s), %(today)s)%(values)s
              FROM (%(query)s) AS source (company_id, partner_id, day, %(names)s)
              JOIN crm_customer target ON target.company_id = source.company_id
                                      AND target.partner_id = source.partner_id
             WHERE target.id = ANY(%(ids)s)
            """,
            today=today,
            values=SQL("").join(
                SQL(
                    ", %s::%s",
                    SQL.identifier("source", name)
                    if name in replay.columns
                    else SQL("NULL"),
                    self._sql_type(name),
                )
                for name in columns
            ),
            query=replay.query(scope),
            names=SQL(", ").join(map(SQL.identifier, replay.columns)),
            ids=list(customer_ids),
        )

    @api.model
    def _get_partners_of(self, customer_ids):
        query = SQL(
            "SELECT partner_id FROM crm_customer WHERE id = ANY(%s)", list(customer_ids)
        )
        return sorted({partner_id for (partner_id,) in self.env.execute_query(query)})

    # ------------------------------------------------------------------
    # Days to moments
    # ------------------------------------------------------------------
    @api.model
    def _date_moves(self, first, last):
        """Date the moves in the rows first < row <= last of crm_customer_move.

        A move that the engine only sees now took place on the day on which the
        documents say so, unless the customer entered his present stage later.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer_id, stage_id FROM crm_customer_move
                 WHERE row > %s AND row <= %s AND dated_back
                """,
                first,
                last,
            )
        )
        if not rows:
            return
        paths = self.browse([customer_id for customer_id, _stage in rows])._replay()
        today = self._now().date()
        days = {
            customer_id: path[-1].since
            for customer_id, stage_id in rows
            if (path := paths.get(customer_id))
            and path[-1].stage == stage_id
            and path[-1].since < today
        }
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_move move SET date_from = told.day::timestamp
                  FROM unnest(%s::int[], %s::date[]) AS told(customer_id, day)
                 WHERE move.customer_id = told.customer_id
                   AND told.day > move.stage_since::date
                """,
                list(days),
                list(days.values()),
            )
        )

    @api.model
    def _to_moment(self, day):
        """The start of a past day; what is of today has just happened."""
        now = self._now()
        return datetime.combine(day, time()) if day < now.date() else now
