"""Billing periods, counted from an anchor date.

Period n begins at ``anchor + n x interval``; it is never chained from the period
before it, so that a short month does not shift the months after it:

>>> every_month = Rule("month")
>>> [str(boundary(date(2024, 1, 31), every_month, n)) for n in range(4)]
['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30']

and 29 February comes back in leap years:

>>> [str(boundary(date(2024, 2, 29), Rule("year"), n)) for n in (1, 4)]
['2025-02-28', '2028-02-29']

Months and years may be those of the Persian solar calendar:

>>> nowruz = Rule("year", calendar="jalali")
>>> [str(boundary(date(2024, 3, 20), nowruz, n)) for n in range(3)]
['2024-03-20', '2025-03-21', '2026-03-21']

All days are inclusive: a period lasts from its first to its last day.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from .calendars import CALENDARS, add_months, months_between

UNITS = ("day", "week", "month", "quarter", "year")
BILLING_MODES = ("pre", "post")

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
ONE_DAY = timedelta(days=1)


class Rule(NamedTuple):
    """How often a line is billed: every ``interval`` units, before or after."""

    unit: str
    interval: int = 1
    mode: str = "pre"
    calendar: str = "gregorian"

    def check(self) -> None:
        """Raise ``ValueError`` where the rule cannot give periods.

        >>> Rule("month", 0).check()
        Traceback (most recent call last):
        ...
        ValueError: the interval must be 1 or more
        """
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit {self.unit!r}")
        if self.mode not in BILLING_MODES:
            raise ValueError(f"unknown billing mode {self.mode!r}")
        if self.calendar not in CALENDARS:
            raise ValueError(f"unknown calendar {self.calendar!r}")
        if self.interval < 1:
            raise ValueError("the interval must be 1 or more")


class Period(NamedTuple):
    """A billed stretch of days, and the whole period that it is (part of)."""

    first: date
    last: date
    whole_first: date
    whole_last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def whole_days(self) -> int:
        return (self.whole_last - self.whole_first).days + 1

    @property
    def is_whole(self) -> bool:
        return self.first == self.whole_first and self.last == self.whole_last

    def due(self, mode: str) -> date:
        """The day on which it is billed: its first day, or its last if post-paid."""
        return self.first if mode == "pre" else self.last


def boundary(anchor: date, rule: Rule, n: int) -> date:
    """First day of period ``n``; negative n count backwards from the anchor.

    >>> str(boundary(date(2026, 1, 15), Rule("quarter"), -1))
    '2025-10-15'
    """
    if rule.unit in _DAYS:
        return anchor + timedelta(days=_DAYS[rule.unit] * rule.interval * n)
    return add_months(anchor, _MONTHS[rule.unit] * rule.interval * n, rule.calendar)


def index_of(anchor: date, rule: Rule, day: date) -> int:
    """Number of the period that ``day`` falls in.

    >>> index_of(date(2024, 1, 31), Rule("month"), date(2024, 2, 28))
    0
    >>> index_of(date(2024, 1, 31), Rule("month"), date(2024, 2, 29))
    1
    """
    if rule.unit in _DAYS:
        return (day - anchor).days // (_DAYS[rule.unit] * rule.interval)
    months = months_between(anchor, day, rule.calendar)
    n = months // (_MONTHS[rule.unit] * rule.interval)
    return n if boundary(anchor, rule, n) <= day else n - 1


def next_period(
    anchor: date,
    rule: Rule,
    start: date,
    end: date | None = None,
    after: date | None = None,
) -> Period | None:
    """First period of a line that runs from ``start`` to ``end``, past day ``after``.

    The first and last period are cut at start and end. ``None`` once the line is over.

    >>> cut = next_period(date(2026, 1, 1), Rule("month"), date(2026, 1, 20))
    >>> str(cut.first), str(cut.last), cut.days, cut.whole_days
    ('2026-01-20', '2026-01-31', 12, 31)
    """
    first = start if after is None else max(start, after + ONE_DAY)
    if end is not None and first > end:
        return None
    n = index_of(anchor, rule, first)
    whole_first = boundary(anchor, rule, n)
    whole_last = boundary(anchor, rule, n + 1) - ONE_DAY
    last = whole_last if end is None else min(whole_last, end)
    return Period(first, last, whole_first, whole_last)


def due_periods(
    anchor: date,
    rule: Rule,
    start: date,
    end: date | None,
    after: date | None,
    until: date,
) -> Iterator[Period]:
    """Periods past ``after`` that are to be billed on day ``until`` or before.

    >>> [str(p.first) for p in due_periods(
    ...     date(2026, 1, 1), Rule("month"), date(2026, 1, 1), None, None,
    ...     until=date(2026, 3, 1))]
    ['2026-01-01', '2026-02-01', '2026-03-01']

    Post-paid, a period is due on its last day:

    >>> [str(p.first) for p in due_periods(
    ...     date(2026, 1, 1), Rule("month", 1, "post"), date(2026, 1, 1), None, None,
    ...     until=date(2026, 3, 1))]
    ['2026-01-01', '2026-02-01']
    """
    period = next_period(anchor, rule, start, end, after)
    while period is not None and period.due(rule.mode) <= until:
        yield period
        period = next_period(anchor, rule, start, end, period.last)


def whole_period(
    anchor: date, rule: Rule, first: date, last: date | None = None
) -> Period:
    """The days from ``first`` to ``last``, as a part of the period they lie in.

    >>> period = whole_period(date(2026, 1, 1), Rule("quarter"), date(2026, 2, 10))
    >>> str(period.whole_first), str(period.last), period.days
    ('2026-01-01', '2026-03-31', 50)
    """
    n = index_of(anchor, rule, first)
    whole_last = boundary(anchor, rule, n + 1) - ONE_DAY
    last = whole_last if last is None else min(last, whole_last)
    return Period(first, last, boundary(anchor, rule, n), whole_last)
