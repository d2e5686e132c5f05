"""ABC and RFM as one SQL statement over purchase facts.

The rules are those of ``lib.pareto`` and ``lib.rfm``, said again in window
functions; a property test holds the two together. Shares are compared by exact
numeric multiplication and scores by integer division, so nothing depends on the
rounding of a quotient. The share that is kept is rounded to a hundredth of a percent: a
finer one would change for everybody whenever somebody buys.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from ..lib.rfm import segment_table

# Decides between customers of equal revenue: the same order in every run.
BY_REVENUE = SQL("revenue DESC, id")


class FixedCuts(NamedTuple):
    """Limits between scores that do not depend on the other customers.

    Rising, one less than there are scores; see `lib.cuts`.
    """

    as_of: date
    recency: list  # up to so many days ago
    frequency: list  # from so many purchases
    monetary: list  # from so much money


def _score(position, bins):
    """`bins` for the best; `position`: how many customers are at least as good."""
    return SQL(
        "(%(bins)s - (%(position)s * %(bins)s - 1) / customers)::int",
        bins=bins,
        position=position,
    )


def _scores(bins, cuts):
    """The expressions of the three scores, in the order of the columns."""
    if not cuts:
        return [
            _score(SQL(name), bins) for name in ("by_date", "by_count", "by_revenue")
        ]
    return [
        # days are whole: a day before the limit is the limit not yet exceeded
        SQL(
            "%s - width_bucket((%s::date - last_date - 1)::numeric, %s::numeric[])",
            bins,
            cuts.as_of,
            cuts.recency,
        ),
        SQL("1 + width_bucket(purchases::numeric, %s::numeric[])", cuts.frequency),
        SQL("1 + width_bucket(revenue::numeric, %s::numeric[])", cuts.monetary),
    ]


def _abc_class(cut_a, cut_b):
    """The class by what those placed before have made; NULL without any revenue."""
    return SQL(
        """
        CASE WHEN total = 0 THEN NULL
             WHEN running - GREATEST(revenue, 0) < %s * total THEN 'a'
             WHEN running - GREATEST(revenue, 0) < %s * total THEN 'b'
             ELSE 'c' END
        """,
        cut_a,
        cut_b,
    )


def _placed(facts):
    """Each customer's place by revenue, and how many are at least as good."""
    return SQL(
        """
        SELECT id, revenue, last_date, purchases,
               COUNT(*) OVER () AS customers,
               SUM(GREATEST(revenue, 0)) OVER () AS total,
               ROW_NUMBER() OVER best AS place,
               SUM(GREATEST(revenue, 0)) OVER best AS running,
               COUNT(*) OVER (ORDER BY last_date DESC) AS by_date,
               COUNT(*) OVER (ORDER BY purchases DESC) AS by_count,
               COUNT(*) OVER (ORDER BY revenue DESC) AS by_revenue
          FROM (%s) fact
        WINDOW best AS (ORDER BY %s)
        """,
        facts,
        BY_REVENUE,
    )


def scored(facts, cut_a, cut_b, bins, cuts=None, grid=None) -> SQL:
    """SELECT the rating of each customer.

    :param facts: SQL of rows (id, last_date, purchases, revenue), one per customer
    :param cut_a: share of revenue below which a customer is an A, see `lib.pareto`
    :param cut_b: likewise for B
    :param bins: number of RFM scores
    :param cuts: `FixedCuts`; None: scores compare each customer with all others
    :param grid: (recency, frequency, monetary, segment) of all combinations of scores;
        None: the shipped one
    :return: id and the `RATING_COLUMNS` of ``crm.customer``, in their order
    """
    recency, frequency, monetary = _scores(bins, cuts)
    return SQL(
        """
        SELECT rated.*, grid.rfm_segment
          FROM (SELECT id, revenue AS rated_revenue, place AS revenue_rank,
                       ROUND(running / NULLIF(total, 0), 4) AS cumulative_share,
                       %(abc_class)s AS abc_class,
                       %(recency)s AS rfm_recency,
                       %(frequency)s AS rfm_frequency,
                       %(monetary)s AS rfm_monetary
                  FROM (%(placed)s) placed) rated
          JOIN (VALUES %(grid)s)
               AS grid (recency, frequency, monetary, rfm_segment)
            ON (grid.recency, grid.frequency, grid.monetary)
             = (rfm_recency, rfm_frequency, rfm_monetary)
        """,
        placed=_placed(facts),
        abc_class=_abc_class(cut_a, cut_b),
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        grid=SQL(", ").join(SQL("%s", row) for row in grid or segment_table(bins)),
    )
