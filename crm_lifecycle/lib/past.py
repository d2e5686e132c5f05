"""Stages from another system, laid before those that are known here."""

from collections.abc import Hashable, Iterable
from datetime import datetime

Row = tuple[Hashable, datetime, datetime | None]


def prepend(rows: Iterable[Row], start: datetime):
    """Make rows of the past into intervals without gap or overlap before `start`.

    :param rows: (key, entered, left) in any order; left None: until the next begins
    :param start: when the history that is known already begins
    :return: (intervals, problems): [(key, entered, left)] by beginning, and
        [(key, kind, moment)]: ``after`` (begins when the known history has begun),
        ``backwards``, ``overlap`` (ends after the next, or the known history, begins
        at moment) and ``gap`` (ends before). With problems, use no interval.

    >>> day = lambda number: datetime(2026, 1, number)
    >>> intervals, problems = prepend(
    ...     [("b", day(5), None), ("a", day(1), day(5))], day(9))
    >>> [(key, a.day, b.day) for key, a, b in intervals], problems
    ([('a', 1, 5), ('b', 5, 9)], [])
    >>> show = lambda rows: [
    ...     (key, kind, at.day) for key, kind, at in prepend(rows, day(9))[1]]
    >>> show([("a", day(1), day(3)), ("b", day(5), day(10))])
    [('a', 'gap', 5), ('b', 'overlap', 9)]
    >>> show([("a", day(4), day(2)), ("b", day(9), None)])
    [('a', 'backwards', 4), ('b', 'after', 9)]
    """
    ordered = sorted(rows, key=lambda row: row[1])
    begins = [entered for _key, entered, _left in ordered[1:]] + [start]
    intervals, problems = [], []
    for (key, entered, left), following in zip(ordered, begins, strict=True):
        problem = _find_problem(entered, left, following, start)
        if problem:
            problems.append((key, *problem))
        intervals.append((key, entered, left or following))
    return intervals, problems


def _find_problem(entered, left, following, start):
    if entered >= start:
        return "after", start
    if left is None:
        return ("overlap", following) if entered >= following else None
    if left < entered:
        return "backwards", entered
    if left > following or entered == following:
        return "overlap", following
    return ("gap", following) if left < following else None
