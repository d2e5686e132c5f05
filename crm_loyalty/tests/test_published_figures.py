"""What the papers published of CDNOW comes out of our own arithmetic."""

from functools import cache

import numpy as np
import pytest

from ..lib import calibration, clv, gammagamma, nbd, nbd_fit, tracking, valuation
from . import calibration_sample

BGNBD = (0.243, 4.414, 0.793, 2.426)
MBGNBD = (0.5248, 6.1830, 0.8914, 1.6140)


@cache
def sample():
    return calibration_sample.load()


@cache
def fitted(model):
    data = sample()
    return nbd_fit.fit(model, nbd_fit.group(data.x, data.t_x, data.T))


@cache
def spend():
    return gammagamma.fit(sample().x, sample().value)


def forecast(model):
    data = sample()
    return nbd.expected_purchases(
        model, fitted(model).params, data.x, data.t_x, data.T, 39
    )


@pytest.mark.parametrize(
    ("model", "parameters", "loglikelihood"),
    [("bgnbd", BGNBD, -9582.43), ("mbgnbd", MBGNBD, -9582.13)],
)
def test_parameters_and_likelihood(model, parameters, loglikelihood):
    found = fitted(model)
    assert (found.status, found.customers, found.repeaters) == ("ok", 2357, 946)
    assert found.params == pytest.approx(parameters, abs=1e-3)
    assert found.loglikelihood == pytest.approx(loglikelihood, abs=0.01)


@pytest.mark.parametrize("unit", [1 / 7, 1.0, 4.0, 52.0])
@pytest.mark.parametrize("model", nbd.MODELS)
def test_another_unit_of_time_changes_alpha_alone(model, unit):
    data = sample()
    found = nbd_fit.fit(
        model, nbd_fit.group(data.x, data.t_x / unit, data.T / unit)
    ).params
    there = found._replace(alpha=found.alpha * unit)
    assert there == pytest.approx(fitted(model).params, abs=1e-4)


def test_expectation_of_one_customer():
    params = fitted("bgnbd").params
    alive = nbd.probability_alive("bgnbd", params, 2, 30.43, 38.86)
    expected = nbd.expected_purchases("bgnbd", params, 2, 30.43, 38.86, 39)
    assert (alive, expected) == pytest.approx((0.7266, 1.226), abs=1e-3)


def test_expectations_of_somebody_new():
    times = np.array([0.1429, 1, 3, 31.8571, 32, 78])
    published = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]
    found = nbd.expected_of_new("bgnbd", fitted("bgnbd").params, times)
    assert found == pytest.approx(published, abs=1e-3)


def test_values_of_purchases():
    found = spend()
    assert (found.status, found.customers, found.ignored) == ("ok", 946, 0)
    assert found.params == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
    assert found.loglikelihood == pytest.approx(-4055.92, abs=0.01)
    assert found.params.mean == pytest.approx(35.171, abs=1e-3)
    assert found.correlation == pytest.approx(0.114, abs=1e-3)


def test_values_of_the_first_ten_customers():
    """Of the published table of means, which is rounded to cents."""
    x = np.array([2, 1, 0, 0, 0, 7, 1, 0, 2, 0])
    mean = np.array([22.35, 11.77, 0, 0, 0, 73.74, 11.77, 0, 25.55, 0])
    published = [24.659, 18.911, 35.171, 35.171, 35.171]
    published += [71.463, 18.911, 35.171, 27.282, 35.171]
    found = gammagamma.expected_value(spend().params, x, mean)
    assert found == pytest.approx(published, abs=3e-3)


def test_lifetime_value_of_the_first_customer_and_the_trap():
    estimate = valuation.Estimate(
        "bgnbd", fitted("bgnbd").params, "week", spend().params
    )
    outlook = valuation.Outlook(360, 1.01**12 - 1)
    right = valuation.score(estimate, outlook, [2], [30.43], [38.86], [22.35])
    assert right.clv[0] == pytest.approx(35.87, abs=0.05)
    trapped = estimate._replace(unit="day")  # weeks taken for days
    wrong = valuation.score(trapped, outlook, [2], [30.43], [38.86], [22.35])
    assert wrong.clv[0] == pytest.approx(140.1, abs=0.1)


def test_the_holdout_is_forecast_as_published():
    data = sample()
    expected = forecast("bgnbd")
    assert calibration.correlation(expected, data.later) == pytest.approx(
        0.626, abs=1e-3
    )
    total = tracking.expected_curve(
        "bgnbd", fitted("bgnbd").params, data.born, np.ones(len(data.born)), [78]
    )
    actual = data.x.sum() + data.later.sum()
    error = calibration.cumulative_error(actual, total[0])
    assert error == pytest.approx(-0.04, abs=0.001)


@pytest.mark.parametrize(
    ("model", "alive", "expected"), [("bgnbd", 0.316, 0.773), ("mbgnbd", 0.687, 0.773)]
)
def test_who_comes_back(model, alive, expected):
    """P(alive) of BG/NBD is worse than a coin, because it is 1 for one-time buyers."""
    data = sample()
    chances = nbd.probability_alive(
        model, fitted(model).params, data.x, data.t_x, data.T
    )
    assert calibration.auc(data.later > 0, chances) == pytest.approx(alive, abs=1e-3)
    found = calibration.auc(data.later > 0, forecast(model))
    assert found == pytest.approx(expected, abs=1e-3)


def test_a_one_time_buyer_is_not_certainly_alive_by_default():
    assert nbd.MODELS[0] == "mbgnbd"
    params = fitted("mbgnbd").params
    assert nbd.probability_alive("mbgnbd", params, 0, 0, 0) < 0.7
    assert nbd.probability_alive("bgnbd", fitted("bgnbd").params, 0, 0, 99) == 1


@pytest.mark.parametrize("model", nbd.MODELS)
def test_the_churn_risk_is_right_in_order_and_in_size(model):
    """Adjusted on the first 39 weeks alone, judged on the 39 that follow."""
    data = sample()
    params = fitted(model).params
    link = _link_of_the_first_half(model)
    adjusted = valuation.Estimate(model, params, "week", recalibration=link)
    pattern = (data.x, data.t_x, data.T)
    risk = valuation.churn_risk(adjusted, *pattern, 39, forecast(model))
    formula = nbd.probability_no_purchase(model, params, *pattern, 39)
    lost = data.later == 0
    assert calibration.auc(~lost, 1 - risk) >= 0.77
    assert abs(risk.mean() - lost.mean()) < 0.01
    assert ((risk - lost) ** 2).mean() < ((formula - lost) ** 2).mean()
    assert abs(formula.mean() - lost.mean()) > 0.02


def _link_of_the_first_half(model):
    """What 19 weeks of the calibration period teach about the other 20."""
    purchases = calibration_sample.cdnow.purchases(calibration_sample.cdnow.SAMPLE)
    middle = calibration_sample.date(1997, 5, 16)
    span = (calibration_sample.CUT - middle).days / 7
    days = {}
    for one in purchases:
        days.setdefault(one.customer, set()).add(
            calibration_sample.date.fromisoformat(one.date)
        )
    rows = []
    for dates in days.values():
        seen = sorted(day for day in dates if day <= middle)
        later = [day for day in dates if middle < day <= calibration_sample.CUT]
        first, last = seen[0], seen[-1]
        rows.append(
            (
                len(seen) - 1,
                (last - first).days / 7,
                (middle - first).days / 7,
                len(later),
            )
        )
    x, t_x, T, later = np.array(rows, dtype=float).T
    params = nbd_fit.fit(model, nbd_fit.group(x, t_x, T)).params
    expected = nbd.expected_purchases(model, params, x, t_x, T, span)
    return calibration.recalibrate(expected, later > 0)


def test_a_month_has_thirty_days():
    assert clv.UNIT_DAYS["month"] == 30
