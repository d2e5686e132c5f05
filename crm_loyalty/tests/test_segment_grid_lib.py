"""The grid of segments, without a database."""

import pytest

from ..lib.rfm import SEGMENTS, segment_table
from ..lib.segment_grid import Range, cells, default_ranges, faults, table


@pytest.mark.parametrize("bins", [2, 3, 4, 5])
def test_the_shipped_ranges_say_what_the_formula_says(bins):
    assert faults(default_ranges(bins), bins) == ([], [])
    assert table(default_ranges(bins), bins) == segment_table(bins)


@pytest.mark.parametrize("bins", [2, 3, 4, 5])
def test_one_range_can_cover_everything(bins):
    whole = [Range("all", 1, bins, 1, bins)]
    assert faults(whole, bins) == ([], [])
    assert {row[3] for row in table(whole, bins)} == {"all"}


def test_every_cell_left_out_and_every_cell_twice_is_found():
    ranges = default_ranges(5)
    missing, double = faults(ranges[1:], 5)
    assert len(missing) == 2 * 3 and not double
    missing, double = faults([*ranges, ranges[0]], 5)
    assert len(double) == 2 * 3 and not missing
    assert faults([], 5)[0] == cells(5)


def test_all_segments_have_a_place_among_five_scores():
    assert {one.segment for one in default_ranges(5)} == set(SEGMENTS)
