from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib import analysis
from .crm_lifecycle_history_figure import LOST_CODE, MONTHS

ACQUIRED_CODES = ("develop", "retain")
"""A customer is acquired when he first enters one of these: some skip the first."""


class CrmLifecycleHistory(models.Model):
    """The history as figures: funnel, transitions, time in stage, cohorts.

    Each figure is one statement over the intervals that the user may read. All take
    the same ``filters``: date_from and date_to (days in the user's time zone; a date
    means the end of that day), company_id, user_id and team_id (of the customers as
    they are today; empty means all).
    """

    _name = "crm.lifecycle.history"
    _inherit = ["crm.lifecycle.history", "crm.lifecycle.history.figure"]

    @api.model
    @api.readonly
    def get_funnel(self, filters):
        """Return how many customers stood where at the end of date_to.

        :return: {customers, leads, stages: [{id, name, code, count, reached,
            conversion}]}; ``reached`` are those who had come that far or further,
            ``conversion`` the share of them who went on, None where none can;
            ``leads`` without a contact stand in the entry stage, beside the customers
        """
        scope = self._get_analysis_scope(filters)
        stages = self._get_analysis_stages()
        path = [stage.id for stage in stages if stage.code != LOST_CODE]
        rows = self.env.execute_query(
            SQL(
                """
                WITH seen AS (%(seen)s), progress AS (
                    SELECT seen.customer_id, max(COALESCE(path.step, 1)) AS step
                      FROM seen LEFT JOIN unnest(%(path)s::int[]) WITH ORDINALITY
                           AS path(stage_id, step) USING (stage_id)
                     WHERE seen.date_from < %(until)s
                     GROUP BY seen.customer_id
                )
                SELECT 'count' AS kind, stage_id AS key, count(*) FROM seen
                 WHERE %(at)s GROUP BY stage_id
                UNION ALL
                SELECT 'step', step, count(*) FROM progress GROUP BY step
                """,
                seen=scope["seen"],
                path=path,
                until=scope["until"],
                at=self._sql_at(scope["until"]),
            )
        )
        counts = {key: count for kind, key, count in rows if kind == "count"}
        ended = {key - 1: count for kind, key, count in rows if kind == "step"}
        leads = self._count_leads(filters)
        reached = analysis.reached([ended.get(step, 0) for step in range(len(path))])
        rates = analysis.conversions(reached, leads)
        steps = {stage_id: step for step, stage_id in enumerate(path)}
        return {
            "customers": sum(counts.values()),
            "leads": leads,
            "stages": [
                {
                    **self._describe_stage(stage),
                    "count": counts.get(stage.id, 0),
                    "reached": reached[steps[stage.id]] if stage.id in steps else None,
                    "conversion": rates[steps[stage.id]] if stage.id in steps else None,
                }
                for stage in stages
                if stage.active or counts.get(stage.id)
            ],
        }

    @api.model
    @api.readonly
    def get_transitions(self, filters):
        """Return who went from where to where between the two dates.

        :return: {stages, rows: [{stage_id, cells: [count of each stage], total}],
            totals, total}; the row with stage_id False are those who were no
            customers yet, so the totals are everybody at the later date
        """
        scope = self._get_analysis_scope(filters)
        found = self.env.execute_query(
            SQL(
                """
                WITH seen AS (%(seen)s)
                SELECT earlier.stage_id, later.stage_id, count(*)
                  FROM (SELECT customer_id, stage_id FROM seen WHERE %(at_end)s) later
                  LEFT JOIN (SELECT customer_id, stage_id FROM seen
                              WHERE %(at_start)s) earlier USING (customer_id)
                 GROUP BY earlier.stage_id, later.stage_id
                """,
                seen=scope["seen"],
                at_start=self._sql_at(scope["since"]),
                at_end=self._sql_at(scope["until"]),
            )
        )
        counts = {(before or False, after): n for before, after, n in found}
        used = {key for pair in counts for key in pair}
        stages = self._get_analysis_stages().filtered(
            lambda stage: stage.active or stage.id in used
        )
        matrix = analysis.matrix([*stages.ids, False], stages.ids, counts)
        return {"stages": [self._describe_stage(stage) for stage in stages], **matrix}

    @api.model
    @api.readonly
    def get_times(self, filters):
        """Return how long customers stay in the stages, and how fast they come.

        :return: {months, stages: [{id, name, left, quartiles, entered, velocity,
            present}]}; ``quartiles`` are days in the stage (25, 50, 75 %) of those who
            left it in the period, None where nobody did; ``velocity`` are entries a
            month; ``present`` are those in the stage at its end
        """
        scope = self._get_analysis_scope(filters)
        rows = self.env.execute_query(
            SQL(
                """
                WITH seen AS (%(seen)s)
                SELECT stage_id,
                       count(*) FILTER (WHERE %(left)s),
                       percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (
                           ORDER BY EXTRACT(EPOCH FROM date_to - date_from) / 86400)
                           FILTER (WHERE %(left)s),
                       count(*) FILTER (WHERE %(entered)s),
                       count(*) FILTER (WHERE %(at)s)
                  FROM seen GROUP BY stage_id
                """,
                seen=scope["seen"],
                left=self._sql_within("date_to", scope),
                entered=self._sql_within("date_from", scope),
                at=self._sql_at(scope["until"]),
            )
        )
        found = {row[0]: row[1:] for row in rows}
        months = scope["days"] / analysis.DAYS_OF_MONTH
        return {
            "months": months,
            "stages": [
                {
                    **self._describe_stage(stage),
                    "left": left,
                    "quartiles": quartiles,
                    "entered": entered,
                    "velocity": entered / months,
                    "present": present,
                }
                for stage in self._get_analysis_stages()
                if stage.active or stage.id in found
                for left, quartiles, entered, present in [
                    found.get(stage.id, (0, None, 0, 0))
                ]
            ],
        }

    @api.model
    @api.readonly
    def get_cohorts(self, filters):
        """Return what became of the customers by the month of their acquisition.

        :return: {months: 12, cohorts: [{month, size, retained, lost}]}; two lists of
            counts after 1, 2 ... 12 months: who had reached the stage retain by then,
            and who was lost at that time; None where the time is not over for all
        """
        scope = self._get_analysis_scope(filters)
        rows = self.env.execute_query(
            SQL(
                """
                WITH seen AS MATERIALIZED (%(seen)s), followed AS (%(followed)s)
                SELECT month, number, count(*),
                       count(*) FILTER (WHERE retained), count(*) FILTER (WHERE lost)
                  FROM followed GROUP BY month, number ORDER BY month, number
                """,
                seen=scope["seen"],
                followed=self._sql_cohorts(scope),
            )
        )
        cohorts = {}
        for month, number, size, retained, lost in rows:
            cohort = cohorts.setdefault(
                month,
                {
                    "month": fields.Date.to_string(month),
                    "size": size,
                    "retained": [None] * MONTHS,
                    "lost": [None] * MONTHS,
                },
            )
            if number and analysis.is_over(month, number, scope["last_day"]):
                cohort["retained"][number - 1] = retained
                cohort["lost"][number - 1] = lost
        return {"months": MONTHS, "cohorts": list(cohorts.values())}

    @api.model
    @api.readonly
    def get_analysis_choices(self):
        """Return what the filters offer: companies, salespeople and teams."""
        Customer = self.env["crm.customer"].with_context(active_test=False)
        people = Customer._read_group([("user_id", "!=", False)], ["user_id"])
        teams = Customer._read_group([("team_id", "!=", False)], ["team_id"])
        companies = Customer._read_group([], ["company_id"])
        names = {
            "users": [user for (user,) in people],
            "teams": [team for (team,) in teams],
            "companies": [company for (company,) in companies],
        }
        return {
            name: sorted(
                # names of colleagues and companies whose customers the user sees
                ({"id": rec.id, "name": rec.sudo().display_name} for rec in records),
                key=lambda choice: choice["name"],
            )
            for name, records in names.items()
        }

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------
    @api.model
    def _get_analysis_scope(self, filters):
        """Return the moments that the dates mean, and the SELECT of the intervals.

        :raise UserError: when a date is missing or the period is empty
        """
        try:
            first = fields.Date.to_date(filters["date_from"])
            last = fields.Date.to_date(filters["date_to"])
        except (KeyError, TypeError, ValueError):
            first = last = None
        if not first or not last or not (1900 <= first.year and last.year <= 9998):
            raise UserError(self.env._("Choose the two dates of the analysis."))
        if first >= last:
            raise UserError(self.env._("The first date has to be before the second."))
        customers = self._get_analysis_domain(filters)
        # what is archived today was a customer then
        History = self.with_context(active_test=False)
        query = History._search(
            [("customer_id", "any", customers)] if customers else []
        )
        columns = ("customer_id", "stage_id", "date_from", "date_to")
        return {
            "since": self._end_of_day(first),
            "until": self._end_of_day(last),
            "days": (last - first).days,
            "last_day": last,
            "seen": query.select(*(SQL.identifier(self._table, c) for c in columns)),
        }

    @api.model
    def _get_analysis_domain(self, filters):
        """Return the domain of the customers, or of the leads, that are looked at."""
        chosen = [
            (name, "=", int(filters[name]))
            for name in ("company_id", "user_id", "team_id")
            if filters.get(name)
        ]
        return list(Domain(chosen)) if chosen else []

    @api.model
    def _get_lead_domain(self, filters):
        """Return the domain of the leads without contact open at the end of date_to.

        A contact that was named later is not told apart: it counts with its customer.
        """
        until = self._get_analysis_scope(filters)["until"]
        moment = fields.Datetime.to_string(until)
        return [
            ("partner_id", "=", False),
            ("create_date", "<", moment),
            "|",
            ("date_closed", "=", False),
            ("date_closed", ">=", moment),
            "|",
            ("active", "=", True),
            ("date_closed", "!=", False),
            *self._get_analysis_domain(filters),
        ]

    @api.model
    def _count_leads(self, filters):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        return Lead.search_count(self._get_lead_domain(filters))

    @api.model
    def _get_analysis_stages(self):
        """Return the stages in their order, the lost ones last."""
        stages = self.env["crm.lifecycle.stage"].with_context(active_test=False)
        companies = self.env.companies.root_id.ids
        found = stages.search([("company_id", "in", [*companies, False])])
        return found.sorted(lambda stage: stage.code == LOST_CODE)

    @api.model
    def _describe_stage(self, stage):
        return {"id": stage.id, "name": stage.name, "code": stage.code}

    @api.model
    def _get_time_zone(self):
        name = self.env.context.get("tz") or self.env.user.tz
        return pytz.timezone(name if name in pytz.all_timezones_set else "UTC")

    @api.model
    def _end_of_day(self, day):
        """Return the first moment, in UTC, that no longer belongs to a day."""
        midnight = datetime.combine(day + timedelta(days=1), time())
        local = self._get_time_zone().localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _sql_at(self, moment):
        """Return the condition that an interval holds just before a moment."""
        return SQL(
            "date_from < %(at)s AND (date_to IS NULL OR date_to >= %(at)s)", at=moment
        )

    @api.model
    def _sql_within(self, column, scope):
        column = SQL.identifier(column)
        return SQL(
            "%s >= %s AND %s < %s", column, scope["since"], column, scope["until"]
        )

    @api.model
    def _sql_cohorts(self, scope):
        """Return the SELECT of month, number, customer_id, retained, lost.

        One row for each acquired customer and number of months since; number 0 has
        everybody.
        """
        stages = self._get_analysis_stages()
        codes = {
            name: [stage.id for stage in stages if stage.code in wanted]
            for name, wanted in (
                ("acquired", ACQUIRED_CODES),
                ("retained", ACQUIRED_CODES[1:]),
                ("lost", (LOST_CODE,)),
            )
        }
        return SQL(
            """
            SELECT cohort.month, number.number, cohort.customer_id,
                   COALESCE(retained.at < later.at, FALSE) AS retained,
                   lost.customer_id IS NOT NULL AS lost
              FROM (SELECT customer_id, min(date_from) AS at,
                           date_trunc('month', min(date_from) AT TIME ZONE 'UTC'
                                               AT TIME ZONE %(zone)s)::date AS month
                      FROM seen WHERE stage_id = ANY(%(acquired)s)
                     GROUP BY customer_id
                    HAVING min(date_from) >= %(since)s AND min(date_from) < %(until)s
                   ) cohort
              LEFT JOIN (SELECT customer_id, min(date_from) AS at FROM seen
                          WHERE stage_id = ANY(%(retained)s) GROUP BY customer_id
                        ) retained USING (customer_id)
             CROSS JOIN generate_series(0, %(months)s) AS number(number)
             CROSS JOIN LATERAL (
                   SELECT cohort.at + number.number * interval '1 month' AS at) later
              LEFT JOIN (SELECT customer_id, date_from, date_to FROM seen
                          WHERE stage_id = ANY(%(lost)s)) lost
                ON lost.customer_id = cohort.customer_id AND lost.date_from < later.at
               AND (lost.date_to IS NULL OR lost.date_to >= later.at)
             WHERE number.number = 0 OR later.at <= %(until)s
            """,
            **codes,
            zone=self._get_time_zone().zone,
            since=scope["since"],
            until=scope["until"],
            months=MONTHS,
        )
