"""What a source of the cost to serve a customer is, free of Odoo.

A source counts what serving a customer took: hours, visits, complaints. It does not
know what they cost: whoever values customers has a rate for each unit.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

UNITS = ("hour", "visit", "complaint", "delivery", "capital", "money")
"""What is counted. ``capital`` is money in company currency that was missing for a
year; ``money`` is a cost that is known as it stands, in company currency."""


class CostSource(NamedTuple):
    """One query that says what it took to serve customers in a period.

    ``query(scope, date_from, date_to)`` returns the SQL of a SELECT with
    ``company_id`` (the root company), ``partner_id`` (the commercial partner) and
    ``quantity``: at most one row per company and partner. It counts what happened
    after the day ``date_from`` (None: from the beginning) up to the end of ``date_to``.

    ``scope(company_expr, partner_expr)`` returns the SQL condition that keeps the
    customers asked for, as in ``lib.facts``.
    """

    name: str
    label: str
    """What it is called on the customer's screen, in the user's language."""
    unit: str
    query: Callable


def check_cost_sources(sources: Iterable[CostSource]) -> None:
    """Refuse sources of the same name, and units that nobody has a rate for.

    >>> check_cost_sources([CostSource("visit", "Visits", "visit", None)])
    >>> check_cost_sources([CostSource("visit", "Visits", "mile", None)])
    Traceback (most recent call last):
        ...
    ValueError: cost source 'visit' counts 'mile', which has no rate
    >>> check_cost_sources(2 * [CostSource("visit", "Visits", "visit", None)])
    Traceback (most recent call last):
        ...
    ValueError: two cost sources are named 'visit'
    """
    names: set[str] = set()
    for source in sources:
        if source.unit not in UNITS:
            raise ValueError(
                f"cost source {source.name!r} counts {source.unit!r}, which has no rate"
            )
        if source.name in names:
            raise ValueError(f"two cost sources are named {source.name!r}")
        names.add(source.name)
