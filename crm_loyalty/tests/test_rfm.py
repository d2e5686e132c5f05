"""RFM scores and segments: properties, without Odoo."""

from hypothesis import given
from hypothesis import strategies as st

from ..lib.rfm import SEGMENTS, scores, segment, segment_table

values = st.lists(st.integers(-5, 20), min_size=1, max_size=60)
bins = st.integers(2, 5)


@given(values, bins)
def test_equal_values_get_equal_scores_and_better_ones_no_less(numbers, count):
    pairs = sorted(zip(numbers, scores(numbers, count), strict=True))
    for (low, low_score), (high, high_score) in zip(pairs, pairs[1:], strict=False):
        assert low_score <= high_score
        assert low != high or low_score == high_score


@given(values, bins)
def test_a_score_says_how_many_do_as_well(numbers, count):
    result = scores(numbers, count)
    for score in range(1, count + 1):
        as_good = sum(other >= score for other in result)
        assert as_good * count <= len(numbers) * (count + 1 - score)


@given(st.lists(st.integers(), unique=True, min_size=5, max_size=5))
def test_five_different_customers_get_five_different_scores(numbers):
    assert sorted(scores(numbers)) == [1, 2, 3, 4, 5]


@given(bins)
def test_every_combination_of_scores_has_a_known_segment(count):
    table = segment_table(count)
    assert len(table) == count**3
    assert {row[3] for row in table} <= set(SEGMENTS)


def test_nine_segments_are_all_in_use_with_five_scores():
    assert {row[3] for row in segment_table(5)} == set(SEGMENTS)


@given(st.tuples(*[st.integers(1, 5)] * 3))
def test_frequency_and_monetary_weigh_the_same(three):
    recency, frequency, monetary = three
    assert segment(*three) == segment(recency, monetary, frequency)
