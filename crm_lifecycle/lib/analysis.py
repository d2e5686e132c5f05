"""Arithmetic of the lifecycle analysis: funnel, transitions, cohorts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

DAYS_OF_MONTH = 365.25 / 12
"""Mean length of a month, in days."""


def reached(ended: Sequence[int]) -> list[int]:
    """Count who came to each step of a path or further.

    :param ended: how many have this step as their furthest one, in the path's order

    >>> reached([5, 0, 3])
    [8, 3, 3]
    """
    return [sum(ended[step:]) for step in range(len(ended))]


def conversions(reached: Sequence[int], waiting: int = 0) -> list[float | None]:
    """Return the share of those at each step who went on to the next one.

    :param waiting: who stand at the first step beside those counted
    :return: shares from 0 to 1; None at the last step and where nobody came

    >>> conversions([8, 4, 0, 0], waiting=2)
    [0.4, 0.0, None, None]
    """
    at = [count + (0 if step else waiting) for step, count in enumerate(reached)]
    rates = [
        following / count if count else None
        for count, following in zip(at, reached[1:], strict=False)
    ]
    return [*rates, None] if reached else []


def matrix(rows: Sequence, columns: Sequence, counts: Mapping) -> dict:
    """Lay counts of pairs out as rows with totals.

    >>> table = matrix(["a", False], ["a", "b"], {("a", "b"): 2, (False, "a"): 1})
    >>> [(row["stage_id"], row["cells"], row["total"]) for row in table["rows"]]
    [('a', [0, 2], 2), (False, [1, 0], 1)]
    >>> table["totals"], table["total"]
    ([1, 2], 3)
    """
    lines = [[counts.get((row, column), 0) for column in columns] for row in rows]
    return {
        "rows": [
            {"stage_id": row, "cells": cells, "total": sum(cells)}
            for row, cells in zip(rows, lines, strict=True)
        ],
        "totals": [sum(line[index] for line in lines) for index in range(len(columns))],
        "total": sum(map(sum, lines)),
    }


def is_over(month: date, number: int, last_day: date) -> bool:
    """Whether a number of months is over for all who came in a month.

    :param month: any day of the month in which they came
    :param last_day: the last day that is known

    >>> is_over(date(2026, 1, 1), 1, date(2026, 2, 27))
    False
    >>> is_over(date(2026, 1, 1), 1, date(2026, 2, 28))
    True
    """
    following = month.replace(day=1) + relativedelta(months=number + 1)
    return last_day >= following - timedelta(days=1)
