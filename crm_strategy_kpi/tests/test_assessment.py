import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..lib.assessment import (
    AT_RISK,
    DOWN,
    NO_DATA,
    NO_TARGET,
    OFF_TRACK,
    ON_TRACK,
    RANGE,
    UP,
    Target,
    assess,
    attainment,
)

amounts = st.floats(-1e9, 1e9).map(lambda amount: round(amount, 2))
positive = st.floats(0.01, 1e9).map(lambda amount: round(amount, 2))
directions = st.sampled_from([UP, DOWN])


@pytest.mark.parametrize(
    ("value", "direction", "target", "share", "status"),
    [
        (100.0, UP, Target(100.0), 1.0, ON_TRACK),
        (99.99, UP, Target(100.0), 0.9999, AT_RISK),
        (90.0, UP, Target(100.0), 0.9, AT_RISK),
        (89.99, UP, Target(100.0), 0.8999, OFF_TRACK),
        (0.0, UP, Target(100.0), 0.0, OFF_TRACK),
        (-5.0, UP, Target(100.0), 0.0, OFF_TRACK),
        (250.0, UP, Target(100.0), 2.5, ON_TRACK),
        (-90.0, UP, Target(-100.0), 1.1, ON_TRACK),
        (-110.0, UP, Target(-100.0), 0.9, AT_RISK),
        (0.0, UP, Target(0.0), 1.0, ON_TRACK),
        (-0.01, UP, Target(0.0), 0.0, OFF_TRACK),
        (10.0, DOWN, Target(10.0), 1.0, ON_TRACK),
        (11.0, DOWN, Target(10.0), 0.9, AT_RISK),
        (11.01, DOWN, Target(10.0), 0.899, OFF_TRACK),
        (0.0, DOWN, Target(10.0), 2.0, ON_TRACK),
        (0.0, DOWN, Target(0.0), 1.0, ON_TRACK),
        (1.0, DOWN, Target(0.0), 0.0, OFF_TRACK),
        (5.0, RANGE, Target(5.0, 10.0), 1.0, ON_TRACK),
        (10.0, RANGE, Target(5.0, 10.0), 1.0, ON_TRACK),
        (11.0, RANGE, Target(5.0, 10.0), 0.9, AT_RISK),
        (4.5, RANGE, Target(5.0, 10.0), 0.9, AT_RISK),
        (4.0, RANGE, Target(5.0, 10.0), 0.8, OFF_TRACK),
        (7.0, RANGE, Target(7.0, 7.0), 1.0, ON_TRACK),
    ],
)
def test_attainment_and_status_by_hand(value, direction, target, share, status):
    assert assess(value, direction, target) == (pytest.approx(share), status)


@given(directions, amounts, st.none() | st.builds(Target, amounts))
def test_no_data_and_no_target_are_told_apart(direction, value, target):
    assert assess(None, direction, target) == (None, NO_DATA)
    assert assess(value, direction, None) == (None, NO_TARGET)


@given(directions, amounts)
def test_the_target_itself_is_exactly_all_of_it(direction, value):
    assert assess(value, direction, Target(value)) == (1.0, ON_TRACK)


@given(positive)
def test_a_figure_at_a_threshold_is_on_its_better_side(target):
    assert assess(target * 0.9, UP, Target(target)).status == AT_RISK
    assert assess(target * 1.1, DOWN, Target(target)).status == AT_RISK


@given(amounts, amounts)
def test_up_and_down_are_mirror_images(value, target):
    assert attainment(value, UP, Target(target)) == attainment(
        -value, DOWN, Target(-target)
    )


@given(positive, positive)
def test_up_is_the_ratio_to_a_positive_target(value, target):
    assert attainment(value, UP, Target(target)) == pytest.approx(
        value / target, rel=1e-6, abs=1e-6
    )


@given(directions, amounts, amounts, amounts)
def test_better_figures_never_attain_less(direction, one, other, target):
    worse, better = sorted([one, other], reverse=direction == DOWN)
    assert attainment(worse, direction, Target(target)) <= attainment(
        better, direction, Target(target)
    )


@given(amounts, amounts, amounts)
def test_a_range_is_attained_inside_and_nowhere_else(value, one, other):
    low, high = sorted([one, other])
    share = attainment(value, RANGE, Target(low, high))
    assert 0.0 <= share <= 1.0
    if low <= value <= high:
        assert share == 1.0


@given(amounts, amounts, st.floats(0, 2), st.floats(0, 2))
def test_status_follows_attainment(value, target, one, other):
    at_risk, on_track = sorted([one, other])
    result = assess(value, UP, Target(target), on_track, at_risk)
    expected = (
        ON_TRACK
        if result.attainment >= on_track
        else AT_RISK
        if result.attainment >= at_risk
        else OFF_TRACK
    )
    assert result.status == expected
