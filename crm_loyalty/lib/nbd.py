"""Buying until one day the customer stops: BG/NBD and MBG/NBD.

While active, a customer buys at random with a rate of his own (gamma distributed over
customers: shape `r`, scale `alpha` in units of time). After each purchase he stops for
good with a probability of his own (beta distributed: `a`, `b`). In BG/NBD only repeat
purchases carry that risk, so whoever bought once is certainly alive; in MBG/NBD the
first purchase carries it too, and he is not.

A customer is known by three numbers, all counted from the first purchase:

    x       repeat purchases (the first one is not counted)
    t_x     when the last of them was, 0 without any
    T       how long ago the first purchase was; t_x <= T

Times are in one unit throughout, the unit of `alpha`. All functions take numbers or
numpy arrays, and never give NaN where 0 <= t_x <= T.

Sources: Fader, Hardie & Lee, "Counting Your Customers the Easy Way", Marketing Science
24 (2005); Batislam, Denizel & Filiztekin, International Journal of Research in
Marketing 24 (2007); Hoppe & Wagner, Marketing Journal of Research and Management 3
(2007). Both models are the same formulas in `m`, the number of times at which the
customer could stop.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, expit, gammaln, hyp2f1, psi

from .fitting import Kinds, dot

BGNBD, MBGNBD = "bgnbd", "mbgnbd"
MODELS = (MBGNBD, BGNBD)
NEAR_ONE = 1e-4  # the formula of the expectation divides by a - 1
NODES = 96  # of the integral where the hypergeometric series gives up


class Parameters(NamedTuple):
    """What the model knows of a whole customer base; `alpha` in units of time."""

    r: float
    alpha: float
    a: float
    b: float


def _chances(model, x):
    """How often the customer could stop so far."""
    return x + 1 if model == MBGNBD else x


def log_odds_dead(model, params, x, t_x, T):
    """Logarithm of P(stopped) / P(alive) at time `T`; -inf where he cannot have.

    >>> float(log_odds_dead(BGNBD, Parameters(.243, 4.414, .793, 2.426), 0, 0, 39))
    -inf
    """
    x, t_x, T = (np.asarray(value, dtype=float) for value in (x, t_x, T))
    silence = np.log1p((T - t_x) / (params.alpha + t_x))
    return _log_chance(model, params, x) + (params.r + x) * silence


def probability_alive(model, params, x, t_x, T):
    """Probability between 0 and 1 that the customer has not stopped by `T`.

    >>> params = Parameters(.243, 4.414, .793, 2.426)
    >>> float(probability_alive(BGNBD, params, 2, 30.43, 38.86).round(4))
    0.7266
    >>> float(probability_alive(BGNBD, params, 0, 0, 38.86))
    1.0
    >>> float(probability_alive(MBGNBD, params, 0, 0, 38.86).round(2))
    0.64
    """
    return expit(-log_odds_dead(model, params, x, t_x, T))


def expected_if_alive(model, params, x, T, t):
    """Purchases expected in (T, T + t] of a customer who is alive at `T`.

    The closed form of the papers after Euler's transformation: what is left of the
    hypergeometric function has small parameters, also for a thousand purchases.
    With z = t / (alpha + T + t) and c = a + b + m - 1 it reads

        c / (a - 1) * (1 - (1 - z)**(a - 1) * 2F1(c - r - x, a - 1; c; z))

    Around a = 1, where it divides by nothing, it is interpolated. It lies between 0
    and t times the expected rate; a value outside, or none, comes from a gap of the
    series and is taken from the integral over the stopping probability.
    """
    r, alpha, a, b = params
    x, T, t = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (x, T, t)))
    rate, span, stop = r + x, alpha + T, b + _chances(model, x)
    order = a - 1
    if abs(order) >= NEAR_ONE:
        expected = _closed_form(order, stop, rate, t / (span + t))
    else:
        share = (1 + order / NEAR_ONE) / 2
        sides = [
            _closed_form(side, stop, rate, t / (span + t))
            for side in (-NEAR_ONE, NEAR_ONE)
        ]
        expected = (1 - share) * sides[0] + share * sides[1]
    bound = rate * t / span
    lost = ~((expected >= 0) & (expected <= bound * (1 + 1e-9)))
    if lost.any():
        expected = np.array(expected)
        expected[lost] = _integral(a, stop[lost], rate[lost], t[lost] / span[lost])
    return np.clip(expected, 0, bound)


def _closed_form(order, stop, rate, z):
    """The formula of `expected_if_alive`; `order` is a - 1, `stop` is b + m."""
    c = order + stop
    with np.errstate(all="ignore"):
        series = hyp2f1(c - rate, order, c, z)
        return -c / order * np.expm1(order * np.log1p(-z) + np.log(series))


def _integral(a, stop, rate, tau):
    """E[(1 - (1 + p tau)^-rate) / p] for p ~ Beta(a, stop), by tanh-sinh quadrature.

    On the scale of the beta's distribution function no weight is left, and what
    remains is bounded and monotonous, steep at the ends only.
    """
    step = 6.4 / NODES
    places = (np.arange(NODES + 1) - NODES / 2) * step
    share = expit(np.pi * np.sinh(places))
    weights = np.pi * np.cosh(places) * share * (1 - share) * step
    p = betaincinv(a, stop[..., None], share)
    p = np.where(np.isnan(p), a / (a + stop[..., None]), np.maximum(p, 1e-300))
    inner = -np.expm1(-rate[..., None] * np.log1p(p * tau[..., None])) / p
    return inner @ (weights / weights.sum())


def expected_purchases(model, params, x, t_x, T, t):
    """Purchases expected in (T, T + t], knowing how the customer bought until `T`.

    >>> params = Parameters(.242593, 4.413602, .792919, 2.425878)
    >>> float(expected_purchases(BGNBD, params, 2, 30.43, 38.86, 39).round(3))
    1.226
    """
    alive = probability_alive(model, params, x, t_x, T)
    return alive * expected_if_alive(model, params, x, T, t)


def expected_of_new(model, params, t):
    """Repeat purchases expected within `t` of the first one, of somebody unknown.

    >>> params = Parameters(.242593, 4.413602, .792919, 2.425878)
    >>> expected_of_new(BGNBD, params, np.array([1, 3, 32])).round(4)
    array([0.0532, 0.1506, 1.0437])
    """
    stays = params.b / (params.a + params.b) if model == MBGNBD else 1.0
    return stays * expected_if_alive(model, params, 0, 0, t)


def probability_no_purchase(model, params, x, t_x, T, t):
    """Probability that the customer buys nothing in (T, T + t]: churn within `t`.

    He has stopped, or he is alive and waits longer than `t`. One stops at purchases
    only, so until the next one nothing else can happen, and with the rate gamma
    distributed (r + x, alpha + T)

        P = 1 - P(alive) * (1 - ((alpha + T) / (alpha + T + t))**(r + x))

    >>> params = Parameters(.243, 4.414, .793, 2.426)
    >>> float(probability_no_purchase(BGNBD, params, 2, 30.43, 38.86, 39).round(3))
    0.445
    """
    r, alpha = params.r, params.alpha
    x, T = np.asarray(x, dtype=float), np.asarray(T, dtype=float)
    buys = -np.expm1(-(r + x) * np.log1p(t / (alpha + T)))
    return 1 - probability_alive(model, params, x, t_x, T) * buys


def loglikelihood(model, params, x, t_x, T, weights=1.0, kinds=None):
    """Sum of `weights` times the log-likelihood of each row, and its gradient.

    :param kinds: ``Kinds.of(x)``, where it is known already
    :return: the sum, and its four derivatives by (r, alpha, a, b)
    """
    r, alpha, a, b = params
    x, t_x, T = (np.asarray(value, dtype=float) for value in (x, t_x, T))
    weights = np.broadcast_to(np.asarray(weights, dtype=float), x.shape)
    kinds = kinds or Kinds.of(x)
    base, base_r, base_a, base_b = _by_count(model, params, kinds.values)
    count = kinds.total(weights)
    n = r + x
    span, last = alpha + T, alpha + t_x
    log_span = np.log(span)
    silence = log_span - np.log(last)
    odds = _log_chance(model, params, kinds.values)[kinds.place] + n * silence
    dead = weights * expit(odds)
    value = count @ base + dot(weights, np.logaddexp(0, odds) - n * log_span)
    by_r = count @ base_r - dot(weights, log_span) + dot(dead, silence)
    by_alpha = weights.sum() * r / alpha - dot(weights - dead, n / span)
    by_alpha -= dot(dead, n / last)
    gone = kinds.total(dead)
    stops = np.maximum(_chances(model, kinds.values), 1) + b - 1
    gradient = (by_r, by_alpha, count @ base_a + gone.sum() / a)
    return float(value), np.array([*gradient, count @ base_b - (gone / stops).sum()])


def _log_chance(model, params, x):
    """What P(stopped) / P(alive) is before the silence since the last purchase."""
    m = _chances(model, x)
    chance = np.log(params.a) - np.log(np.where(m > 0, params.b + m - 1, 1.0))
    return np.where(m > 0, chance, -np.inf)


def _by_count(model, params, x):
    """What depends on `x` alone: the value and its derivatives by r, a and b."""
    r, alpha, a, b = params
    m = _chances(model, x)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    value += gammaln(b + m) - gammaln(a + b + m) + gammaln(a + b) - gammaln(b)
    by_r = psi(r + x) - psi(r) + np.log(alpha)
    by_a = psi(a + b) - psi(a + b + m)
    return value, by_r, by_a, by_a + psi(b + m) - psi(b)
