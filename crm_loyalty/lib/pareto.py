"""Pareto analysis of a customer base: classes, concentration, curve.

Everything is exact: values are integers, `Decimal` or `Fraction`, shares are
compared by multiplication and never by a rounded quotient, so that a customer who
stands exactly on a cut falls on the same side here and in the database.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

CLASSES = ("a", "b", "c")
DEFAULT_CUTS = (Decimal("0.80"), Decimal("0.95"))


class Concentration(NamedTuple):
    """How unequal a base is; each figure is None where nobody bought anything."""

    gini: float | None  # 0: all equal, towards 1: one customer has everything
    top_share: float | None  # share of revenue made by the best 20 % of customers
    customers_for_80: float | None  # share of customers who make 80 % of revenue


def ranked(values: Sequence) -> list[int]:
    """Positions of `values` from best to worst; equal values keep their order.

    >>> ranked([5, 9, 5])
    [1, 0, 2]
    """
    return sorted(range(len(values)), key=lambda position: -values[position])


def abc_classes(values: Sequence, cuts: Sequence = DEFAULT_CUTS) -> list[str | None]:
    """Class of each value by the share of the running total *before* it.

    A customer is an A as long as those ranked above him have not yet made the
    first cut's share; so the customer who crosses 80 % is still an A and a single
    customer is always one. Losses count as 0. With no positive value there
    is no share and hence no class: None.

    Source: Juran's Pareto principle as used in inventory analysis (Dickie 1951).

    >>> abc_classes([80, 15, 5])
    ['a', 'b', 'c']
    >>> abc_classes([70, 20, 10])
    ['a', 'a', 'b']
    >>> abc_classes([7]), abc_classes([0, -3])
    (['a'], [None, None])
    """
    total = sum(value for value in values if value > 0)
    classes: list[str | None] = [None] * len(values)
    if not total:
        return classes
    before = 0
    for position in ranked(values):
        classes[position] = CLASSES[sum(before >= cut * total for cut in cuts)]
        before += max(values[position], 0)
    return classes


def gini(values: Sequence) -> float | None:
    """Gini coefficient of the positive part of `values`, None without any.

    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 4])
    (0.0, 0.75)
    >>> gini([]) is None
    True
    """
    ordered = sorted((max(value, 0) for value in values), reverse=True)
    total, count = sum(ordered), len(ordered)
    if not total:
        return None
    weighted = sum(rank * value for rank, value in enumerate(ordered, 1))
    return float((count + 1 - 2 * weighted / total) / count)


def concentration(values: Sequence) -> Concentration:
    """The three figures that one says aloud about a Pareto curve.

    The best 20 % are the first ``ceil(n / 5)`` customers.

    >>> concentration([80, 5, 5, 5, 5])
    Concentration(gini=0.6, top_share=0.8, customers_for_80=0.2)
    """
    ordered = sorted((max(value, 0) for value in values), reverse=True)
    total, count = sum(ordered), len(ordered)
    if not total:
        return Concentration(None, None, None)
    best = -(-count // 5)
    running, needed = 0, 0
    for value in ordered:
        if 5 * running >= 4 * total:
            break
        running += value
        needed += 1
    top_share = float(sum(ordered[:best]) / total)
    return Concentration(gini(ordered), top_share, needed / count)
