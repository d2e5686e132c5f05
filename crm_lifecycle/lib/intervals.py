"""Intervals of time: when somebody belonged somewhere, and time that counts."""

from collections.abc import Iterable, Sequence
from datetime import datetime


def union(
    intervals: Iterable[tuple[datetime, datetime | None]],
) -> list[tuple[datetime, datetime | None]]:
    """Return the intervals with what overlaps or touches joined, the oldest first.

    An end of None is open. Numbers serve as well as moments:

    >>> union([(7, None), (1, 5), (3, 6)])
    [(1, 6), (7, None)]
    >>> union([(2, None), (4, 9)])
    [(2, None)]
    """
    joined: list[tuple[datetime, datetime | None]] = []
    for start, end in sorted(intervals, key=lambda interval: interval[0]):
        if joined and (joined[-1][1] is None or start <= joined[-1][1]):
            last_start, last_end = joined[-1]
            open_end = last_end is None or end is None
            joined[-1] = (last_start, None if open_end else max(last_end, end))
        else:
            joined.append((start, end))
    return joined


def hours_within(
    working: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime
) -> float:
    """Return the hours between two moments that fall into working intervals.

    >>> day = lambda hour: datetime(2026, 1, 5, hour)
    >>> hours_within([(day(8), day(12)), (day(13), day(17))], day(11), day(15))
    3.0
    >>> hours_within([], day(11), day(15))
    0.0
    """
    seconds = sum(
        max(0.0, (min(end, stop) - max(start, begin)).total_seconds())
        for begin, stop in working
    )
    return seconds / 3600
