"""The line that ./dev bench prints."""

import pytest

from tools import benches, benching
from tools.errors import UserError

MEASURED = {
    **{"size": 1000, "ours_s": 2.0, "peer": "a peer", "peer_s": 5.0},
    **{"limit": "one GROUP BY", "limit_s": 1.0},
}


def test_a_row_has_exactly_the_agreed_keys_in_order():
    row = benching.row("lifecycle", MEASURED)
    assert list(row) == [
        *("bench", "size", "ours_s", "peer", "peer_s", "limit", "limit_s"),
        *("vs_peer", "vs_limit"),
    ]


def test_ratios_say_how_often_faster_and_how_many_times_the_bare_work():
    row = benching.row("lifecycle", MEASURED)
    assert (row["vs_peer"], row["vs_limit"]) == (2.5, 2.0)


def test_without_a_peer_there_is_no_ratio():
    row = benching.row("lifecycle", MEASURED | {"peer": None, "peer_s": None})
    assert row["vs_peer"] is None


def test_an_unknown_bench_is_named():
    class Args:
        name = ["nothing"]
        size = None

    with pytest.raises(UserError, match="no bench called nothing"):
        benching.main(Args, context=None)


def test_the_median_ignores_one_slow_run(monkeypatch):
    clock = iter([0, 1, 1, 100, 100, 102])
    monkeypatch.setattr(benches.time, "perf_counter", lambda: next(clock))
    assert benches.median_seconds(lambda: None) == 2
