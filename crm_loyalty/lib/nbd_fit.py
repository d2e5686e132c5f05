"""Parameters of BG/NBD and MBG/NBD from a customer base.

Customers with the same (x, t_x, T) are one row with a weight, so the cost follows the
number of different customers.
"""

from typing import NamedTuple

import numpy as np

from . import nbd
from .fitting import OK, TOO_LITTLE, Kinds, maximise

# In units of the mean time under observation: r, alpha, a, b.
BOUNDS = ((1e-3, 1e3), (1e-4, 1e4), (1e-3, 1e3), (1e-3, 1e4))
STARTS = (
    (0.5, 0.5, 0.7, 2.0),
    (1.0, 1.0, 0.3, 5.0),
    (3.0, 0.3, 0.1, 2.0),
)
ROUGH_ROWS = 20_000  # beyond so many rows the starts are tried on a coarser grid
GRID = 60  # cells of that grid along the longest time


class Groups(NamedTuple):
    """Different customers, each with how many there are (`weights`)."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    weights: np.ndarray


class NbdFit(NamedTuple):
    """`params` are set where `status` is ``ok``, else None."""

    status: str
    params: nbd.Parameters | None
    loglikelihood: float | None
    customers: int
    repeaters: int
    groups: int
    evaluations: int = 0


def group(x, t_x, T, weights=None) -> Groups:
    """Put equal customers together, in a fixed order.

    >>> group([1, 0, 1], [2.5, 0, 2.5], [9, 9, 9]).weights
    array([1., 2.])
    """
    x, t_x, T = (np.asarray(value, dtype=float) for value in (x, t_x, T))
    if weights is None:
        weights = np.ones(len(x))
    if not len(x):
        return Groups(x, t_x, T, np.asarray(weights, dtype=float))
    order = np.lexsort((T, t_x, x))
    rows = np.column_stack((x, t_x, T))[order]
    new = np.append(True, (rows[1:] != rows[:-1]).any(axis=1))
    starts = np.flatnonzero(new)
    totals = np.add.reduceat(np.asarray(weights, dtype=float)[order], starts)
    return Groups(*np.ascontiguousarray(rows[starts].T), totals)


def least_repeaters(min_customers: int) -> int:
    """How many must have bought more than once: a tenth, and never fewer than 5.

    >>> least_repeaters(50), least_repeaters(1000)
    (5, 100)
    """
    return max(5, -(-min_customers // 10))


def fit(model: str, data: Groups, min_customers: int = 1) -> NbdFit:
    """Fit `model`, or say why not.

    :param min_customers: with fewer customers, or fewer repeat buyers than
        `least_repeaters`, the status is ``too_little`` and nothing is tried
    """
    customers = int(data.weights.sum())
    repeaters = int(data.weights[data.x > 0].sum())
    figures = (customers, repeaters, len(data.x))
    needed = least_repeaters(min_customers)
    if customers < min_customers or repeaters < needed or not data.T.any():
        return NbdFit(TOO_LITTLE, None, None, *figures)
    scale = float((data.weights * data.T).sum() / customers)
    scaled = data._replace(t_x=data.t_x / scale, T=data.T / scale)
    found = maximise(
        _mean(model, scaled),
        STARTS,
        BOUNDS,
        _mean(model, _coarse(scaled)) if len(data.x) > ROUGH_ROWS else None,
    )
    if found.status != OK:
        return NbdFit(found.status, None, None, *figures, found.evaluations)
    r, alpha, a, b = found.values
    params = nbd.Parameters(r, alpha * scale, a, b)
    # in scaled time each of the x purchases has a density `scale` times as high
    shift = np.log(scale) * float((data.weights * data.x).sum())
    total = found.loglikelihood * customers - shift
    return NbdFit(OK, params, total, *figures, found.evaluations)


def _mean(model, data):
    total, kinds = data.weights.sum(), Kinds.of(data.x)

    def mean_loglikelihood(values):
        params = nbd.Parameters(*values)
        value, gradient = nbd.loglikelihood(model, params, *data, kinds)
        return value / total, gradient / total

    return mean_loglikelihood


def _coarse(data):
    """The same customers with times rounded to a grid, t_x never beyond T."""
    cell = data.T.max() / GRID
    T = np.round(data.T / cell) * cell
    t_x = np.minimum(np.where(data.x > 0, np.round(data.t_x / cell) * cell, 0), T)
    x = np.where(data.x > 20, np.round(data.x / 5) * 5, data.x)
    return group(x, t_x, T, data.weights)
