"""Joining of intervals: properties, without Odoo."""

from hypothesis import given
from hypothesis import strategies as st

from ..lib.intervals import union

INTERVALS = st.lists(
    st.tuples(st.integers(0, 20), st.one_of(st.none(), st.integers(1, 8))).map(
        lambda drawn: (drawn[0], drawn[1] and drawn[0] + drawn[1])
    ),
    max_size=7,
)


def _covers(intervals, moment):
    return any(
        start <= moment and (end is None or moment < end) for start, end in intervals
    )


@given(INTERVALS)
def test_a_moment_is_covered_exactly_if_an_interval_covers_it(intervals):
    joined = union(intervals)
    for moment in range(40):
        assert _covers(intervals, moment) == _covers(joined, moment)


@given(INTERVALS)
def test_joined_intervals_neither_touch_nor_overlap(intervals):
    joined = union(intervals)
    for before, after in zip(joined, joined[1:], strict=False):
        assert before[1] is not None
        assert before[1] < after[0]
