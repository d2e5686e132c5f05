"""Customers with a contract: they say when they leave, so gaps mean nothing.

Their value rests on the share of customers under contract who are still there a year
later, and on how often they bought so far.
"""

import numpy as np

from .clv import month_ends

PRIOR_WEIGHT = 5.0  # customers that the rate assumed beforehand counts for


def retention_rate(before: int, kept: int, assumed: float) -> float:
    """Yearly rate at which customers under contract stay, strictly between 0 and 1.

    (kept + 5 * assumed) / (before + 5): the rate assumed beforehand counts as much as
    five customers, so that one renewal does not mean that all will renew.

    :param before: customers under contract a year ago
    :param kept: those of them who still are
    :param assumed: rate expected without any data, between 0 and 1

    >>> retention_rate(0, 0, 0.8), retention_rate(95, 90, 0.8)
    (0.8, 0.94)
    >>> retention_rate(1, 1, 0.8) < 1
    True
    """
    return (kept + PRIOR_WEIGHT * assumed) / (before + PRIOR_WEIGHT)


def monthly_rates(purchases, months, mean: float):
    """Purchases a month of each customer, drawn to the mean of all of them.

    (purchases + 1) / (months + 1 / mean): everybody counts as having bought once more
    in the time that this takes on average. Where nobody has bought it is 0.

    :param purchases: repeat purchases of each customer
    :param months: how long each has been known, in months
    :param mean: purchases a month of all customers under contract

    >>> monthly_rates([3, 0], [12, 0], 0.25)
    array([0.25, 0.25])
    """
    purchases, months = np.asarray(purchases, float), np.asarray(months, float)
    if not mean:
        return np.zeros(purchases.shape)
    return (purchases + 1) / (months + 1 / mean)


def expected_months(rate: float, days: float, yearly_discount: float = 0.0) -> float:
    """Months that the contract is expected to run within the horizon, discounted.

    A month counts with the probability that the customer is still there at its end,
    ``rate ** (month / 12)``.

    :param days: the horizon, in days

    >>> round(expected_months(1.0, 360), 6)
    12.0
    >>> round(expected_months(0.8, 360), 2)
    10.66
    """
    ends = np.array(month_ends(days))
    lengths = np.diff(ends, prepend=0.0)
    return float((lengths * (rate / (1 + yearly_discount)) ** (ends / 12)).sum())
