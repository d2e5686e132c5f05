"""Which process matters most: effect, priority, rank, dissatisfaction and targets.

None means "no data" everywhere; it never turns into 0.
"""

from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key")

MAX_EFFECT = 3
MAX_IMPORTANCE = 5
HIGH, MEDIUM = 10.0, 5.0
"""Priorities from which on a process is of high or medium priority; 15 is the most."""


def effect(judged: Iterable[tuple[float, float]]) -> float | None:
    """Return the effect on the goals of the company, 0 to 3.

    The mean of the judged effects, weighted by the goals; goals that nobody has judged
    do not count.

    :param judged: (weight of the goal, effect on it)

    >>> effect([(1, 3), (1, 0), (2, 3)])
    2.25
    >>> effect([]) is None, effect([(0, 3)]) is None
    (True, True)
    """
    judged = list(judged)
    total = sum(weight for weight, _effect in judged)
    if not total:
        return None
    return sum(weight * value for weight, value in judged) / total


def priority(importance: float | None, effect: float | None) -> float | None:
    """Return importance to customers (1 to 5) x effect on goals (0 to 3): 0 to 15.

    >>> priority(4.5, 2)
    9.0
    >>> priority(None, 3) is None, priority(4, None) is None
    (True, True)
    """
    if importance is None or effect is None:
        return None
    return importance * effect


def level(priority: float | None) -> str:
    """Return high, medium, low, or unknown where there is no data.

    >>> level(10), level(5), level(0), level(None)
    ('high', 'medium', 'low', 'unknown')
    """
    if priority is None:
        return "unknown"
    return "high" if priority >= HIGH else "medium" if priority >= MEDIUM else "low"


def ranks(
    processes: Iterable[tuple[Key, float | None, float | None]],
) -> dict[Key, int]:
    """Return the rank of each process that has a priority, 1 for the first.

    By priority; where it is equal, the most dissatisfying first. Equals share a rank.

    :param processes: (key, priority, dissatisfaction in percent)

    >>> ranks([("a", 4, None), ("b", 9, 10), ("c", 9, 30), ("d", None, 90)])
    {'c': 1, 'b': 2, 'a': 3}
    >>> ranks([("a", 4, 5), ("b", 4, 5), ("c", 1, 5)])
    {'a': 1, 'b': 1, 'c': 3}
    """
    known = [
        (-priority, -(-1.0 if bad is None else bad), key)
        for key, priority, bad in processes
        if priority is not None
    ]
    known.sort(key=lambda entry: entry[:2])
    placed: dict[Key, int] = {}
    previous, place = None, 0
    for position, (*order, key) in enumerate(known, start=1):
        if order != previous:
            previous, place = order, position
        placed[key] = place
    return placed


def share(part: float, whole: float) -> float | None:
    """Return a share in percent, None of nothing.

    >>> share(1, 4), share(0, 3), share(0, 0)
    (25.0, 0.0, None)
    """
    return 100.0 * part / whole if whole else None


def is_met(direction: str, target: float, value: float) -> bool:
    """Tell whether a value meets its target: at least (up) or at most (down) that.

    >>> is_met("up", 90, 90), is_met("down", 2, 2.5)
    (True, False)
    """
    return value >= target if direction == "up" else value <= target


def progress(direction: str, target: float, value: float) -> float:
    """Return how near a value is to its target, 0 to 100 percent.

    >>> progress("up", 90, 45), progress("down", 2, 4), progress("down", 2, 1)
    (50.0, 50.0, 100.0)
    >>> progress("up", 0, -3), progress("down", 0, 5)
    (0.0, 0.0)
    """
    if is_met(direction, target, value):
        return 100.0
    part, whole = (value, target) if direction == "up" else (target, value)
    if whole <= 0 or part <= 0:
        return 0.0
    return min(100.0, 100.0 * part / whole)
