"""The Persian solar calendar of lib/, against days that are known."""

import unittest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ..lib.calendars import (
    ALIGNMENTS,
    CALENDARS,
    add_months,
    aligned,
    from_jalali,
    is_jalali_leap,
    month_length,
    months_between,
    to_jalali,
)

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
calendars = st.sampled_from(CALENDARS)

# First of Farvardin in the calendar of Iran
NOWRUZ = {
    1357: "1978-03-21",
    1375: "1996-03-20",
    1379: "2000-03-20",
    1396: "2017-03-21",
    1399: "2020-03-20",
    1400: "2021-03-21",
    1402: "2023-03-21",
    1403: "2024-03-20",
    1404: "2025-03-21",
    1405: "2026-03-21",
    1408: "2029-03-20",
    1409: "2030-03-21",
}


class TestJalali(unittest.TestCase):
    def test_new_year_falls_on_the_known_days(self):
        for year, expected in NOWRUZ.items():
            with self.subTest(year=year):
                self.assertEqual(str(from_jalali(year, 1, 1)), expected)

    def test_known_days(self):
        for day, expected in (
            (date(1979, 2, 11), (1357, 11, 22)),
            (date(2021, 3, 20), (1399, 12, 30)),
            (date(2024, 9, 21), (1403, 6, 31)),
            (date(2024, 9, 22), (1403, 7, 1)),
            (date(2026, 11, 24), (1405, 9, 3)),
        ):
            with self.subTest(day=day):
                self.assertEqual(to_jalali(day), expected)

    def test_leap_years(self):
        leap = [year for year in range(1370, 1421) if is_jalali_leap(year)]
        self.assertEqual(
            leap,
            [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416]
            + [1420],
        )

    def test_days_that_do_not_exist_are_refused(self):
        for day in ((1404, 12, 30), (1403, 7, 31), (1403, 13, 1), (1403, 1, 0)):
            with self.subTest(day=day), self.assertRaises(ValueError):
                from_jalali(*day)

    @given(days)
    def test_there_and_back(self, day):
        self.assertEqual(from_jalali(*to_jalali(day)), day)

    @given(days)
    def test_the_next_day_is_the_next_day(self, day):
        year, month, number = to_jalali(day)
        after = to_jalali(day + timedelta(days=1))
        if number < month_length(year, month, "jalali"):
            self.assertEqual(after, (year, month, number + 1))
        else:
            self.assertEqual(after, (year + month // 12, month % 12 + 1, 1))

    @given(days, st.integers(-40, 40), calendars)
    def test_months_are_counted_as_they_are_added(self, day, months, calendar):
        later = add_months(day, months, calendar)
        self.assertEqual(months_between(day, later, calendar), months)

    @given(days, calendars, st.sampled_from(sorted(ALIGNMENTS)))
    def test_an_aligned_day_is_aligned_already(self, day, calendar, unit):
        first = aligned(day, unit, calendar)
        self.assertLessEqual(first, day)
        self.assertEqual(aligned(first, unit, calendar), first)
        self.assertGreater(add_months(first, ALIGNMENTS[unit], calendar), day)

    def test_29_february_and_30_esfand_come_back_in_leap_years(self):
        leap_day = date(2024, 2, 29)
        self.assertEqual(str(add_months(leap_day, 12)), "2025-02-28")
        self.assertEqual(str(add_months(leap_day, 48)), "2028-02-29")
        esfand = from_jalali(1403, 12, 30)
        days = [to_jalali(add_months(esfand, 12 * n, "jalali")) for n in (1, 5)]
        self.assertEqual(days, [(1404, 12, 29), (1408, 12, 30)])
