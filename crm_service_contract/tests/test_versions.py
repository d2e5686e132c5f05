"""Dated versions of lib/: what a change does to the terms of a line, and to money."""

import unittest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ..lib.recurrence import ONE_DAY, Rule, next_period
from ..lib.versions import (
    Terms,
    Version,
    difference,
    index_price,
    is_sequence,
    overlay,
    parts,
    percent_price,
)

START = date(2026, 1, 1)
BASE = Terms(Decimal(2), Decimal("99.99"))
days = st.integers(0, 150).map(lambda n: START + timedelta(days=n))
changes = st.lists(
    st.tuples(
        days,
        st.one_of(st.none(), st.integers(0, 60)),
        st.sampled_from(["quantity", "price", "pause"]),
        st.integers(0, 9),
    ),
    max_size=5,
)


def change_of(kind, number):
    def change(terms):
        if kind == "pause":
            return terms._replace(paused=True)
        return terms._replace(**{kind: Decimal(number)})

    return change


def apply(versions, rows):
    for first, length, kind, number in rows:
        last = None if length is None else first + timedelta(days=length)
        versions = overlay(versions, first, last, change_of(kind, number))
    return versions


def terms_on(versions, day):
    [found] = [
        v.terms for v in versions if v.first <= day and (not v.last or day <= v.last)
    ]
    return found


class TestVersions(unittest.TestCase):
    @given(changes)
    def test_versions_never_overlap_nor_leave_gaps(self, rows):
        versions = apply([Version(START, None, BASE)], rows)
        self.assertTrue(is_sequence(versions))
        self.assertEqual((versions[0].first, versions[-1].last), (START, None))

    @given(changes, days, st.integers(0, 60), days)
    def test_days_outside_a_change_stay_as_they_were(self, rows, first, length, day):
        before = apply([Version(START, None, BASE)], rows)
        last = first + timedelta(days=length)
        after = overlay(before, first, last, change_of("quantity", 77))
        if first <= day <= last:
            self.assertEqual(terms_on(after, day).quantity, 77)
        else:
            self.assertEqual(terms_on(after, day), terms_on(before, day))

    @given(changes, days)
    @settings(deadline=None)
    def test_parts_of_a_period_cost_what_was_billed_and_its_correction(self, rows, day):
        """Billed under old terms and corrected is the same as billed under new ones."""
        old = [Version(START, None, BASE)]
        new = apply(old, rows)
        period = next_period(START, Rule("quarter"), START, None)
        whole = sum(part.amount() for part in parts(new, period))
        billed = sum(part.amount() for part in parts(old, period))
        cut = min(max(day, period.first), period.last)
        total = billed
        for first, last in ((period.first, cut - ONE_DAY), (cut, period.last)):
            if first <= last:
                part = period._replace(first=first, last=last)
                total += difference(old, new, part)
        self.assertEqual(total, whole)

    def test_the_unused_part_of_a_period_is_credited_to_the_cent(self):
        old = [Version(START, None, Terms(Decimal(3), Decimal("33.33")))]
        new = overlay(old, date(2026, 1, 11), None, change_of("pause", 0))
        period = next_period(START, Rule("month"), START)
        rest = period._replace(first=date(2026, 1, 11))
        self.assertEqual(difference(old, new, rest), Decimal("-67.74"))
        self.assertEqual(sum(p.amount() for p in parts(new, period)), Decimal("32.25"))

    def test_price_revisions(self):
        self.assertEqual(percent_price(Decimal(120), Decimal("-2.5")), Decimal(117))
        self.assertEqual(
            index_price(Decimal(120), Decimal(100), Decimal("103.456")),
            Decimal("124.15"),
        )
        for base, current in ((0, 1), (1, 0), (-1, 1)):
            with self.subTest(base=base, current=current):
                with self.assertRaises(ValueError):
                    index_price(Decimal(1), Decimal(base), Decimal(current))

    def test_zero_quantity_costs_nothing(self):
        self.assertEqual(Terms(Decimal(0), Decimal(50)).amount(), 0)
