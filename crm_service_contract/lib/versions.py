"""Dated versions of the terms of a line: they follow each other and never overlap.

A change replaces the terms of the days that it names and leaves all others alone:

>>> terms = Terms(Decimal(2), Decimal(100))
>>> line = [Version(date(2026, 1, 1), None, terms)]
>>> line = overlay(line, date(2026, 4, 16), None,
...                lambda old: old._replace(quantity=Decimal(3)))
>>> line = overlay(line, date(2026, 7, 1), date(2026, 7, 31),
...                lambda old: old._replace(paused=True))
>>> [(str(v.first), str(v.last), str(v.terms.quantity), v.terms.paused) for v in line]
... # doctest: +NORMALIZE_WHITESPACE
[('2026-01-01', '2026-04-15', '2', False), ('2026-04-16', '2026-06-30', '3', False),
 ('2026-07-01', '2026-07-31', '3', True), ('2026-08-01', 'None', '3', False)]
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .proration import CENT, line_amount, prorate
from .recurrence import ONE_DAY, Period

ZERO = Decimal(0)


class Terms(NamedTuple):
    """What a line costs for one whole period; ``discount`` in percent."""

    quantity: Decimal
    price: Decimal
    discount: Decimal = ZERO
    paused: bool = False

    def amount(self, rounding: Decimal = CENT) -> Decimal:
        """Amount of a whole period; a pause costs nothing."""
        if self.paused:
            return ZERO
        return line_amount(self.quantity, self.price, self.discount, rounding)


class Version(NamedTuple):
    """Terms that hold from ``first`` to ``last``, or for good where that is None."""

    first: date
    last: date | None
    terms: Terms


class Part(NamedTuple):
    """A stretch of one period in which the terms do not change."""

    period: Period
    terms: Terms

    def amount(self, rounding: Decimal = CENT) -> Decimal:
        return prorate(self.terms.amount(rounding), self.period, rounding)


def is_sequence(versions: Iterable[Version]) -> bool:
    """Whether the versions follow each other without gap or overlap.

    >>> terms = Terms(Decimal(1), Decimal(1))
    >>> is_sequence([Version(date(2026, 1, 1), date(2026, 1, 31), terms),
    ...              Version(date(2026, 1, 31), None, terms)])
    False
    """
    versions = list(versions)
    if any(v.last is not None and v.last < v.first for v in versions):
        return False
    return all(
        before.last is not None and before.last + ONE_DAY == after.first
        for before, after in zip(versions, versions[1:], strict=False)
    )


def overlay(
    versions: Iterable[Version],
    first: date,
    last: date | None,
    change: Callable[[Terms], Terms],
) -> list[Version]:
    """The versions with ``change`` applied to the days from ``first`` to ``last``.

    Neighbours with equal terms become one. Days outside stay as they were.
    """
    result = []
    for version in versions:
        for part, inside in _cut(version, first, last):
            terms = change(part.terms) if inside else part.terms
            if result and result[-1].terms == terms:
                result[-1] = result[-1]._replace(last=part.last)
            else:
                result.append(part._replace(terms=terms))
    return result


def _cut(version, first, last):
    """The parts of a version before, in and after the days of a change."""
    start, end = version.first, version.last
    if start < first:
        before = first - ONE_DAY if end is None else min(end, first - ONE_DAY)
        yield version._replace(last=before), False
    inside_first = max(start, first)
    inside_last = end if last is None else (last if end is None else min(end, last))
    if inside_last is None or inside_first <= inside_last:
        yield version._replace(first=inside_first, last=inside_last), True
    if last is not None and (end is None or end > last):
        yield version._replace(first=max(start, last + ONE_DAY)), False


def parts(versions: Iterable[Version], period: Period) -> list[Part]:
    """The period cut where its terms change; days without a version are left out.

    >>> terms = Terms(Decimal(1), Decimal(310))
    >>> cut = [Version(date(2026, 1, 1), date(2026, 1, 10), terms),
    ...        Version(date(2026, 1, 11), None, terms._replace(price=Decimal(620)))]
    >>> month = Period(date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 1),
    ...                date(2026, 1, 31))
    >>> [(part.period.days, str(part.amount())) for part in parts(cut, month)]
    [(10, '100.00'), (21, '420.00')]
    """
    result = []
    for version in versions:
        first = max(version.first, period.first)
        last = period.last if version.last is None else min(version.last, period.last)
        if first <= last:
            result.append(Part(period._replace(first=first, last=last), version.terms))
    return result


def difference(
    old: Iterable[Version],
    new: Iterable[Version],
    period: Period,
    rounding: Decimal = CENT,
) -> Decimal:
    """What the days of a billed period cost more, or less, under the new versions."""
    before = sum((part.amount(rounding) for part in parts(old, period)), ZERO)
    return sum((part.amount(rounding) for part in parts(new, period)), -before)


def percent_price(price: Decimal, percent: Decimal, step: Decimal = CENT) -> Decimal:
    """A price raised by ``percent`` (negative: lowered), rounded to ``step``.

    >>> str(percent_price(Decimal("420"), Decimal("7.5")))
    '451.50'
    """
    return _round(price * (1 + percent / 100), step)


def index_price(
    price: Decimal, base: Decimal, current: Decimal, step: Decimal = CENT
) -> Decimal:
    """A price that follows an index from its base value to its current one.

    >>> str(index_price(Decimal("420"), Decimal("118.2"), Decimal("124.9")))
    '443.81'
    """
    if base <= 0 or current <= 0:
        raise ValueError("the values of an index must be positive")
    return _round(price * current / base, step)


def _round(price, step):
    return (price / step).quantize(Decimal(1), rounding="ROUND_HALF_UP") * step
