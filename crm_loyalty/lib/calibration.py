"""How well a forecast stood up to what happened: figures of a holdout.

The purchases are cut in two: the model sees what came before the cut and forecasts
what came after it. Nothing here knows a model.
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from scipy.special import expit
from scipy.stats import rankdata

LEAST_EVENTS = 30  # buyers, and non-buyers, that a recalibration needs


class Recalibration(NamedTuple):
    """P(buys) = logistic(intercept + slope * ln(expected purchases))."""

    intercept: float
    slope: float

    def probability(self, expected):
        """Probability of at least one purchase, rising with those expected.

        >>> float(Recalibration(0.0, 1.0).probability(1.0))
        0.5
        """
        expected = np.maximum(np.asarray(expected, dtype=float), 1e-300)
        return expit(self.intercept + self.slope * np.log(expected))


def cut_date(first: date, last: date, longest_days: int) -> date | None:
    """Last day that the model sees: half the history is held out, or `longest_days`.

    :return: None when there is no day on either side

    >>> cut_date(date(1997, 1, 1), date(1998, 6, 30), 365)
    datetime.date(1997, 9, 30)
    >>> cut_date(date(1997, 1, 1), date(1998, 6, 30), 30)
    datetime.date(1998, 5, 31)
    >>> cut_date(date(1997, 1, 1), date(1997, 1, 2), 30) is None
    True
    """
    span = (last - first).days
    held = min(span - span // 2, longest_days)
    if held < 1 or held >= span:
        return None
    return last - timedelta(days=held)


def correlation(x, mean, weights=None):
    """Pearson's correlation of weighted pairs, None where one of them is constant.

    >>> round(correlation(np.array([1, 2, 3]), np.array([2, 4, 6.1])), 3)
    1.0
    >>> correlation(np.array([1, 1]), np.array([2, 4])) is None
    True
    """
    if len(x) < 2:
        return None
    weights = np.ones(len(x)) if weights is None else weights
    x = x - np.average(x, weights=weights)
    mean = mean - np.average(mean, weights=weights)
    spread = (weights * x**2).sum() * (weights * mean**2).sum()
    if not spread > 0:
        return None
    return float((weights * x * mean).sum() / np.sqrt(spread))


def auc(positive, score, weights=None) -> float | None:
    """Chance that a positive case scores higher than a negative one; ties count half.

    None where all cases are alike. `weights`: how often each row stands for.

    >>> auc([True, False, True], [3, 1, 1])
    0.75
    >>> auc([True, True], [1, 2]) is None
    True
    """
    positive = np.asarray(positive, dtype=bool)
    weights = np.ones(len(positive)) if weights is None else np.asarray(weights)
    order = np.asarray(rankdata(score, method="dense"), dtype=int) - 1
    wins = np.bincount(order, weights * positive, minlength=1)
    losses = np.bincount(order, weights * ~positive, minlength=1)
    pairs = wins.sum() * losses.sum()
    if not pairs:
        return None
    below = np.cumsum(losses) - losses
    return float((wins * (below + losses / 2)).sum() / pairs)


def cumulative_error(actual: float, expected: float) -> float | None:
    """Relative error of a total, negative where too little was expected.

    >>> cumulative_error(200, 190), cumulative_error(0, 1)
    (-0.05, None)
    """
    return (expected - actual) / actual if actual else None


def recalibrate(expected, bought, weights=None) -> Recalibration | None:
    """Fit the link between expected purchases and buying at all, by Newton's method.

    The models' own probability of buying ranks customers a little worse than their
    expected purchases do, and is too low for occasional buyers; this reads the
    probability off what really happened to customers with the same expectation.

    :return: None with too few cases, without a solution, or where buying does not
        become more likely with the purchases expected
    """
    bought = np.asarray(bought, dtype=bool)
    weights = np.ones(len(bought)) if weights is None else np.asarray(weights)
    events = (weights * bought).sum()
    if min(events, weights.sum() - events) < LEAST_EVENTS:
        return None
    logs = np.log(np.maximum(np.asarray(expected, dtype=float), 1e-300))
    design = np.column_stack((np.ones(len(logs)), logs))
    point = np.array([0.0, 1.0])
    for _ in range(50):
        chance = expit(design @ point)
        gradient = design.T @ (weights * (bought - chance))
        hessian = design.T @ (design * (weights * chance * (1 - chance))[:, None])
        if not np.linalg.det(hessian) > 0:
            return None
        step = np.linalg.solve(hessian, gradient)
        point = point + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            found = Recalibration(float(point[0]), float(point[1]))
            return found if found.slope > 0 else None
    return None
