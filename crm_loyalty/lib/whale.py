"""The whale curve: what customers add to the profit, and what some take away again.

Source: Kaplan & Narayanan, "Measuring and Managing Customer Profitability", Journal
of Cost Management 15 (5), 2001. The most profitable customers often make far more
than the whole profit, and the last ones lose a part of it.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Whale(NamedTuple):
    """Where the curve is highest, and where it ends."""

    customers: int
    peak_customers: int  # customers with a profit
    peak: float  # what they make
    profit: float  # what is left in the end


def whale(profits: Sequence) -> Whale:
    """The marked points of the curve of `profits`, one of each customer.

    >>> whale([50, -20, 30, 0])
    Whale(customers=4, peak_customers=2, peak=80, profit=60)
    >>> whale([])
    Whale(customers=0, peak_customers=0, peak=0, profit=0)
    """
    gains = [profit for profit in profits if profit > 0]
    return Whale(len(profits), len(gains), sum(gains), sum(profits))


def curve(profits: Sequence) -> list:
    """The running total, best customer first.

    >>> curve([50, -20, 30, 0])
    [50, 80, 80, 60]
    """
    running, points = 0, []
    for profit in sorted(profits, reverse=True):
        running += profit
        points.append(running)
    return points
