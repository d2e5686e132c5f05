"""Gamma-Gamma, calibration, retention and COPY: properties, without Odoo."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..lib import calibration, clv, gammagamma, nbd, pgcopy, retention, valuation

PARAMS = gammagamma.GammaGamma(6.0, 4.0, 15.0)


def spenders(size, seed=3):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 8, size)
    rate = rng.gamma(PARAMS.q, 1 / PARAMS.gamma, size)
    return x, rng.gamma(PARAMS.p * x, 1 / (rate * x))


def test_simulated_spending_gives_its_parameters_back():
    x, mean = spenders(60_000)
    found = gammagamma.fit(x, mean)
    assert found.status == "ok"
    assert found.params == pytest.approx(PARAMS, rel=0.05)
    assert found.correlation == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("currency", [1e-3, 1.0, 42_000.0])
def test_another_currency_changes_gamma_alone(currency):
    x, mean = spenders(5000)
    one, other = gammagamma.fit(x, mean), gammagamma.fit(x, mean * currency)
    there = other.params._replace(gamma=other.params.gamma / currency)
    assert there == pytest.approx(one.params, rel=1e-4)


def test_values_of_nothing_or_less_are_left_out_and_counted():
    x, mean = spenders(2000)
    with_returns = gammagamma.fit(
        np.append(x, [1, 2, 0]), np.append(mean, [0.0, -5.0, 9.0])
    )
    alone = gammagamma.fit(x, mean)
    assert with_returns.ignored == 2
    assert with_returns.customers == 2000
    assert with_returns.params == pytest.approx(alone.params, rel=1e-9)


def test_frequency_that_goes_with_value_shows_in_the_correlation():
    x, mean = spenders(2000)
    assert gammagamma.fit(x, mean * x).correlation > 0.3


def test_equal_values_and_few_customers_are_not_fitted():
    assert gammagamma.fit([1, 2, 3], [5, 5, 5]).status == "too_little"
    assert gammagamma.fit([], []).status == "too_little"
    x, mean = spenders(20)
    assert gammagamma.fit(x, mean, min_customers=50).status == "too_little"


@given(st.integers(0, 10**6), st.floats(-1e6, 1e9))
def test_an_expected_value_lies_between_own_and_usual_mean(x, mean):
    found = float(gammagamma.expected_value(PARAMS, x, mean))
    if x and mean <= 0:
        assert found == 0
    elif x:
        low, high = sorted((mean, PARAMS.mean))
        assert low * (1 - 1e-9) <= found <= high * (1 + 1e-9)
    else:
        assert found == pytest.approx(PARAMS.mean)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=40))
def test_auc_counts_pairs(rows):
    wins = [
        1.0 if good > bad else 0.5 if good == bad else 0.0
        for positive, good in rows
        for negative, bad in rows
        if positive and not negative
    ]
    positive, score = zip(*rows, strict=True)
    found = calibration.auc(positive, score)
    assert found == (pytest.approx(sum(wins) / len(wins)) if wins else None)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(1, 3))))
def test_a_weight_is_so_many_rows(rows):
    if not rows:
        return
    many = [(positive, score) for positive, score, n in rows for _ in range(n)]
    weighted = calibration.auc(*zip(*rows, strict=True))
    alone = calibration.auc(*zip(*many, strict=True))
    assert (weighted is None) == (alone is None)
    assert weighted is None or weighted == pytest.approx(alone)


@given(st.dates(), st.integers(0, 5000), st.integers(1, 2000))
def test_the_holdout_is_half_the_history_at_most(first, span, longest):
    if first > date(9000, 1, 1):
        return
    last = first + timedelta(days=span)
    cut = calibration.cut_date(first, last, longest)
    if cut is not None:
        assert first < cut < last
        assert (last - cut).days <= min(longest, -(-span // 2))


def test_the_recalibration_finds_the_link_and_refuses_a_senseless_one():
    rng = np.random.default_rng(5)
    expected = rng.gamma(0.5, 1, 20_000)
    truth = calibration.Recalibration(0.3, 1.2)
    bought = rng.random(len(expected)) < truth.probability(expected)
    assert calibration.recalibrate(expected, bought) == pytest.approx(truth, abs=0.05)
    assert calibration.recalibrate(expected, ~bought) is None
    assert calibration.recalibrate(expected[:40], bought[:40]) is None
    assert calibration.recalibrate(expected, np.ones(len(expected), bool)) is None


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0.01, 0.99))
def test_retention_is_never_certain(before, share, assumed):
    rate = retention.retention_rate(before, int(before * share), assumed)
    assert 0 < rate < 1


def test_much_data_outweigh_what_was_assumed():
    assert retention.retention_rate(10**6, 6 * 10**5, 0.9) == pytest.approx(
        0.6, abs=1e-4
    )


@settings(deadline=None)
@given(st.integers(1, 900), st.floats(0, 0.5))
def test_discounting_never_adds_and_a_longer_horizon_never_takes(days, rate):
    params = nbd.Parameters(0.5, 6, 0.9, 1.6)
    plain = clv.discounted_if_alive("mbgnbd", params, 2, 30, days, "week")
    less = clv.discounted_if_alive("mbgnbd", params, 2, 30, days, "week", rate)
    more = clv.discounted_if_alive("mbgnbd", params, 2, 30, days + 10, "week", rate)
    whole = nbd.expected_if_alive("mbgnbd", params, 2, 30, days / 7)
    assert plain == pytest.approx(float(whole))
    assert less <= plain + 1e-12
    assert less <= more + 1e-12


def test_each_customer_gets_his_own_score():
    """Chunks share what equal customers have in common, and mix nobody up."""
    rng = np.random.default_rng(2)
    x, T = rng.integers(0, 6, 500), rng.integers(0, 90, 500) / 7
    t_x = np.where(x > 0, T * rng.random(500), 0)
    value = rng.random(500) * 50
    estimate = valuation.Estimate(
        "mbgnbd", nbd.Parameters(0.5, 6, 0.9, 1.6), "week", PARAMS
    )
    outlook = valuation.Outlook(360, 0.1, 0.3)
    together = valuation.score(estimate, outlook, x, t_x, T, value)
    for index in range(0, 500, 50):
        one = slice(index, index + 1)
        alone = valuation.score(estimate, outlook, x[one], t_x[one], T[one], value[one])
        for many, single in zip(together, alone, strict=True):
            assert many[index] == pytest.approx(single[0], rel=1e-12)


def test_without_values_there_is_no_money_but_everything_else():
    estimate = valuation.Estimate("mbgnbd", nbd.Parameters(0.5, 6, 0.9, 1.6), "week")
    found = valuation.score(estimate, valuation.Outlook(360), [1], [2], [3], [4])
    assert np.isnan(found.clv[0])
    assert 0 < found.churn_risk[0] < 1


@given(st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.floats()), max_size=20))
def test_rows_survive_the_binary_copy(rows):
    kinds = {"id": "int4", "value": "float8"}
    columns = list(zip(*rows, strict=True)) or [[], []]
    ids, values = (np.array(column) for column in columns)
    reader = pgcopy.Reader(kinds)
    reader.write(pgcopy.encode(kinds, {"id": ids, "value": values}).read())
    found = reader.close()
    assert found["id"].tolist() == ids.tolist()
    assert np.array_equal(found["value"], values.astype(float), equal_nan=True)


def test_rows_of_another_shape_are_refused():
    written = pgcopy.encode({"id": "int4"}, {"id": np.array([1, 2, 3])}).read()
    reader = pgcopy.Reader({"id": "int8"})
    reader.write(written)
    with pytest.raises(ValueError):
        reader.close()
