"""From what rules said on which day to the stages that a customer went through.

One customer at a time, free of Odoo. The engine follows the same law live, day by
day (crm_customer_rules.py); that both agree is tested with random stories.

The law. On a day, the first rule that matches says which stage a customer should be
in; where none does, it is the entry stage. He moves there, except that no rule moves
him back within its ``hold`` days to the stage from which a rule had moved him: then
he waits, and moves once the hold is over if it is still wanted. A rule that is limited
to some stages only looks at customers who began the day there, or in its own stage.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

ENTRY_HOLD = 14
"""Days for which nobody falls back to the entry stage from where a rule moved him."""

DAY = timedelta(days=1)


class Aim(NamedTuple):
    """What folding needs to know of a rule. ``only_from``: None is every stage."""

    rule: Hashable
    stage: Hashable
    hold: int = 0
    only_from: Collection | None = None

    def sees(self, stage: Hashable) -> bool:
        """Tell whether the rule looks at customers of a stage.

        >>> Aim(1, "b", 0, ["a"]).sees("b"), Aim(1, "b", 0, ["a"]).sees("c")
        (True, False)
        """
        return self.only_from is None or stage == self.stage or stage in self.only_from


class Step(NamedTuple):
    """Which rules match from a day on until the next step, in their order."""

    day: date
    matches: Sequence[Aim]


class Interval(NamedTuple):
    """A stage from a day on; ``rule`` None: entered without a rule."""

    stage: Hashable
    since: date
    rule: Hashable | None


def fold(
    entry: Hashable, born: date, steps: Iterable[Step], today: date
) -> list[Interval]:
    """Return the stages of a customer who was born into ``entry`` on a day.

    :param steps: by day, each day once, none after ``today``
    :return: intervals in order of strictly rising days, no two neighbours in the same
        stage; the last one holds today

    >>> day = date(2026, 1, 1).replace
    >>> buys, silent = Aim("buys", "develop"), Aim("silent", "lost")
    >>> steps = [Step(day(day=1), []), Step(day(day=5), [buys]),
    ...          Step(day(day=8), [silent, buys])]
    >>> for interval in fold("identify", day(day=1), steps, day(day=20)):
    ...     print(interval.stage, interval.since.day, interval.rule)
    identify 1 None
    develop 5 buys
    lost 8 silent
    """
    steps = list(steps)
    if steps:
        born = min(born, steps[0].day)
    path = [Interval(entry, born, None)]
    ends = [step.day for step in steps[1:]] + [today + DAY]
    for step, end in zip(steps, ends, strict=False):
        _follow(path, entry, step, end)
    return path


def _follow(path: list[Interval], entry: Hashable, step: Step, end: date) -> None:
    """Let one step act on the days before ``end``: now, and after what it causes."""
    day = step.day
    while day < end:
        aim = first_match(step.matches, path[-1].stage, entry)
        if aim.stage == path[-1].stage:
            return
        free = hold_end(path, aim)
        if free and day < free:
            day = free
            continue
        _enter(path, Interval(aim.stage, day, aim.rule))
        day += DAY


def first_match(matches: Sequence[Aim], stage: Hashable, entry: Hashable) -> Aim:
    """Return the aim that decides for a customer of a stage.

    >>> first_match([Aim(1, "b", 0, ["c"]), Aim(2, "d")], "a", "e")
    Aim(rule=2, stage='d', hold=0, only_from=None)
    """
    for aim in matches:
        if aim.sees(stage):
            return aim
    return Aim(None, entry, ENTRY_HOLD)


def hold_end(path: Sequence[Interval], aim: Aim) -> date | None:
    """Return the day from which on an aim may take a customer back, None: any day."""
    if len(path) < 2 or path[-1].rule is None or path[-2].stage != aim.stage:
        return None
    return path[-1].since + timedelta(days=aim.hold)


def _enter(path: list[Interval], interval: Interval) -> None:
    """Add an interval; what it leaves no day for never happened."""
    if path[-1].since >= interval.since:
        interval = interval._replace(since=path.pop().since)
    if not path or path[-1].stage != interval.stage:
        path.append(interval)


class Piece(NamedTuple):
    """A time in a history, ``end`` None: still open. ``key`` says what it is."""

    key: Hashable
    start: object
    end: object | None


def overlay(base: Iterable[Piece], decided: Iterable[Piece]) -> list[Piece]:
    """Lay what persons decided over what the rules would have done.

    Both are in order and without overlap in themselves. A decision keeps exactly its
    time; the base fills the rest. Its first piece reaches back to the first decision,
    so that no gap is left.

    >>> overlay([Piece("a", 1, 5), Piece("b", 5, None)], [Piece("X", 3, 7)])
    [Piece(key='a', start=1, end=3), Piece(key='X', start=3, end=7), \
Piece(key='b', start=7, end=None)]
    """
    base, decided = list(base), list(decided)
    if base and decided and decided[0].start < base[0].start:
        base[0] = base[0]._replace(start=decided[0].start)
    pieces = [part for piece in base for part in _without(piece, decided)]
    return sorted([*pieces, *decided], key=lambda piece: piece.start)


def _without(piece: Piece, decided: Iterable[Piece]) -> list[Piece]:
    """Return what is left of a piece outside of the times decided."""
    left, start = [], piece.start
    for other in decided:
        if other.end is not None and other.end <= start:
            continue
        if piece.end is not None and other.start >= piece.end:
            break
        if other.start > start:
            left.append(Piece(piece.key, start, other.start))
        if other.end is None:
            return left
        start = other.end
        if piece.end is not None and start >= piece.end:
            return left
    if piece.end is None or start < piece.end:
        left.append(Piece(piece.key, start, piece.end))
    return left
