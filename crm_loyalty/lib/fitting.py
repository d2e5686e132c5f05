"""Maximum likelihood over positive parameters, with an honest account of the result.

Every model of this package hands its *mean* log-likelihood and gradient to
`maximise`, which works on the logarithms of the parameters: they stay positive, and
bounds are multiples. An optimum that lies on a bound is none: the data cannot say
where the parameter is.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

OK, TOO_LITTLE, NOT_CONVERGED, AT_BOUND = "ok", "too_little", "not_converged", "bound"

TOLERANCE = 1e-6  # of the gradient of the mean log-likelihood, in log parameters
EDGE = 1e-3  # so close to a bound, in log parameters, is on it
STEP = 1e-4  # of the numerical second derivative
NEWTON_STEPS = 6


class Optimum(NamedTuple):
    """Where the search ended.

    `values` are the parameters in natural scale and `loglikelihood` is the mean.
    Both are set for every status but `too_little`; use them only where it is `ok`.
    """

    status: str
    values: tuple[float, ...] | None
    loglikelihood: float | None
    evaluations: int


class Kinds(NamedTuple):
    """The different values of a column, and which of them each row has.

    What depends on that column alone is computed once for each value.
    """

    values: np.ndarray
    place: np.ndarray

    @classmethod
    def of(cls, column):
        return cls(*np.unique(column, return_inverse=True))

    def total(self, rows):
        """Sum of `rows` for each of the values."""
        return np.bincount(self.place, rows, minlength=len(self.values))


def dot(left, right) -> float:
    """Sum of the products of two long columns, by one thread.

    BLAS would wake all cores for it, and waits long for them on a busy server.

    >>> dot(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    11.0
    """
    return float(np.einsum("i,i->", left, right))


def maximise(
    mean_loglikelihood: Callable[[np.ndarray], tuple[float, np.ndarray]],
    starts: Sequence[Sequence[float]],
    bounds: Sequence[tuple[float, float]],
    search: Callable[[np.ndarray], tuple[float, np.ndarray]] | None = None,
) -> Optimum:
    """The best optimum found from all starts.

    :param mean_loglikelihood: ``f(values) -> (mean log-likelihood, gradient)``, the
        gradient with respect to `values`
    :param starts: points in natural scale, tried in this order; the result depends
        on nothing else, so the same data always give the same parameters
    :param bounds: lowest and highest value of each parameter, all above 0
    :param search: a cheaper approximation of the same function, on which the starts
        are compared; the best of them is then taken to the optimum of the full one

    >>> def parabola(values):
    ...     x = np.log(values)
    ...     return -float(((x - 1) ** 2).sum()), -2 * (x - 1) / values
    >>> found = maximise(parabola, [(1.0, 9.0)], [(0.01, 100), (0.01, 100)])
    >>> found.status, [round(value, 6) for value in found.values]
    ('ok', [2.718282, 2.718282])
    >>> maximise(parabola, [(1.0, 1.0)], [(0.01, 2), (0.01, 100)]).status
    'bound'
    """
    low, high = np.log(np.asarray(bounds, dtype=float)).T
    counter = _Counter(mean_loglikelihood)
    rough = _Counter(search) if search else counter
    candidates = [_climb(rough, start, low, high) for start in starts]
    best = min(candidates, key=lambda candidate: candidate[1])[0]
    if search:
        best = _climb(counter, np.exp(best), low, high)[0]
    point, value, gradient, curved = _polish(counter, best, low, high)
    return Optimum(
        _status(point, gradient, curved, low, high),
        tuple(float(number) for number in np.exp(point)),
        float(-value),
        counter.calls + (rough.calls if search else 0),
    )


class _Counter:
    """The negated function of log parameters; counts how often it is asked."""

    def __init__(self, function):
        self.function, self.calls = function, 0

    def __call__(self, point):
        self.calls += 1
        values = np.exp(point)
        with np.errstate(all="ignore"):
            mean, gradient = self.function(values)
        if not (np.isfinite(mean) and np.isfinite(gradient).all()):
            return 1e10, np.zeros_like(point)
        return -mean, -np.asarray(gradient) * values


def _climb(counter, start, low, high):
    begin = np.clip(np.log(np.asarray(start, dtype=float)), low, high)
    result = minimize(
        counter,
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(low, high, strict=True)),
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8},
    )
    return result.x, float(result.fun)


def _polish(counter, point, low, high):
    """A few Newton steps, which give digits that L-BFGS leaves open.

    :return: point, value, gradient, and whether the function curves upwards there
        in every direction: if not, some combination of parameters is free
    """
    value, gradient = counter(point)
    curved = False
    for _ in range(NEWTON_STEPS):
        hessian = _hessian(counter, point)
        eigenvalues = np.linalg.eigvalsh(hessian)
        curved = bool(eigenvalues[0] > 1e-9 * max(eigenvalues[-1], 1e-9))
        if not curved or np.abs(gradient).max() < TOLERANCE * 1e-3:
            break
        step = np.linalg.solve(hessian, gradient)
        trial = np.clip(point - step, low, high)
        new_value, new_gradient = counter(trial)
        if not new_value <= value + 1e-12:
            break
        point, value, gradient = trial, new_value, new_gradient
    return point, value, gradient, curved


def _hessian(counter, point):
    columns = []
    for index in range(len(point)):
        shift = np.zeros_like(point)
        shift[index] = STEP
        after, before = counter(point + shift)[1], counter(point - shift)[1]
        columns.append((after - before) / (2 * STEP))
    matrix = np.array(columns)
    return (matrix + matrix.T) / 2


def _status(point, gradient, curved, low, high):
    if (point - low < EDGE).any() or (high - point < EDGE).any():
        return AT_BOUND
    if not curved or np.abs(gradient).max() > TOLERANCE:
        return NOT_CONVERGED
    return OK
