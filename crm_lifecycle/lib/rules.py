"""Which lifecycle rules hold for a company, in which order, and what they may say.

Rules are plain tuples here, so that ordering and checking are tested without a
database.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

CONNECTIVES = ("&", "|", "!")
OPERATORS = frozenset(
    ("=", "!=", "<", ">", "<=", ">=", "in", "not in", "like", "not like", "ilike")
    + ("not ilike", "=like", "=ilike", "child_of", "parent_of")
)


class Rule(NamedTuple):
    """What ordering needs of a rule. ``company_id`` None: shared by all."""

    id: int
    company_id: int | None
    sequence: int


class Problem(NamedTuple):
    """Why a condition is refused: ``kind`` is shape, path, operator, value or date."""

    kind: str
    what: object


def applicable(rules: Iterable[Rule], company_id: int) -> list[Rule]:
    """Return the rules of a company, the first that matches a customer wins.

    A company that has rules of its own follows these alone; the others follow the
    shared ones. Lower sequence first, then the older rule.

    >>> shared, own = Rule(1, None, 5), Rule(2, 7, 9)
    >>> [rule.id for rule in applicable([own, shared], 7)]
    [2]
    >>> [rule.id for rule in applicable([own, shared], 8)]
    [1]
    """
    rules = list(rules)
    own = [rule for rule in rules if rule.company_id == company_id]
    shared = [rule for rule in rules if rule.company_id is None]
    return sorted(own or shared, key=lambda rule: (rule.sequence, rule.id))


def conditions(domain: Collection) -> Iterator[object]:
    """Yield what stands between the connectives of a domain.

    >>> list(conditions(["|", ("a", "=", 1), ("b", "=", 2)]))
    [('a', '=', 1), ('b', '=', 2)]
    """
    for item in domain:
        if not (isinstance(item, str) and item in CONNECTIVES):
            yield item


def find_problem(domain: object, paths: Collection[str]) -> Problem | None:
    """Return the first reason why a domain is no rule, or None.

    A rule compares allowed paths with literal values, nothing else.

    >>> find_problem([("order_count", ">=", 3)], {"order_count"})
    >>> find_problem([("user_id.password", "=", "x")], {"order_count"})
    Problem(kind='path', what='user_id.password')
    >>> find_problem([("order_count", "any", [])], {"order_count"})
    Problem(kind='operator', what='any')
    """
    if not isinstance(domain, (list, tuple)):
        return Problem("shape", domain)
    for condition in conditions(domain):
        if not isinstance(condition, (list, tuple)) or len(condition) != 3:
            return Problem("shape", condition)
        path, operator, value = condition
        if path not in paths:
            return Problem("path", path)
        if operator not in OPERATORS:
            return Problem("operator", operator)
        if not is_literal(value):
            return Problem("value", value)
    return None


def is_literal(value: object) -> bool:
    """Tell whether a value is a text, a number, a truth value or a list of them.

    >>> is_literal("-90d"), is_literal([1, 2]), is_literal([[1]]), is_literal({})
    (True, True, False, False)
    """
    if isinstance(value, (list, tuple)):
        return all(isinstance(item, (str, int, float, bool)) for item in value)
    return value is None or isinstance(value, (str, int, float, bool))
