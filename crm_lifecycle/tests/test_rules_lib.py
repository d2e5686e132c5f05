"""Ordering and checking of rules: properties, without Odoo."""

from hypothesis import given
from hypothesis import strategies as st

from ..lib.rules import Rule, applicable, find_problem

rules = st.lists(
    st.builds(
        Rule,
        id=st.integers(1, 10**6),
        company_id=st.sampled_from([None, 1, 2]),
        sequence=st.integers(-5, 5),
    ),
    unique_by=lambda rule: rule.id,
)


@given(rules, st.sampled_from([1, 2, 3]))
def test_a_company_follows_its_own_rules_alone_else_the_shared_ones(found, company):
    result = applicable(found, company)
    own = [rule for rule in found if rule.company_id == company]
    shared = [rule for rule in found if rule.company_id is None]
    assert set(result) == set(own or shared)


@given(rules)
def test_the_order_does_not_depend_on_the_order_given(found):
    assert applicable(found, 1) == applicable(reversed(found), 1)


def test_only_allowed_paths_operators_and_literals_pass():
    paths = {"order_count", "partner_id.country_id.code"}
    assert find_problem([("order_count", ">=", 1)], paths) is None
    assert (
        find_problem(["|", ("order_count", ">", 1), ("order_count", "=", 0)], paths)
        is None
    )
    assert find_problem([("user_id.password", "=", "x")], paths).kind == "path"
    assert find_problem([("order_count", "any", [])], paths).kind == "operator"
    assert find_problem([("order_count", "in", [[1]])], paths).kind == "value"
    assert find_problem({"a": 1}, paths).kind == "shape"
    assert find_problem([("order_count", 1)], paths).kind == "shape"
