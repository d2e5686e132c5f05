"""BG/NBD and MBG/NBD: properties and extremes, without Odoo."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..lib import nbd, nbd_fit

TRUE = nbd.Parameters(0.6, 6.0, 0.8, 2.5)


def scale(low, high):
    """Numbers spread evenly over orders of magnitude."""
    return st.floats(np.log(low), np.log(high)).map(lambda value: float(np.exp(value)))


parameters = st.builds(
    nbd.Parameters, scale(0.01, 50), scale(0.01, 500), scale(0.05, 50), scale(0.05, 500)
)
models = st.sampled_from(nbd.MODELS)
counts = st.sampled_from([0, 1, 2, 5, 20, 200, 5000])
ages = st.sampled_from([0.0, 0.01, 1.0, 40.0, 1e6])
shares = st.floats(0, 1)
spans = st.sampled_from([1e-3, 1.0, 52.0, 1e9])


def integral(model, params, x, T, t):
    """Expected purchases of somebody alive, by brute force over ln(p / (1 - p))."""
    from scipy.special import betaln, log1p

    r, alpha, a, b = params
    stop = b + x + (model == nbd.MBGNBD)
    tau = t / (alpha + T)
    middle, width = np.log(a / stop), 10 * np.sqrt(1 / a + 1 / stop)
    edges = np.linspace(
        middle - 60 / min(a, 1) - width, middle + 60 / min(stop, 1) + width, 400
    )
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half = np.diff(edges)[:, None] / 2
    y = edges[:-1, None] + half * (nodes + 1)
    density = a * -np.logaddexp(0, -y) - stop * np.logaddexp(0, y) - betaln(a, stop)
    p = np.maximum(1 / (1 + np.exp(-np.clip(y, -700, 700))), 1e-290)
    bought = -np.expm1(-(r + x) * log1p(p * tau)) / p
    return float((half * weights * np.exp(density) * bought).sum())


@settings(max_examples=120, deadline=None)
@given(
    models,
    parameters,
    st.sampled_from([0, 1, 2, 5, 20, 200]),
    st.sampled_from([0.0, 0.1, 3.0, 40.0, 500.0]),
    st.sampled_from([0.1, 1.0, 50.0, 1000.0]),
)
def test_the_closed_form_equals_the_integral(model, params, x, T, t):
    found = float(nbd.expected_if_alive(model, params, x, T, t))
    assert found == pytest.approx(integral(model, params, x, T, t), rel=1e-5)


@settings(deadline=None)
@given(models, parameters, counts, ages, shares, spans)
def test_no_input_gives_nonsense(model, params, x, T, share, t):
    t_x = T * share if x else 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        alive = nbd.probability_alive(model, params, x, t_x, T)
        nothing = nbd.probability_no_purchase(model, params, x, t_x, T, t)
        expected = nbd.expected_purchases(model, params, x, t_x, T, t)
    assert 0 <= alive <= 1
    assert 0 <= nothing <= 1
    assert 0 <= expected < np.inf
    # at least one purchase is never likelier than purchases are expected
    assert 1 - nothing <= expected * (1 + 1e-6) + 1e-9


@settings(deadline=None)
@given(models, parameters, counts, ages, shares)
def test_a_longer_time_never_brings_less(model, params, x, T, share):
    t_x = T * share if x else 0.0
    times = np.array([0.0, 0.5, 5.0, 50.0, 5e4])
    expected = nbd.expected_purchases(model, params, x, t_x, T, times)
    nothing = nbd.probability_no_purchase(model, params, x, t_x, T, times)
    assert expected[0] == 0 and nothing[0] == 1
    assert (np.diff(expected) >= -1e-6 * expected[1:]).all()
    assert (np.diff(nothing) <= 1e-12).all()


@settings(deadline=None)
@given(models, parameters, st.integers(1, 50), st.floats(0, 100))
def test_silence_makes_it_likelier_that_the_customer_has_gone(model, params, x, T):
    silent = np.array([1.0, 0.7, 0.3, 0.0]) * T
    alive = nbd.probability_alive(model, params, x, silent, T)
    assert (np.diff(alive) <= 1e-12).all()


@given(st.floats(-2e-4, 2e-4))
def test_where_the_formula_divides_by_nothing_it_goes_on_smoothly(offset):
    params = nbd.Parameters(0.5, 6, 1 + offset, 2)
    found = float(nbd.expected_if_alive("bgnbd", params, 3, 40, 52))
    assert found == pytest.approx(integral("bgnbd", params, 3, 40, 52), rel=1e-6)


def simulate(model, params, size, span, seed):
    """Customers who buy as the model says, and what they buy in `span` after T."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(params.r, 1 / params.alpha, size)
    stop = rng.beta(params.a, params.b, size)
    T = rng.uniform(20, 80, size)
    x, t_x, later = np.zeros(size), np.zeros(size), np.zeros(size)
    now = np.zeros(size)
    active = np.arange(size)
    if model == nbd.MBGNBD:
        active = active[rng.random(size) > stop]
    while len(active):
        now[active] += rng.exponential(1 / rate[active])
        active = active[now[active] <= T[active] + span]
        seen = active[now[active] <= T[active]]
        x[seen] += 1
        t_x[seen] = now[seen]
        later[active[now[active] > T[active]]] += 1
        active = active[rng.random(len(active)) > stop[active]]
    return x, t_x, T, later


@pytest.mark.parametrize("model", nbd.MODELS)
def test_simulated_customers_give_their_parameters_back(model):
    x, t_x, T, later = simulate(model, TRUE, 100_000, 50, 7)
    found = nbd_fit.fit(model, nbd_fit.group(x, t_x, T))
    assert found.status == "ok"
    assert found.params == pytest.approx(TRUE, rel=0.1)
    pattern = (x, t_x, T)
    expected = nbd.expected_purchases(model, TRUE, *pattern, 50)
    assert expected.sum() == pytest.approx(later.sum(), rel=0.02)
    nothing = nbd.probability_no_purchase(model, TRUE, *pattern, 50)
    assert nothing.mean() == pytest.approx((later == 0).mean(), abs=0.005)


@pytest.mark.parametrize("model", nbd.MODELS)
def test_the_gradient_is_that_of_the_likelihood(model):
    x, t_x, T, _later = simulate(model, TRUE, 200, 0, 3)
    values = np.array(TRUE)
    _value, gradient = nbd.loglikelihood(model, TRUE, x, t_x, T)
    for index in range(4):
        step = np.zeros(4)
        step[index] = 1e-6
        after = nbd.loglikelihood(model, nbd.Parameters(*(values + step)), x, t_x, T)
        before = nbd.loglikelihood(model, nbd.Parameters(*(values - step)), x, t_x, T)
        assert gradient[index] == pytest.approx((after[0] - before[0]) / 2e-6, rel=1e-4)


@pytest.mark.parametrize("model", nbd.MODELS)
def test_equal_customers_put_together_give_the_same_fit(model):
    x, t_x, T, _later = simulate(model, TRUE, 3000, 0, 5)
    t_x, T = np.floor(t_x), np.floor(T)
    alone = nbd_fit.fit(model, nbd_fit.Groups(x, t_x, T, np.ones(len(x))))
    grouped = nbd_fit.fit(model, nbd_fit.group(x, t_x, T))
    assert grouped.groups < alone.groups
    assert grouped.params == pytest.approx(alone.params, rel=1e-6)
    assert grouped.loglikelihood == pytest.approx(alone.loglikelihood, abs=1e-6)


def test_many_rows_are_searched_on_a_grid_and_fitted_exactly(monkeypatch):
    x, t_x, T, _later = simulate("mbgnbd", TRUE, 5000, 0, 11)
    data = nbd_fit.group(x, t_x, T)
    exact = nbd_fit.fit("mbgnbd", data)
    monkeypatch.setattr(nbd_fit, "ROUGH_ROWS", 100)
    assert nbd_fit.fit("mbgnbd", data).params == pytest.approx(exact.params, rel=1e-6)


@pytest.mark.parametrize("model", nbd.MODELS)
def test_too_little_data_are_not_fitted(model):
    few = nbd_fit.group([0, 1, 2], [0, 3, 8], [9, 9, 9])
    assert nbd_fit.fit(model, few, 10).status == "too_little"
    nobody = nbd_fit.group([], [], [])
    assert nbd_fit.fit(model, nobody).status == "too_little"
    never_again = nbd_fit.group(np.zeros(500), np.zeros(500), np.arange(500.0))
    assert nbd_fit.fit(model, never_again, 50).status == "too_little"
    all_today = nbd_fit.group(np.zeros(500), np.zeros(500), np.zeros(500))
    assert nbd_fit.fit(model, all_today, 50).status == "too_little"


def test_customers_who_never_stop_have_no_optimum():
    """Regular buyers: the chance to stop runs to 0, and that is said."""
    T = np.tile(np.arange(40.0, 80.0), 25)
    found = nbd_fit.fit("mbgnbd", nbd_fit.group(np.floor(T / 4), T - T % 4, T), 50)
    assert found.status in ("bound", "not_converged")
    assert found.params is None
