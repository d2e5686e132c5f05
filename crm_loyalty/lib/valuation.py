"""What each customer of a base is likely to do, from parameters that fit the base."""

from typing import NamedTuple

import numpy as np

from . import gammagamma, nbd
from .calibration import Recalibration
from .clv import UNIT_DAYS, discounted_if_alive


class Estimate(NamedTuple):
    """What is known of a whole base."""

    model: str
    params: nbd.Parameters  # alpha in periods of `unit`
    unit: str  # day, week or month
    spend: gammagamma.GammaGamma | None = None
    usual: float | None = None  # value of a purchase, where `spend` is not known
    recalibration: Recalibration | None = None  # without it the model's own formula


class Outlook(NamedTuple):
    """How far to look, and what a purchase is worth."""

    days: float
    yearly_rate: float = 0.0
    margin: float = 1.0


class Scores(NamedTuple):
    """One array each; `clv` is NaN where nothing is known of values."""

    p_alive: np.ndarray
    expected_purchases: np.ndarray
    clv: np.ndarray
    churn_risk: np.ndarray


def score(estimate: Estimate, outlook: Outlook, x, t_x, T, value) -> Scores:
    """Score customers; what depends on (x, T) alone is done once for each such pair.

    :param x: repeat purchases; t_x, T: in ``estimate.unit``; see `nbd`
    :param value: mean value of the repeat purchases, anything where ``x`` is 0

    >>> estimate = Estimate(
    ...     "bgnbd",
    ...     nbd.Parameters(.242594, 4.413602, .792922, 2.425907),
    ...     "week",
    ...     gammagamma.GammaGamma(6.249572, 3.744225, 15.443521),
    ... )
    >>> pattern = ([2, 0], [30.43, 0], [38.86, 38.86], [22, 0])
    >>> found = score(estimate, Outlook(360), *pattern)
    >>> [float(number) for number in found.p_alive.round(3)]
    [0.727, 1.0]
    """
    model, params = estimate.model, estimate.params
    x, t_x, T = (np.asarray(values, dtype=float) for values in (x, t_x, T))
    horizon = outlook.days / UNIT_DAYS[estimate.unit]
    first, place = _pairs(x, T)
    ages = (x[first], T[first])
    until = nbd.expected_if_alive(model, params, *ages, horizon)
    discounted = discounted_if_alive(
        model, params, *ages, outlook.days, estimate.unit, outlook.yearly_rate
    )
    alive = nbd.probability_alive(model, params, x, t_x, T)
    expected = alive * until[place]
    worth = _worth(estimate, x, np.asarray(value, dtype=float))
    return Scores(
        alive,
        expected,
        alive * discounted[place] * worth * outlook.margin,
        churn_risk(estimate, x, t_x, T, horizon, expected),
    )


def _worth(estimate, x, value):
    """Value of a future purchase: by the model, else the customer's own mean.

    Who has bought only once counts as usual; NaN where nothing is known at all.
    """
    if estimate.spend:
        return gammagamma.expected_value(estimate.spend, x, value)
    usual = np.nan if estimate.usual is None else estimate.usual
    return np.where((x > 0) & ~np.isnan(usual), np.maximum(value, 0), usual)


def churn_risk(estimate: Estimate, x, t_x, T, horizon, expected):
    """Probability of no purchase within `horizon` (in ``estimate.unit``).

    From what happened in the holdout where that is known, else by the formula of the
    model, see `calibration.recalibrate` and `nbd.probability_no_purchase`.

    :param expected: purchases expected within the horizon
    """
    if estimate.recalibration:
        return 1 - estimate.recalibration.probability(expected)
    model, params = estimate.model, estimate.params
    return nbd.probability_no_purchase(model, params, x, t_x, T, horizon)


def _pairs(x, T):
    """Positions of one customer of each pair (x, T), and the pair of each customer."""
    ages, age = np.unique(T, return_inverse=True)
    key = x.astype(np.int64) * max(len(ages), 1) + age
    _kinds, first, place = np.unique(key, return_index=True, return_inverse=True)
    return first, place
