"""Intervals of a history that follow each other without gap or overlap."""

from collections.abc import Hashable, Iterable
from datetime import datetime


def interleave(
    intervals: Iterable[tuple[Hashable, datetime, datetime | None]],
) -> list[tuple[Hashable, datetime, datetime | None]]:
    """Lay several histories into one: what began last holds until the next begins.

    :param intervals: (key, from, to) of all histories, ``to`` None where open; of two
        that begin at once, the one given later holds
    :return: the keys that hold for some time, by beginning, each ending where the next
        one begins and the last one open: no gap, no overlap

    >>> day = lambda number: datetime(2026, 1, number)
    >>> merged = interleave([("a", day(1), day(5)), ("b", day(5), None),
    ...                      ("x", day(3), None)])
    >>> [(key, start.day, end and end.day) for key, start, end in merged]
    [('a', 1, 3), ('x', 3, 5), ('b', 5, None)]
    >>> [key for key, _start, _end in interleave([("x", day(1), None),
    ...                                           ("y", day(1), None)])]
    ['y']
    """
    ordered = sorted(intervals, key=lambda interval: interval[1])
    ends = [start for _key, start, _end in ordered[1:]] + [None]
    return [
        (key, start, end)
        for (key, start, _old_end), end in zip(ordered, ends, strict=True)
        if start != end
    ]
