"""Money for a part of a period, to the day.

A part gets the difference of two cumulated, rounded amounts. Therefore the parts of
a period, however it is cut, sum to the whole to the cent:

>>> whole = Period(date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 1),
...                date(2026, 1, 31))
>>> parts = [whole._replace(first=date(2026, 1, 1), last=date(2026, 1, 10)),
...          whole._replace(first=date(2026, 1, 11), last=date(2026, 1, 20)),
...          whole._replace(first=date(2026, 1, 21), last=date(2026, 1, 31))]
>>> amounts = [prorate(Decimal("100"), part) for part in parts]
>>> [str(amount) for amount in amounts], str(sum(amounts))
(['32.26', '32.26', '35.48'], '100.00')
"""

from datetime import date  # noqa: F401 - the doctest above reads it
from decimal import ROUND_HALF_UP, Decimal

from .recurrence import Period

CENT = Decimal("0.01")
DAYS_PER_MONTH = Decimal("365.2425") / 12

_PER_MONTH = {
    "day": DAYS_PER_MONTH,
    "week": DAYS_PER_MONTH / 7,
    "month": Decimal(1),
    "quarter": Decimal(1) / 3,
    "year": Decimal(1) / 12,
}


def as_decimal(number: float | int | str | Decimal) -> Decimal:
    """The decimal that a person sees, not the binary fraction behind it.

    >>> as_decimal(0.1) * 3
    Decimal('0.3')
    """
    return number if isinstance(number, Decimal) else Decimal(str(number))


def round_to(amount: Decimal, rounding: Decimal = CENT) -> Decimal:
    """Half up (away from zero) to a multiple of ``rounding``.

    >>> str(round_to(Decimal("2.675"))), str(round_to(Decimal("7.03"), Decimal("0.05")))
    ('2.68', '7.05')
    """
    steps = (amount / rounding).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return steps * rounding


def line_amount(
    quantity: float, price: float, discount: float, rounding: Decimal = CENT
) -> Decimal:
    """Amount of a whole period; ``discount`` in percent.

    >>> str(line_amount(3, 9.99, 10))
    '26.97'
    """
    full = as_decimal(quantity) * as_decimal(price)
    return round_to(full * (1 - as_decimal(discount) / 100), rounding)


def prorate(amount: Decimal, period: Period, rounding: Decimal = CENT) -> Decimal:
    """Share of ``amount`` (the whole period's) that ``period`` has to pay."""
    before = (period.first - period.whole_first).days
    through = before + period.days
    return _cumulated(amount, through, period.whole_days, rounding) - _cumulated(
        amount, before, period.whole_days, rounding
    )


def _cumulated(amount: Decimal, days: int, whole: int, rounding: Decimal) -> Decimal:
    if days == whole:
        return amount
    return round_to(amount * days / whole, rounding)


def monthly_value(
    amount: Decimal, unit: str, interval: int, rounding: Decimal = CENT
) -> Decimal:
    """What an amount billed every ``interval`` units is worth per average month.

    >>> str(monthly_value(Decimal(1200), "year", 1)), str(monthly_value(
    ...     Decimal(70), "week", 1))
    ('100.00', '304.37')
    """
    return round_to(amount * _PER_MONTH[unit] / interval, rounding)
