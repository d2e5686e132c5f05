"""Properties of the arithmetic in lib/, without Odoo and without a database."""

import unittest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ..lib.calendars import CALENDARS
from ..lib.proration import CENT, line_amount, monthly_value, prorate, round_to
from ..lib.recurrence import (
    BILLING_MODES,
    UNITS,
    Rule,
    boundary,
    due_periods,
    index_of,
    next_period,
)

days = st.dates(min_value=date(2016, 1, 1), max_value=date(2032, 12, 31))
rules = st.builds(
    Rule,
    unit=st.sampled_from(UNITS),
    interval=st.integers(min_value=1, max_value=14),
    mode=st.sampled_from(BILLING_MODES),
    calendar=st.sampled_from(CALENDARS),
)
amounts = st.decimals(min_value=0, max_value=10**6, places=2)
roundings = st.sampled_from([CENT, Decimal("0.05"), Decimal(1), Decimal("0.001")])
ONE_DAY = timedelta(days=1)
LUNAR = Rule("month", calendar="lunar")


def run(anchor, rule, start, end, after=None, until=date.max):
    return list(due_periods(anchor, rule, start, end, after, until))


class TestRecurrence(unittest.TestCase):
    def test_month_ends_do_not_drift(self):
        cases = [
            (date(2024, 1, 31), "month", ["2024-02-29", "2024-03-31", "2024-04-30"]),
            (date(2023, 1, 30), "month", ["2023-02-28", "2023-03-30", "2023-04-30"]),
            (date(2024, 11, 30), "quarter", ["2025-02-28", "2025-05-30"]),
            (date(2024, 2, 29), "year", ["2025-02-28", "2026-02-28", "2027-02-28"]),
            (date(2026, 3, 5), "week", ["2026-03-12", "2026-03-19"]),
            (date(2026, 12, 31), "day", ["2027-01-01", "2027-01-02"]),
        ]
        for anchor, unit, expected in cases:
            with self.subTest(anchor=anchor, unit=unit):
                found = [
                    str(boundary(anchor, Rule(unit), n + 1))
                    for n in range(len(expected))
                ]
                self.assertEqual(found, expected)

    def test_start_and_end_cut_the_first_and_last_period(self):
        periods = run(
            date(2026, 1, 1), Rule("month"), date(2026, 1, 20), date(2026, 3, 10)
        )
        self.assertEqual(
            [(str(p.first), str(p.last), p.days, p.whole_days) for p in periods],
            [
                ("2026-01-20", "2026-01-31", 12, 31),
                ("2026-02-01", "2026-02-28", 28, 28),
                ("2026-03-01", "2026-03-10", 10, 31),
            ],
        )

    def test_a_line_of_one_day_has_one_period_of_one_day(self):
        day = date(2026, 5, 17)
        [period] = run(date(2026, 5, 1), Rule("month"), day, day)
        self.assertEqual((period.days, period.whole_days), (1, 31))

    def test_a_line_that_ends_before_it_starts_has_no_period(self):
        periods = run(
            date(2026, 1, 1), Rule("month"), date(2026, 2, 1), date(2026, 1, 1)
        )
        self.assertEqual(periods, [])

    def test_advance_is_due_on_the_first_day_and_arrears_on_the_last(self):
        start = date(2026, 1, 1)
        for mode, until, count in [
            ("pre", date(2026, 1, 1), 1),
            ("pre", date(2026, 1, 31), 1),
            ("post", date(2026, 1, 30), 0),
            ("post", date(2026, 1, 31), 1),
        ]:
            with self.subTest(mode=mode, until=until):
                found = run(start, Rule("month", 1, mode), start, None, None, until)
                self.assertEqual(len(found), count)

    def test_cases_of_the_specification(self):
        jan = date(2026, 1, 1)
        cases = {
            "start mid-month": (date(2026, 1, 20), None, "pre", (12, 31)),
            "end mid-period": (jan, date(2026, 1, 10), "pre", (10, 31)),
            "start = end": (date(2026, 1, 31), date(2026, 1, 31), "post", (1, 31)),
            "start > end": (date(2026, 1, 2), jan, "pre", None),
            "arrears, cut at the end": (jan, date(2026, 1, 5), "post", (5, 31)),
        }
        for name, (start, end, mode, expected) in cases.items():
            with self.subTest(name):
                period = next_period(jan, Rule("month", 1, mode), start, end)
                found = period and (period.days, period.whole_days)
                self.assertEqual(found, expected)
                if period and mode == "post" and end:
                    self.assertEqual(period.due(mode), end)

    def test_intervals_count_from_the_anchor_in_either_calendar(self):
        cases = [
            (date(2026, 1, 31), Rule("month", 5), "2026-06-30"),
            (date(2026, 1, 31), Rule("quarter", 3), "2026-10-31"),
            (date(2026, 1, 31), Rule("year", 2), "2028-01-31"),
            (date(2026, 1, 31), Rule("week", 2), "2026-02-14"),
            (date(2026, 1, 31), Rule("day", 45), "2026-03-17"),
            # 1 Farvardin 1403 and 30 Esfand 1403, a leap year
            (date(2024, 3, 20), Rule("month", 1, "pre", "jalali"), "2024-04-20"),
            (date(2024, 3, 20), Rule("quarter", 1, "pre", "jalali"), "2024-06-21"),
            (date(2025, 3, 20), Rule("year", 1, "pre", "jalali"), "2026-03-20"),
            (date(2025, 3, 20), Rule("year", 5, "pre", "jalali"), "2030-03-20"),
        ]
        for anchor, rule, expected in cases:
            with self.subTest(anchor=anchor, rule=rule):
                self.assertEqual(str(boundary(anchor, rule, 1)), expected)

    def test_a_rule_that_gives_no_periods_is_refused(self):
        for rule in (
            Rule("month", 0),
            Rule("fortnight"),
            Rule("day", 1, "later"),
            LUNAR,
        ):
            with self.subTest(rule=rule), self.assertRaises(ValueError):
                rule.check()

    @given(days, rules, days)
    def test_every_day_lies_in_the_period_that_index_of_names(self, anchor, rule, day):
        n = index_of(anchor, rule, day)
        self.assertLessEqual(boundary(anchor, rule, n), day)
        self.assertGreater(boundary(anchor, rule, n + 1), day)

    @given(days, rules, days, st.integers(min_value=0, max_value=200))
    @settings(deadline=None, max_examples=60)
    def test_periods_leave_no_gap_and_never_overlap(self, anchor, rule, start, length):
        end = start + timedelta(days=length)
        periods = run(anchor, rule, start, end)
        self.assertEqual(periods[0].first, start)
        self.assertEqual(periods[-1].last, end)
        for before, after in zip(periods, periods[1:], strict=False):
            self.assertEqual(after.first, before.last + ONE_DAY)
        self.assertEqual(sum(period.days for period in periods), length + 1)

    @given(days, rules, days, st.lists(st.integers(0, 40), max_size=5))
    @settings(deadline=None, max_examples=60)
    def test_runs_on_any_days_make_the_same_periods_as_one(
        self, anchor, rule, start, steps
    ):
        until, made = start, []
        for step in [0, *steps]:
            until += timedelta(days=step)
            made += run(
                anchor, rule, start, None, made[-1].last if made else None, until
            )
        self.assertEqual(made, run(anchor, rule, start, None, None, until))


class TestProration(unittest.TestCase):
    @given(
        days,
        rules,
        days,
        st.lists(st.integers(min_value=1, max_value=90), max_size=5),
        amounts,
        roundings,
    )
    @settings(deadline=None)
    def test_parts_of_a_period_sum_to_the_whole(
        self, anchor, rule, day, cuts, amount, rounding
    ):
        amount = round_to(amount, rounding)
        whole = next_period(anchor, rule, boundary(anchor, rule, 0))
        parts, first = [], whole.first
        for cut in cuts:
            last = first + timedelta(days=cut - 1)
            if last >= whole.last:
                break
            parts.append(whole._replace(first=first, last=last))
            first = last + ONE_DAY
        parts.append(whole._replace(first=first, last=whole.last))
        shares = [prorate(amount, part, rounding) for part in parts]
        self.assertEqual(sum(shares), amount)
        self.assertTrue(all(share >= 0 for share in shares))

    def test_a_whole_period_costs_the_whole_amount(self):
        period = next_period(date(2026, 1, 1), Rule("month"), date(2026, 1, 1))
        self.assertEqual(prorate(Decimal("19.99"), period), Decimal("19.99"))

    def test_twelve_of_thirty_one_days(self):
        period = next_period(date(2026, 1, 1), Rule("month"), date(2026, 1, 20))
        self.assertEqual(prorate(Decimal(420), period), Decimal("162.58"))

    def test_amounts_round_half_up_as_a_person_would(self):
        self.assertEqual(line_amount(1, 2.675, 0), Decimal("2.68"))
        self.assertEqual(line_amount(0, 99.9, 0), Decimal("0.00"))

    def test_monthly_value_of_every_rhythm(self):
        for unit, interval, expected in [
            ("month", 1, "120.00"),
            ("month", 3, "40.00"),
            ("quarter", 1, "40.00"),
            ("year", 1, "10.00"),
            ("day", 1, "3652.43"),
        ]:
            with self.subTest(unit=unit, interval=interval):
                found = monthly_value(Decimal(120), unit, interval)
                self.assertEqual(str(found), expected)
