"""A grid of named segments: how recently by how often and how much.

The rows of the grid are the scores of recency, 1 to `bins`. Its columns are the mean
of the scores of frequency and monetary value, 1 to `bins` in steps of a half. A
range is a rectangle of cells that belongs to one segment; together the ranges have to
cover every cell exactly once.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from .rfm import GRID, level


class Range(NamedTuple):
    """A rectangle of the grid; all limits are inclusive."""

    segment: str
    recency_from: int
    recency_to: int
    value_from: float
    value_to: float

    def covers(self, recency: int, value: float) -> bool:
        return (
            self.recency_from <= recency <= self.recency_to
            and self.value_from <= value <= self.value_to
        )


def columns(bins: int) -> list[float]:
    """Means of two scores from 1 to `bins`.

    >>> columns(3)
    [1.0, 1.5, 2.0, 2.5, 3.0]
    """
    return [total / 2 for total in range(2, 2 * bins + 1)]


def cells(bins: int) -> list[tuple[int, float]]:
    """All cells (recency, value) of a grid.

    >>> len(cells(5)), cells(2)[:2]
    (45, [(1, 1.0), (1, 1.5)])
    """
    return list(product(range(1, bins + 1), columns(bins)))


def owners(ranges: Iterable[Range], bins: int) -> dict[tuple[int, float], list[str]]:
    """Segments of each cell: one where the grid is right, none or several if not.

    >>> owners([Range("a", 1, 2, 1, 1.5), Range("b", 2, 2, 1.5, 2)], 2)[2, 1.5]
    ['a', 'b']
    """
    ranges = list(ranges)
    return {
        cell: [r.segment for r in ranges if r.covers(*cell)] for cell in cells(bins)
    }


def faults(ranges: Iterable[Range], bins: int):
    """Cells without a segment, and cells with more than one.

    >>> faults([Range("a", 1, 2, 1, 1.5), Range("b", 2, 2, 1.5, 2)], 2)
    ([(1, 2.0)], [(2, 1.5)])
    """
    found = owners(ranges, bins)
    return (
        [cell for cell, names in found.items() if not names],
        [cell for cell, names in found.items() if len(names) > 1],
    )


def table(ranges: Iterable[Range], bins: int) -> list[tuple[int, int, int, str]]:
    """All combinations (recency, frequency, monetary, segment) of a faultless grid.

    >>> table([Range("low", 1, 2, 1, 1.5), Range("high", 1, 2, 2, 2)], 2)[-1]
    (2, 2, 2, 'high')
    """
    found = owners(ranges, bins)
    scale = range(1, bins + 1)
    return [
        (recency, frequency, monetary, found[recency, (frequency + monetary) / 2][0])
        for recency, frequency, monetary in product(scale, repeat=3)
    ]


def default_ranges(bins: int) -> list[Range]:
    """The ranges that say what ``rfm.segment`` says.

    >>> default_ranges(5)[0], len(default_ranges(5)), len(default_ranges(2))
    (Range(segment='champion', recency_from=4, recency_to=5, value_from=4.0, \
value_to=5.0), 9, 6)
    """
    rows = _bands([(score, level(score, 1, bins)) for score in range(1, bins + 1)])
    parts = _bands([(v, level(int(2 * v), 2, bins)) for v in columns(bins)])
    return [
        Range(GRID[row][part], *rows[row], *parts[part])
        for row, part in product(reversed(list(rows)), reversed(list(parts)))
    ]


def _bands(levels: Sequence[tuple[float, int]]) -> dict[int, tuple[float, float]]:
    """First and last score of each level."""
    bands = {}
    for score, name in levels:
        first, _last = bands.get(name, (score, score))
        bands[name] = (first, score)
    return bands
