"""Priority and rank of processes: properties, without Odoo."""

from hypothesis import given
from hypothesis import strategies as st

from ..lib.process import effect, is_met, priority, progress, ranks

SCORE = st.one_of(st.none(), st.floats(0, 15))
PROCESSES = st.lists(st.tuples(SCORE, SCORE), max_size=8).map(
    lambda rows: [(key, *row) for key, row in enumerate(rows)]
)


@given(PROCESSES)
def test_who_has_a_priority_has_a_rank_and_nobody_else(processes):
    placed = ranks(processes)
    assert set(placed) == {key for key, value, _bad in processes if value is not None}
    assert not placed or min(placed.values()) == 1


@given(PROCESSES)
def test_a_higher_priority_never_ranks_behind(processes):
    placed = ranks(processes)
    values = {key: value for key, value, _bad in processes}
    for one in placed:
        for other in placed:
            if values[one] > values[other]:
                assert placed[one] < placed[other]


@given(st.floats(1, 5), st.lists(st.tuples(st.floats(0.1, 9), st.integers(0, 3))))
def test_priority_lies_between_nothing_and_fifteen(importance, judged):
    value = priority(importance, effect(judged))
    assert (value is None) == (not judged)
    assert value is None or -1e-9 <= value <= 15 + 1e-9


@given(st.sampled_from(("up", "down")), st.floats(-9, 9), st.floats(-9, 9))
def test_progress_is_full_exactly_when_the_target_is_met(direction, target, value):
    reached = progress(direction, target, value)
    assert 0 <= reached <= 100
    if is_met(direction, target, value):
        assert reached == 100
