from datetime import date, datetime, timedelta

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st

from ..lib.periods import Period, month_of, months_back, months_between, utc_bounds

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
# Among them zones whose clock jumps at midnight, forwards and back.
zones = st.sampled_from(
    [
        "UTC",
        "Asia/Tehran",
        "America/Havana",
        "America/Sao_Paulo",
        "Europe/Berlin",
        "Pacific/Kiritimati",
        "Africa/Cairo",
        "Atlantic/Azores",
    ]
)


@given(days)
def test_a_month_holds_its_days_and_no_others(day):
    month = month_of(day)
    assert month.start <= day <= month.end
    assert {month.start.month, month.end.month} == {day.month}
    assert (month.end + timedelta(days=1)).day == month.start.day == 1


@given(days, days)
def test_months_follow_each_other_without_gap(first, last):
    months = months_between(first, last)
    if first > last:
        assert all(month.start <= last for month in months)
        return
    assert months[0] == month_of(first)
    assert months[-1] == month_of(last)
    for before, after in zip(months, months[1:], strict=False):
        assert after.start == before.end + timedelta(days=1)


@given(days, st.integers(0, 240))
def test_months_back_counts_months(day, count):
    start = months_back(day, count)
    assert len(months_between(start, day)) == count + 1


@given(days, zones)
def test_periods_meet_in_utc_without_gap(day, zone):
    month = month_of(day)
    following = month_of(month.end + timedelta(days=1))
    assert utc_bounds(month, zone)[1] == utc_bounds(following, zone)[0]


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2037, 12, 30)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    zones,
)
def test_an_instant_lies_in_the_bounds_of_its_local_day(moment, zone):
    local = pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()
    start, stop = utc_bounds(Period(local, local), zone)
    assert start <= moment < stop


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        # Tehran's clock went from 00:00 to 01:00 on 22 March 2021 ...
        ("Asia/Tehran", date(2021, 3, 22), datetime(2021, 3, 21, 20, 30)),
        # ... and from 24:00 back to 23:00 on 21 September.
        ("Asia/Tehran", date(2021, 9, 22), datetime(2021, 9, 21, 20, 30)),
        # Havana's midnight of 7 November 2021 was followed by a second 00:00.
        ("America/Havana", date(2021, 11, 7), datetime(2021, 11, 7, 4, 0)),
    ],
)
def test_the_first_instant_of_a_day_whose_clock_jumps(zone, day, start):
    assert utc_bounds(Period(day, day), zone)[0] == start
