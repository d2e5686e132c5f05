"""Pareto classes and concentration: properties, without Odoo."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ..lib.pareto import abc_classes, concentration, gini

amounts = st.lists(st.integers(-50, 1000), max_size=40)
positive = st.lists(st.integers(1, 1000), min_size=1, max_size=40)


@given(amounts)
def test_classes_follow_the_order_of_revenue(values):
    classes = abc_classes(values)
    ordered = sorted(zip(values, classes, strict=True), key=lambda pair: -pair[0])
    ranks = [rank for _value, rank in ordered if rank]
    assert ranks == sorted(ranks)


@given(positive)
def test_the_best_customer_is_always_an_a(values):
    assert abc_classes(values)[values.index(max(values))] == "a"


@given(positive)
def test_those_before_the_last_a_make_less_than_the_cut(values):
    classes = abc_classes(values)
    of_a = sorted(
        value for value, rank in zip(values, classes, strict=True) if rank == "a"
    )
    assert sum(of_a[1:]) < Decimal("0.8") * sum(values) <= sum(of_a)


@given(positive, st.integers(2, 9))
def test_classes_do_not_depend_on_the_unit_of_money(values, factor):
    assert abc_classes([factor * value for value in values]) == abc_classes(values)


def test_a_share_exactly_on_the_cut_belongs_to_the_next_class():
    assert abc_classes([8, 1, 1]) == ["a", "b", "b"]
    cents = [Decimal("0.80"), Decimal("0.15"), Decimal("0.05")]
    assert abc_classes(cents) == ["a", "b", "c"]


@given(amounts)
def test_nobody_has_a_class_where_nobody_bought(values):
    losses = [min(value, 0) for value in values]
    assert set(abc_classes(losses)) <= {None}
    assert concentration(losses) == (None, None, None)


@given(positive)
def test_gini_lies_between_equality_and_one(values):
    assert -1e-12 <= gini(values) < 1
    assert abs(gini([values[0]] * len(values))) < 1e-12


@given(positive)
def test_top_share_is_at_least_the_share_of_customers(values):
    assert concentration(values).top_share >= 0.2 - 1e-12
