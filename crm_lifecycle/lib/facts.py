"""What a source of customer facts is, free of Odoo.

A source is one query that says something about customers: how much they were
invoiced, how often they ordered, which contracts they hold. The engine in
``crm.customer`` runs all sources together and writes only what differs.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

INVOICES = ("out_invoice", "out_refund", "out_receipt")
"""Move types that say what a customer was billed."""

PAID = ("paid", "in_payment")
"""Payment states of an invoice that is settled in full."""


class FactReplay(NamedTuple):
    """How the facts of some columns grew, day by day.

    ``query(scope)`` returns the SQL of a SELECT with ``company_id``, ``partner_id``,
    ``day`` and then ``columns``: what a document added on that day, NULL where
    nothing. A fact as of a day is the aggregate of all rows up to it.
    """

    columns: tuple[str, ...]
    aggregates: tuple[str, ...]
    """Per column ``sum`` of what was added, ``min`` or ``max`` of values."""
    query: Callable


class FactSource(NamedTuple):
    """One query that fills stored columns of ``crm.customer``.

    ``query(scope)`` returns the SQL of a SELECT with the columns ``company_id``
    (the root company), ``partner_id`` (the commercial partner) and then
    ``columns`` in their order: one row per company and partner.

    ``scope(company_expr, partner_expr)`` returns the SQL condition that keeps the
    customers asked for, TRUE in a full pass. It may keep more than was asked for:
    the engine ignores the rest. ``partner_expr`` has to be the *commercial*
    partner, ``company_expr`` the root company, or None where the query meets the
    company only later.
    """

    name: str
    columns: tuple[str, ...]
    query: Callable
    replayable: bool = True
    """True where the facts as of a past day can be found again from documents."""
    creates: bool = False
    """True where a row of the source makes a ``crm.customer`` exist."""
    per_company: bool = True
    """False where the facts are the same in all companies: no ``company_id`` then."""
    replays: tuple[FactReplay, ...] = ()
    """How columns are replayed; the others keep today's value in the past."""


def check_sources(sources: Iterable[FactSource]) -> None:
    """Refuse sources that would write the same name or column twice.

    >>> check_sources([FactSource("a", ("x",), None), FactSource("b", ("y",), None)])
    >>> check_sources([FactSource("a", ("x",), None), FactSource("b", ("x",), None)])
    Traceback (most recent call last):
        ...
    ValueError: fact sources 'a' and 'b' both fill 'x'
    """
    owners: dict[str, str] = {}
    names: set[str] = set()
    for source in sources:
        if source.name in names:
            raise ValueError(f"two fact sources are named {source.name!r}")
        names.add(source.name)
        for column in source.columns:
            if column in owners:
                raise ValueError(
                    f"fact sources {owners[column]!r} and {source.name!r} "
                    f"both fill {column!r}"
                )
            owners[column] = source.name
