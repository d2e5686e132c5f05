"""From what was counted to the figure shown."""

from typing import NamedTuple

PERCENT = 100.0


class Figure(NamedTuple):
    """What a measure counted: `denominator` is None where the figure is a sum."""

    numerator: float | None
    denominator: float | None = None


def figure_value(figure, is_ratio, scale=1.0):
    """Return the value of `figure`, None where there is nothing to say.

    A ratio divides sums; over nothing it is no data, never 0.

    >>> figure_value(Figure(17.0, 20.0), True, PERCENT)
    85.0
    >>> figure_value(Figure(0.0, 0.0), True) is None
    True
    >>> figure_value(Figure(0.0), False), figure_value(None, False)
    (0.0, None)
    """
    if figure is None or figure.numerator is None:
        return None
    if not is_ratio:
        return figure.numerator * scale
    if not figure.denominator:
        return None
    return figure.numerator * scale / figure.denominator
