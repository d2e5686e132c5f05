"""What a measure is, and the register of those that this addon ships.

A measure is a small class in Python: no group can edit SQL or code in the database.
"""

from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.figures import Figure
from ...lib.periods import utc_bounds

MEASURES = {}


def register(measure):
    """Class decorator: offer an instance of `measure` to the KPIs."""
    MEASURES[measure.code] = measure()
    return measure


class Scope(NamedTuple):
    """What to measure: every company in every period, in one go.

    `members` maps the id of each company to the ids of the companies whose documents
    it counts (itself and its branches); `timezones` maps it to the time zone in
    which its days begin.
    """

    periods: list
    members: dict
    timezones: dict

    def pairs(self):
        """Return the (company, member) pairs as two parallel lists."""
        pairs = [
            (company, member)
            for company, members in self.members.items()
            for member in members
        ]
        return [company for company, _ in pairs], [member for _, member in pairs]

    def member_timezones(self):
        """Return {member company: time zone}."""
        return {
            member: self.timezones[company]
            for company, members in self.members.items()
            for member in members
        }


class Measure:
    """One way to count something, for all periods and companies at once.

    - `requires`: the models that must be installed;
    - `unit`, `direction`: what a KPI on this measure starts with;
    - `is_ratio`: the value is numerator / denominator, each a sum;
    - `is_flow`: it happens over a period (else it stands at a date);
    - `is_additive`: the figures of periods add up to the figure of them all;
    - `zero_without_records`: a period without records is 0, not "no data";
    - `drill_model`, `drill_total`: where the records are, and (field, sign) whose sum
      over them is the numerator; without `drill_total` they are counted, and their
      number is the denominator (the value of a measure that is no ratio);
    - `drill_views`, `drill_search`: (kind, XML id or None) of the views to show them.
    """

    code = None
    unit = "number"
    direction = "up"
    requires = frozenset()
    is_ratio = False
    is_flow = True
    is_additive = True
    zero_without_records = False
    drill_model = None
    drill_total = None
    drill_views = ()
    drill_search = None

    def label(self, env):
        """Return the name of the measure in the reader's language."""
        raise NotImplementedError

    def definition(self, env):
        """Return what counts, what does not, and where it is read."""
        raise NotImplementedError

    def missing(self, env):
        """Return the names of the required models that are not installed."""
        return sorted(name for name in self.requires if name not in env)

    def figures(self, env, scope):
        """Return {(company id, first day of period): Figure} for `scope`.

        Reads with SQL, so pending changes are flushed here; the caller has decided
        who may know the result.
        """
        env.flush_all()
        found = {
            (company_id, start): Figure(numerator, denominator)
            for company_id, start, numerator, denominator in env.execute_query(
                self._query(env, scope)
            )
        }
        if self.zero_without_records:
            for company_id in scope.members:
                for period in scope.periods:
                    found.setdefault((company_id, period.start), Figure(0.0))
        return found

    def drill_domain(self, env, scope, company_id, period):
        """Return the domain of the records counted in one cell."""
        raise NotImplementedError

    def _query(self, env, scope):
        """Return SQL for (company_id, period start, numerator, denominator)."""
        raise NotImplementedError


class FlowMeasure(Measure):
    """A measure whose sums are first taken by day, then gathered into periods.

    So one pass over the records serves any number of periods, whatever their kind.
    """

    def _query(self, env, scope):
        companies, members = scope.pairs()
        return SQL(
            """
            SELECT scope.company_id, period.date_from,
                   SUM(daily.numerator), SUM(daily.denominator)
              FROM (%(daily)s) AS daily(company_id, day, numerator, denominator)
              JOIN UNNEST(%(companies)s::int[], %(members)s::int[])
                   AS scope(company_id, member_id)
                ON scope.member_id = daily.company_id
              JOIN UNNEST(%(starts)s::date[], %(ends)s::date[])
                   AS period(date_from, date_to)
                ON daily.day BETWEEN period.date_from AND period.date_to
             GROUP BY scope.company_id, period.date_from
            """,
            daily=self._daily_query(env, scope),
            companies=companies,
            members=members,
            starts=[period.start for period in scope.periods],
            ends=[period.end for period in scope.periods],
        )

    def _daily_query(self, env, scope):
        """Return SQL for (company id, day, numerator, denominator), one row a day."""
        raise NotImplementedError


def first_and_last_day(scope):
    """Return the days between which all periods of `scope` lie."""
    return (
        min(period.start for period in scope.periods),
        max(period.end for period in scope.periods),
    )


def members_with_timezone(scope):
    """Return SQL for the table (company_id, timezone) of the counted companies."""
    timezones = scope.member_timezones()
    return SQL(
        "UNNEST(%s::int[], %s::text[])", list(timezones), list(timezones.values())
    )


def company_domain(scope, company_id):
    return Domain("company_id", "in", scope.members[company_id])


def datetime_domain(field, scope, company_id, period):
    """Return the domain for `field` lying in `period`, by the company's own days."""
    start, stop = utc_bounds(period, scope.timezones[company_id])
    return Domain(field, ">=", start) & Domain(field, "<", stop)
