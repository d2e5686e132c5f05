"""The purchase rules once more, in plain Python and as slowly as they read."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Document(NamedTuple):
    """One invoice, credit note or imported row of a customer, in company currency."""

    kind: str  # invoice, receipt, refund, history
    date: date
    amount: Decimal  # of a refund: positive, what is given back
    origin: int | None = None  # position of the refunded invoice
    state: str = "posted"  # or draft, cancel
    by: int = 0  # 0: the company itself, 1: a contact of it


class Facts(NamedTuple):
    first: date | None
    last: date | None
    count: int
    revenue: Decimal
    first_amount: Decimal


def facts(documents):
    """What `documents` of one customer amount to."""
    by_day = defaultdict(list)
    for document in documents:
        if document.state != "posted":
            continue
        day, amount = document.date, document.amount
        if document.kind == "refund":
            amount = -amount
            if document.origin is not None:
                origin = documents[document.origin]
                if origin.state == "posted":
                    day = origin.date
        if amount or document.kind == "history":
            by_day[day].append(amount)
    days = [day for day, amounts in by_day.items() if _is_purchase(amounts)]
    revenue = sum((sum(amounts) for amounts in by_day.values()), Decimal())
    first, last = (min(days), max(days)) if days else (None, None)
    first_amount = sum(by_day[first], Decimal()) if days else Decimal()
    return Facts(first, last, len(days), revenue, first_amount)


def _is_purchase(amounts):
    if all(amount < 0 for amount in amounts):
        return False
    return sum(amounts) > 0 or min(amounts) >= 0
