"""Months and years of two calendars: Gregorian, and the Persian solar one (Jalali).

Persian leap years follow the 33-year cycle, which equals the calendar of Iran, kept by
the equinox, from 1210 to 1633 (Gregorian 1831 to 2254):

>>> str(from_jalali(1403, 1, 1))
'2024-03-20'
>>> to_jalali(date(2025, 3, 20)), to_jalali(date(2025, 3, 21))
((1403, 12, 30), (1404, 1, 1))
>>> [year for year in range(1395, 1413) if is_jalali_leap(year)]
[1395, 1399, 1403, 1408, 1412]
"""

from calendar import monthrange
from datetime import date

CALENDARS = ("gregorian", "jalali")
ALIGNMENTS = {"month": 1, "quarter": 3, "year": 12}

_LEAPS, _CYCLE = 8, 33  # leap years in a cycle of years
_YEAR, _LONG, _LONG_MONTHS = 365, 31, 6  # six months of 31 days, then of 30


def is_jalali_leap(year: int) -> bool:
    """Whether Esfand of the year has 30 days."""
    return (25 * year + 11) % _CYCLE < _LEAPS


def _days_before(year: int) -> int:
    """Days of all Persian years from 1 to the one before ``year``."""
    return _YEAR * (year - 1) + (_LEAPS * year + 21) // _CYCLE


_EPOCH = date(2024, 3, 20).toordinal() - _days_before(1403)


def month_length(year: int, month: int, calendar: str = "gregorian") -> int:
    """Days of a month.

    >>> month_length(2024, 2), month_length(1403, 12, "jalali")
    (29, 30)
    """
    if calendar == "gregorian":
        return monthrange(year, month)[1]
    if month == 12:
        return 30 if is_jalali_leap(year) else 29
    return _LONG if month <= _LONG_MONTHS else 30


def from_jalali(year: int, month: int, day: int) -> date:
    """The date of a Persian day; ``ValueError`` where there is none.

    >>> from_jalali(1404, 12, 30)
    Traceback (most recent call last):
    ...
    ValueError: there is no day 1404-12-30 in the Persian calendar
    """
    if not 1 <= month <= 12 or not 1 <= day <= month_length(year, month, "jalali"):
        raise ValueError(
            f"there is no day {year}-{month}-{day} in the Persian calendar"
        )
    before = _LONG * min(month - 1, _LONG_MONTHS) + 30 * max(
        month - 1 - _LONG_MONTHS, 0
    )
    return date.fromordinal(_EPOCH + _days_before(year) + before + day - 1)


def to_jalali(day: date) -> tuple[int, int, int]:
    """Persian year, month and day."""
    number = day.toordinal() - _EPOCH
    year = number * _CYCLE // (_YEAR * _CYCLE + _LEAPS) + 1
    while _days_before(year + 1) <= number:
        year += 1
    while _days_before(year) > number:
        year -= 1
    rest = number - _days_before(year)
    if rest < _LONG * _LONG_MONTHS:
        return year, rest // _LONG + 1, rest % _LONG + 1
    rest -= _LONG * _LONG_MONTHS
    return year, rest // 30 + 1 + _LONG_MONTHS, rest % 30 + 1


def split(day: date, calendar: str) -> tuple[int, int, int]:
    """Year, month and day in a calendar."""
    return to_jalali(day) if calendar == "jalali" else (day.year, day.month, day.day)


def join(year: int, month: int, day: int, calendar: str) -> date:
    """The date of a day in a calendar; the last of the month where it is too short."""
    day = min(day, month_length(year, month, calendar))
    return (
        from_jalali(year, month, day)
        if calendar == "jalali"
        else date(year, month, day)
    )


def add_months(day: date, months: int, calendar: str = "gregorian") -> date:
    """The same day ``months`` later, or the last day of a month that is too short.

    >>> str(add_months(date(2024, 1, 31), 1)), str(add_months(date(2024, 1, 31), 2))
    ('2024-02-29', '2024-03-31')

    31 Shahrivar is followed by 30 Mehr:

    >>> to_jalali(add_months(from_jalali(1403, 6, 31), 1, "jalali"))
    (1403, 7, 30)
    """
    year, month, number = split(day, calendar)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    return join(year, month + 1, number, calendar)


def months_between(first: date, last: date, calendar: str = "gregorian") -> int:
    """Number of month ends that lie between two days."""
    (year, month, _day), (to_year, to_month, _to) = (
        split(first, calendar),
        split(last, calendar),
    )
    return (to_year - year) * 12 + to_month - month


def aligned(day: date, unit: str, calendar: str = "gregorian") -> date:
    """First day of the calendar month, quarter or year that ``day`` lies in.

    >>> str(aligned(date(2026, 5, 17), "quarter"))
    '2026-04-01'
    >>> str(aligned(date(2026, 5, 17), "month", "jalali"))
    '2026-04-21'
    """
    year, month, _day = split(day, calendar)
    size = ALIGNMENTS[unit]
    return join(year, (month - 1) // size * size + 1, 1, calendar)
