"""Recency, frequency and monetary scores, and the named segments made of them.

Source: Hughes, *Strategic Database Marketing* (1994); scores by cumulative
distribution instead of quintiles of ranks, because most bases have a majority of
equal customers (one purchase each), whom ranks would tear apart.
"""

from collections.abc import Sequence
from itertools import product

LOW, MIDDLE, HIGH = range(3)

# Rows: how recently (low, middle, high); columns: how much and how often.
GRID = (
    ("inactive", "hibernating", "at_risk"),
    ("about_to_sleep", "needs_attention", "loyal"),
    ("recent", "promising", "champion"),
)
SEGMENTS = tuple(name for row in reversed(GRID) for name in reversed(row))


def scores(values: Sequence, bins: int = 5) -> list[int]:
    """Score 1 to `bins` of each value: `bins` means "at most 1/bins do as well".

    From the share of customers who are at least as good, so equal values
    always get equal scores, and the largest group of equals sinks, never rises.

    >>> scores([10, 20, 30, 40, 50])
    [1, 2, 3, 4, 5]
    >>> scores([1, 1, 1, 2, 9])
    [1, 1, 1, 4, 5]
    """
    count = len(values)
    at_least, seen = {}, 0
    for value in sorted(values, reverse=True):
        seen += 1
        at_least[value] = seen
    return [bins - (at_least[value] * bins - 1) // count for value in values]


def level(score_sum: int, parts: int, bins: int) -> int:
    """Low, middle or high: where the mean of `parts` scores stands on its scale.

    Below two fifths of the scale is low, above three fifths is high.

    >>> [level(score, 1, 5) for score in (1, 2, 3, 4, 5)]
    [0, 0, 1, 2, 2]
    >>> [level(score, 1, 3) for score in (1, 2, 3)]
    [0, 1, 2]
    """
    position = (2 * score_sum - parts) * 5  # in tenths of (parts * bins)
    if position < 4 * parts * bins:
        return LOW
    return HIGH if position > 6 * parts * bins else MIDDLE


def segment(recency: int, frequency: int, monetary: int, bins: int = 5) -> str:
    """Name of the segment of three scores.

    >>> segment(5, 5, 5), segment(5, 1, 1), segment(1, 5, 4), segment(1, 1, 1)
    ('champion', 'recent', 'at_risk', 'inactive')
    """
    return GRID[level(recency, 1, bins)][level(frequency + monetary, 2, bins)]


def segment_table(bins: int = 5) -> list[tuple[int, int, int, str]]:
    """All combinations (recency, frequency, monetary, segment), for a set-based join.

    >>> len(segment_table(3)), segment_table(2)[0]
    (27, (1, 1, 1, 'inactive'))
    """
    scale = range(1, bins + 1)
    return [(*key, segment(*key, bins)) for key in product(scale, repeat=3)]
