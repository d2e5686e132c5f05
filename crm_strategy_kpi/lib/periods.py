"""Periods: closed intervals of whole days, and where they lie in UTC.

Everything here is about calendar days; instants appear only in `utc_bounds`.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytz


class Period(NamedTuple):
    """The days from `start` to `end`, both included."""

    start: date
    end: date


def month_of(day):
    """Return the calendar month that holds `day`.

    >>> month_of(date(2024, 2, 10))
    Period(start=datetime.date(2024, 2, 1), end=datetime.date(2024, 2, 29))
    """
    last = monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=last))


def months_between(first, last):
    """Return every month touched by the days `first` to `last`, in order.

    >>> [str(month.start) for month in months_between(date(2024, 1, 31),
    ...                                               date(2024, 3, 1))]
    ['2024-01-01', '2024-02-01', '2024-03-01']
    >>> months_between(date(2024, 3, 1), date(2024, 1, 31))
    []
    """
    months = []
    month = month_of(first)
    while month.start <= last:
        months.append(month)
        month = month_of(month.end + timedelta(days=1))
    return months


def months_back(day, count):
    """Return the first day of the month `count` months before that of `day`.

    >>> months_back(date(2024, 3, 31), 1), months_back(date(2024, 3, 31), 12)
    (datetime.date(2024, 2, 1), datetime.date(2023, 3, 1))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, 1)


def utc_bounds(period, timezone):
    """Return the instants [from, to) of `period` in `timezone`, as naive UTC.

    >>> utc_bounds(month_of(date(2024, 5, 9)), "Asia/Tehran")
    (datetime.datetime(2024, 4, 30, 20, 30), datetime.datetime(2024, 5, 31, 20, 30))
    """
    zone = pytz.timezone(timezone)
    return (
        _day_start(period.start, zone),
        _day_start(period.end + timedelta(days=1), zone),
    )


def _day_start(day, zone):
    """The first instant of `day`, also where the clock jumps at midnight."""
    midnight = datetime(day.year, day.month, day.day)
    try:
        local = zone.localize(midnight, is_dst=None)
    except pytz.AmbiguousTimeError:
        local = zone.localize(midnight, is_dst=True)  # the earlier of the two
    except pytz.NonExistentTimeError:
        local = zone.localize(midnight, is_dst=False)  # the moment of the jump
    return local.astimezone(pytz.utc).replace(tzinfo=None)
