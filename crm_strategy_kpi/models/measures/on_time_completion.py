from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from .base import (
    FlowMeasure,
    company_domain,
    datetime_domain,
    first_and_last_day,
    members_with_timezone,
    register,
)

# A local day begins at most this long before or after the same day in UTC.
TIMEZONE_MARGIN = timedelta(days=1)


@register
class OnTimeCompletion(FlowMeasure):
    """Manufacturing orders finished by the day that was promised.

    `date_deadline` is the promise: Odoo fills it from the demand behind the order.
    The planned end cannot serve, finishing an order overwrites it (`date_finished`).
    """

    code = "on_time_completion"
    unit = "percent"
    requires = frozenset({"mrp.production"})
    is_ratio = True
    drill_model = "mrp.production"

    def label(self, env):
        return env._("On-time completion")

    def definition(self, env):
        return env._(
            "Manufacturing orders done in the period and finished on or before the"
            " day of their deadline, divided by all manufacturing orders done in the"
            " period that have a deadline. Days are those of the company's time zone;"
            " the day of finishing decides the period. Orders without a deadline"
            " promised nothing and do not count; each backorder is an order of its"
            " own. Source: manufacturing orders (mrp.production: state, date_finished,"
            " date_deadline)."
        )

    def _daily_query(self, env, scope):
        first, last = first_and_last_day(scope)
        return SQL(
            """
            SELECT company_id, finished,
                   COUNT(*) FILTER (WHERE finished <= deadline), COUNT(*)
              FROM (SELECT production.company_id,
                           (production.date_finished AT TIME ZONE 'UTC'
                            AT TIME ZONE company.timezone)::date AS finished,
                           (production.date_deadline AT TIME ZONE 'UTC'
                            AT TIME ZONE company.timezone)::date AS deadline
                      FROM mrp_production production
                      JOIN %(members)s AS company(id, timezone)
                        ON company.id = production.company_id
                     WHERE production.state = 'done'
                       AND production.date_deadline IS NOT NULL
                       AND production.date_finished >= %(first)s
                       AND production.date_finished < %(last)s) AS done
             GROUP BY company_id, finished
            """,
            members=members_with_timezone(scope),
            first=first - TIMEZONE_MARGIN,
            last=last + 2 * TIMEZONE_MARGIN,
        )

    def drill_domain(self, env, scope, company_id, period):
        return (
            company_domain(scope, company_id)
            & Domain([("state", "=", "done"), ("date_deadline", "!=", False)])
            & datetime_domain("date_finished", scope, company_id, period)
        )
