"""Interleaving of histories: properties, without Odoo."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ..lib.history import interleave

EPOCH = datetime(2026, 1, 1)


def as_history(name, days):
    starts = [EPOCH + timedelta(days=day) for day in sorted(days)]
    ends = starts[1:] + [None]
    return [
        ((name, index), start, end)
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


histories = st.lists(
    st.sets(st.integers(0, 60), min_size=1, max_size=8), min_size=1, max_size=4
)


@given(histories)
def test_every_beginning_stays_and_nothing_overlaps_or_leaves_a_gap(many):
    given_intervals = [
        interval
        for name, days in enumerate(many)
        for interval in as_history(name, days)
    ]
    merged = interleave(given_intervals)
    starts = [start for _key, start, _end in merged]
    assert starts == sorted({start for _key, start, _end in given_intervals})
    last_given = {start: key for key, start, _end in given_intervals}
    assert [key for key, _start, _end in merged] == [
        last_given[start] for start in starts
    ]
    for (_key, _start, end), (_next, begin, _stop) in zip(
        merged, merged[1:], strict=False
    ):
        assert end == begin
    assert merged[-1][2] is None


@given(st.sets(st.integers(0, 60), min_size=1, max_size=8))
def test_one_history_alone_stays_as_it_is(days):
    history = as_history("only", days)
    assert interleave(history) == history
