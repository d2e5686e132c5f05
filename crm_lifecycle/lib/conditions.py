"""The condition of a rule as a tree, and the days on which it may turn by itself.

A condition compares facts with values. Where the value is a date relative to today
("-90d"), the passing of time alone can make it true or false: the days on which that
may happen are worked out here, so that the past can be judged as it was.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_OFFSET = re.compile(r"([+-])(\d{1,5})([dwmy])")


class Offset(NamedTuple):
    """A distance from today: calendar months first, then days."""

    months: int
    days: int


class Leaf(NamedTuple):
    """One comparison: a path of fields, an operator, a value."""

    path: str
    operator: str
    value: object


class Elapsed(NamedTuple):
    """The latest of some dates is at least (``silent``) or less than N days ago.

    With 0 days and not silent: one of the dates is known at all.
    """

    columns: tuple[str, ...]
    days: int
    silent: bool


class Branch(NamedTuple):
    """Conditions joined by "&" or "|", or one that is turned round by "!"."""

    connective: str
    items: tuple


Node = Leaf | Elapsed | Branch
TRUE = Branch("&", ())


def parse_offset(value: object) -> Offset | None:
    """Read a date relative to today; None where it is anything else.

    >>> parse_offset("-90d"), parse_offset("today -1y +2w")
    (Offset(months=0, days=-90), Offset(months=-12, days=14))
    >>> parse_offset("today"), parse_offset("2026-01-31"), parse_offset("=monday")
    (Offset(months=0, days=0), None, None)
    """
    terms = value.split() if isinstance(value, str) else []
    if not terms:
        return None
    if terms[0] in ("today", "now"):
        terms = terms[1:]
    months = days = 0
    for term in terms:
        match = _OFFSET.fullmatch(term)
        if not match:
            return None
        sign, number, unit = match.groups()
        amount = int(number) if sign == "+" else -int(number)
        months += amount * {"m": 1, "y": 12}.get(unit, 0)
        days += amount * {"d": 1, "w": 7}.get(unit, 0)
    return Offset(months, days)


def turning_days(offset: Offset) -> range:
    """Return how many days after ``date - offset`` a comparison may turn.

    By whole days it turns on that very day or on the next. Months have different
    lengths: the last day of a short one is reached from up to four days.

    >>> list(turning_days(Offset(0, -90))), list(turning_days(Offset(-1, 0)))
    ([0, 1], [0, 1, 2, 3, 4])
    """
    return range(5 if offset.months else 2)


def parse(domain: Iterable) -> Node:
    """Return the tree of a domain that was checked before.

    >>> parse([("a", "=", 1)])
    Leaf(path='a', operator='=', value=1)
    >>> parse(["!", ("a", "=", 1), ("b", "=", 2)]).items[1]
    Leaf(path='b', operator='=', value=2)
    >>> parse(["|", ("a", "=", 1)])
    Traceback (most recent call last):
        ...
    ValueError: a connective lacks a condition
    """
    tokens = iter(domain)
    nodes = []
    for token in tokens:
        nodes.append(_parse_node(token, tokens))
    return nodes[0] if len(nodes) == 1 else Branch("&", tuple(nodes))


def _parse_node(token: object, tokens: Iterator) -> Node:
    if isinstance(token, str):
        try:
            count = 1 if token == "!" else 2
            items = [_parse_node(next(tokens), tokens) for _turn in range(count)]
        except StopIteration:
            raise ValueError("a connective lacks a condition") from None
        return Branch(token, tuple(items))
    return Leaf(*token)


def leaves(node: Node) -> Iterator[Leaf | Elapsed]:
    """Yield the comparisons of a tree, from left to right.

    >>> [leaf.path for leaf in leaves(parse(["|", ("a", "=", 1), ("b", "=", 2)]))]
    ['a', 'b']
    """
    if isinstance(node, Branch):
        for item in node.items:
            yield from leaves(item)
    else:
        yield node


def columns(node: Node) -> set[str]:
    """Return the fields that a tree compares, paths included.

    >>> sorted(columns(Branch("&", (Elapsed(("x", "y"), 9, True), Leaf("a", "=", 1)))))
    ['a', 'x', 'y']
    """
    found: set[str] = set()
    for leaf in leaves(node):
        found.update(leaf.columns if isinstance(leaf, Elapsed) else (leaf.path,))
    return found
