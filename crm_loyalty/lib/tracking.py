"""Cumulative repeat purchases that a model expects of a whole base, over time."""

import numpy as np

from . import nbd

MOST_POINTS = 120


def expected_curve(model, params, births, counts, times):
    """Repeat purchases expected of all customers until each of `times`.

    :param births: when customers bought for the first time, distinct times
    :param counts: how many did so at each of them
    :param times: points of the curve, in the same unit and from the same zero
    :return: array like `times`
    """
    births, times = np.asarray(births, dtype=float), np.asarray(times, dtype=float)
    age = np.maximum(times[:, None] - births[None, :], 0)
    ages, place = np.unique(age, return_inverse=True)
    expected = nbd.expected_of_new(model, params, ages)
    return expected[place].reshape(age.shape) @ np.asarray(counts, dtype=float)


def points(span: float) -> list[float]:
    """Whole periods from 0 to `span` for a curve, at most `MOST_POINTS`.

    The last one is `span` itself, whole or not.

    >>> points(3.5), points(0)
    ([0.0, 1.0, 2.0, 3.0, 3.5], [0.0])
    >>> len(points(5000)) <= MOST_POINTS + 1
    True
    """
    step = max(1, int(-(-span // MOST_POINTS)))
    whole = [float(point) for point in range(0, int(span) + 1, step)]
    return whole if whole[-1] == span else [*whole, float(span)]
