"""Folding days into stages, laying decisions over them: properties, without Odoo."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ..lib.conditions import Offset, parse_offset, turning_days
from ..lib.replay import ENTRY_HOLD, Aim, Piece, Step, fold, overlay

EPOCH = date(2026, 1, 1)
DAYS = 60
STAGES = "abcd"


def on(number):
    return EPOCH + timedelta(days=number)


@st.composite
def stories(draw, holds=(0, 0, 3, 9)):
    """Rules, and which of them match from which day on."""
    hold = {stage: draw(st.sampled_from(holds)) for stage in STAGES}
    aims = []
    for number in range(draw(st.integers(1, 5))):
        stage = draw(st.sampled_from(STAGES))
        only_from = draw(st.none() | st.sets(st.sampled_from("e" + STAGES), min_size=1))
        aims.append(Aim(number, stage, hold[stage], only_from))
    days = sorted(draw(st.sets(st.integers(0, DAYS), min_size=1, max_size=15)))
    steps = []
    for day in days:
        matching = draw(st.lists(st.booleans(), min_size=len(aims), max_size=len(aims)))
        matches = [aim for aim, match in zip(aims, matching, strict=True) if match]
        steps.append(Step(on(day), matches))
    return steps


def live(entry, steps, today):
    """The same law once more, written plainly: one decision a day, every day."""
    path = [(entry, steps[0].day, None)]
    matches, day = [], steps[0].day
    by_day = {step.day: step.matches for step in steps}
    while day <= today:
        matches = by_day.get(day, matches)
        stage, since, by = path[-1]
        seen = [aim for aim in matches if aim.sees(stage)]
        aim = seen[0] if seen else Aim(None, entry, ENTRY_HOLD)
        back = by is not None and path[-2:][0][0] == aim.stage
        held = back and day < since + timedelta(days=aim.hold)
        if aim.stage != stage and not held:
            if day == since:
                path.pop()
            if not path or path[-1][0] != aim.stage:
                path.append((aim.stage, day, aim.rule))
        day += timedelta(days=1)
    return path


@given(stories(), st.integers(0, 40))
def test_folding_gives_what_a_decision_on_every_day_gives(steps, later):
    today = steps[-1].day + timedelta(days=later)
    assert [tuple(i) for i in fold("e", steps[0].day, steps, today)] == live(
        "e", steps, today
    )


@given(stories())
def test_intervals_last_and_neighbours_differ(steps):
    path = fold("e", steps[0].day, steps, on(DAYS + 30))
    assert path[0].since == steps[0].day
    for before, after in pairwise(path):
        assert before.since < after.since
        assert before.stage != after.stage


@given(stories(holds=(9,)))
def test_no_rule_takes_a_customer_back_within_its_hold(steps):
    path = fold("e", steps[0].day, steps, on(DAYS + 30))
    for first, second, third in zip(path, path[1:], path[2:], strict=False):
        if second.rule is not None and third.stage == first.stage:
            hold = ENTRY_HOLD if third.rule is None else 9
            assert (third.since - second.since).days >= hold


@given(stories())
def test_looking_again_on_a_day_without_news_changes_nothing(steps):
    twice = []
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        twice.append(step)
        between = step.day + timedelta(days=1)
        if not following or between < following.day:
            twice.append(Step(between, step.matches))
    today = on(DAYS + 30)
    assert fold("e", on(0), steps, today) == fold("e", on(0), twice, today)


def test_who_matches_nothing_stays_in_the_entry_stage_from_birth_on():
    assert fold("e", EPOCH, [], on(9)) == [("e", EPOCH, None)]


def test_a_limited_rule_acts_on_the_day_after_its_stage_was_entered():
    first, second = Aim(1, "a"), Aim(2, "b", 0, {"a"})
    steps = [Step(EPOCH, []), Step(on(3), [second, first])]
    path = fold("e", EPOCH, steps, on(9))
    assert [(i.stage, i.since) for i in path] == [
        ("e", EPOCH),
        ("a", on(3)),
        ("b", on(4)),
    ]


# ----------------------------------------------------------------------
# Decisions over a replayed history
# ----------------------------------------------------------------------
@st.composite
def histories(draw, name):
    starts = sorted(draw(st.sets(st.integers(0, 50), min_size=1, max_size=8)))
    return [
        Piece(f"{name}{index}", start, end)
        for index, (start, end) in enumerate(
            zip(starts, [*starts[1:], None], strict=True)
        )
    ]


@st.composite
def decisions(draw):
    return [piece for piece in draw(histories("d")) if draw(st.booleans())]


@given(histories("b"), decisions())
def test_decisions_keep_their_time_and_no_gap_is_left(base, decided):
    pieces = overlay(base, decided)
    assert [piece for piece in pieces if piece.key[0] == "d"] == decided
    for before, after in pairwise(pieces):
        assert before.start < before.end == after.start
    assert pieces[-1].end is None
    assert pieces[0].start == min(piece.start for piece in [*base, *decided])


@given(histories("b"), decisions(), st.integers(0, 60))
def test_outside_of_decisions_the_base_holds(base, decided, moment):
    def at(pieces):
        return next(
            (
                piece.key
                for piece in pieces
                if piece.start <= moment and (piece.end is None or moment < piece.end)
            ),
            None,
        )

    if at(base) is not None:
        assert at(overlay(base, decided)) == (at(decided) or at(base))


# ----------------------------------------------------------------------
# Days on which a comparison with a relative date may turn
# ----------------------------------------------------------------------
@given(
    st.integers(0, 800),
    st.integers(-14, 14),
    st.integers(-40, 40),
    st.sampled_from(["<", "<=", ">", ">=", "="]),
)
def test_a_comparison_turns_on_no_other_day(value, months, days, operator):
    value = on(value)
    offset = Offset(months, days)
    around = add_months(value - timedelta(days=days), -months)
    expected = {around + timedelta(days=later) for later in turning_days(offset)}
    if operator == "=":  # it turns true, and false again
        expected |= {day + timedelta(days=1) for day in expected}
    true = None
    for number in range(-9, 10):
        day = around + timedelta(days=number)
        limit = add_months(day, months) + timedelta(days=days)
        now = compare(value, operator, limit)
        if true is not None and now != true:
            assert day in expected, (value, offset, operator, day)
        true = now


def compare(value, operator, limit):
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
    }[operator]


def add_months(day, months):
    """As PostgreSQL and Odoo do: the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


def test_offsets_that_no_rule_may_use_are_not_read():
    for value in ("soon", "=monday", "-3H", "2026-01-31", "", None, 5, "-d", "- 3d"):
        assert parse_offset(value) is None
