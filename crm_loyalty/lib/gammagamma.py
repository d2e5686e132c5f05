"""What the purchases of a customer are worth: the Gamma-Gamma model.

The value of each purchase varies around a mean of the customer's own, and those means
vary over customers; so a customer with few purchases is drawn towards all others, and
one with many stands for himself. The value must not depend on how often he buys.

    x       number of purchases that the mean was taken of
    mean    their mean value, above 0

Source: Fader & Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, psi

from .calibration import correlation
from .fitting import OK, TOO_LITTLE, Kinds, maximise

# In units of the mean value: p, q, gamma.
BOUNDS = ((1e-2, 1e4), (1 + 1e-2, 1e4), (1e-4, 1e5))
ROUGH_ROWS = 20_000  # beyond so many rows the starts are tried on a part of them
STARTS = ((2.0, 3.0, 1.0), (8.0, 4.0, 0.4), (1.0, 10.0, 9.0))


class GammaGamma(NamedTuple):
    """`gamma` in units of money; without dimension are `p` and `q`, `q` above 1."""

    p: float
    q: float
    gamma: float

    @property
    def mean(self):
        """Mean value of a purchase of somebody unknown."""
        return self.p * self.gamma / (self.q - 1)


class GammaGammaFit(NamedTuple):
    """`params` are set where `status` is ``ok``, else None.

    `ignored`: customers left out because their purchases come to nothing or less.
    `correlation`: between x and mean over customers; the model supposes none.
    `usual`: plain mean over customers, for a base that the model does not fit.
    """

    status: str
    params: GammaGamma | None
    loglikelihood: float | None
    customers: int
    ignored: int
    correlation: float | None
    usual: float | None


def loglikelihood(params, x, mean, weights=1.0, kinds=None):
    """Sum of `weights` times the log-likelihood of each row, and its gradient.

    :param kinds: ``Kinds.of(x)``, where it is known already
    :return: the sum, and its three derivatives by (p, q, gamma)
    """
    p, q, gamma = params
    x, mean = np.asarray(x, dtype=float), np.asarray(mean, dtype=float)
    weights = np.broadcast_to(np.asarray(weights, dtype=float), x.shape)
    kinds = kinds or Kinds.of(x)
    pooled = gamma + x * mean
    times, px = kinds.values, p * kinds.values
    count = kinds.total(weights)
    log_all = kinds.total(weights * np.log(pooled))
    log_mean = kinds.total(weights * np.log(mean))
    base = gammaln(px + q) - gammaln(px) - gammaln(q)
    base += q * np.log(gamma) + px * np.log(times)
    value = count @ base + (px - 1) @ log_mean - (px + q) @ log_all
    psi_sum = psi(px + q)
    by_p = times @ (count * (psi_sum - psi(px) + np.log(times)) + log_mean - log_all)
    by_q = count @ (psi_sum - psi(q) + np.log(gamma)) - log_all.sum()
    by_gamma = count.sum() * q / gamma - (px + q) @ kinds.total(weights / pooled)
    return float(value), np.array([by_p, by_q, by_gamma])


def expected_value(params, x, mean):
    """Expected value of a future purchase, knowing the mean of `x` earlier ones.

    A mean of 0 or less (everything came back) expects 0; without a purchase
    (``x = 0``) it is that of everybody.

    >>> params = GammaGamma(6.25, 3.74, 15.44)
    >>> expected_value(params, np.array([2, 0, 1]), np.array([22.35, 0, -5])).round(1)
    array([24.7, 35.2,  0. ])
    """
    p, q, gamma = params
    x, mean = np.asarray(x, dtype=float), np.asarray(mean, dtype=float)
    value = p * (gamma + x * np.maximum(mean, 0)) / (p * x + q - 1)
    return np.where((x > 0) & (mean <= 0), 0.0, value)


def fit(x, mean, weights=None, min_customers=1) -> GammaGammaFit:
    """Fit the model to customers with at least one (repeat) purchase.

    :param min_customers: with fewer usable customers the status is ``too_little``
    """
    x, mean = np.asarray(x, dtype=float), np.asarray(mean, dtype=float)
    weights = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    bought = x > 0
    used = bought & (mean > 0)
    ignored = int(weights[bought & ~used].sum())
    x, mean, weights = x[used], mean[used], weights[used]
    customers = int(weights.sum())
    scale = float(np.average(mean, weights=weights)) if customers else None
    figures = (customers, ignored, correlation(x, mean, weights), scale)
    if customers < max(min_customers, 2) or np.ptp(mean) <= 0:
        return GammaGammaFit(TOO_LITTLE, None, None, *figures)

    data = (x, mean / scale, weights)
    step = -(-len(x) // ROUGH_ROWS)
    rough = _mean(*(column[::step] for column in data)) if step > 1 else None
    found = maximise(_mean(*data), STARTS, BOUNDS, rough)
    if found.status != OK:
        return GammaGammaFit(found.status, None, None, *figures)
    p, q, gamma = found.values
    total = found.loglikelihood * customers - np.log(scale) * customers
    params = GammaGamma(p, q, gamma * scale)
    return GammaGammaFit(OK, params, float(total), *figures)


def _mean(x, mean, weights):
    total, kinds = weights.sum(), Kinds.of(x)

    def mean_loglikelihood(values):
        value, gradient = loglikelihood(values, x, mean, weights, kinds)
        return value / total, gradient / total

    return mean_loglikelihood
