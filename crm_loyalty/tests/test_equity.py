"""Customer equity: what the months begin and end with, and what happened between."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..models.equity_sql import AMOUNTS
from .value_common import ValueCommon

FIRST, SECOND, THIRD = date(2026, 6, 30), date(2026, 7, 15), date(2026, 8, 15)


@tagged("post_install", "-at_install")
class TestEquity(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._run()
        cls.equity = cls.env["crm.loyalty.equity"]

    def _rows(self, month=None):
        domain = Domain("company_id", "=", self.arvand.id)
        if month:
            domain &= Domain("month", "=", month.replace(day=1))
        return self.equity.search(domain)

    def _sum(self, month, name):
        return round(sum(self._rows(month).mapped(name)), 2)

    def _clv(self):
        customers = self.env["crm.customer"].search(
            [("company_id", "=", self.arvand.id)]
        )
        return round(sum(customers.mapped("clv")), 2)

    def _run_on(self, day):
        self.policy.date_as_of = day
        return self._run()

    def _values(self):
        """{id: lifetime value} of all who have one."""
        customers = self.env["crm.customer"].search(
            [("company_id", "=", self.arvand.id), ("clv", ">", 0)]
        )
        return {customer.id: customer.clv for customer in customers}

    def _expect(self, before, after):
        """The movement between two sets of values, by plain arithmetic."""
        both = before.keys() & after.keys()
        return {
            "acquired": sum(after[one] for one in after.keys() - before.keys()),
            "lost": sum(before[one] for one in before.keys() - after.keys()),
            "grown": sum(max(after[one] - before[one], 0) for one in both),
            "shrunk": sum(max(before[one] - after[one], 0) for one in both),
        }

    def test_the_first_month_opens_with_what_is_there_and_invents_nothing(self):
        self.assertEqual(self._sum(FIRST, "opening"), self._clv())
        self.assertEqual(self._sum(FIRST, "closing"), self._clv())
        for name in ("acquired", "grown", "shrunk", "lost", "moved"):
            self.assertEqual(self._sum(FIRST, name), 0, name)
        self.assertEqual(self.equity.search_count([("month", "<", "2026-06-01")]), 0)

    def test_a_month_is_told_by_plain_arithmetic(self):
        before = self._values()
        self._buy(self.base[0], date(2026, 7, 10), 5000)
        self._buy(self.hormuz, date(2026, 7, 10), 300)
        self._buy(self.hormuz, date(2026, 7, 12), 300)
        gone = self._customer(self.base[1])
        self.env["crm.purchase.history"].search(
            [("partner_id", "=", self.base[1].id)]
        ).unlink()
        self._run_on(SECOND)
        after = self._values()
        self.assertIn(gone.id, before)
        self.assertNotIn(gone.id, after)
        for name, amount in self._expect(before, after).items():
            self.assertAlmostEqual(self._sum(SECOND, name), amount, 2, name)
            self.assertGreater(amount, 0, name)
        self.assertEqual(self._sum(SECOND, "opening"), self._sum(FIRST, "closing"))
        self.assertEqual(self._sum(SECOND, "closing"), self._clv())
        self.assertEqual(self._sum(SECOND, "moved"), 0)
        self.assertEqual(sum(self._rows(SECOND).mapped("lost_count")), 1)

    def test_each_segment_and_class_continues_its_own_month_before(self):
        self._buy(self.base[0], date(2026, 7, 10), 5000)
        self._run_on(SECOND)
        self._run_on(THIRD)
        for last, month in ((FIRST, SECOND), (SECOND, THIRD)):
            closings = self._get_parts(last, "closing")
            openings = self._get_parts(month, "opening")
            self.assertEqual(closings, openings)
        self.assertTrue(any(self._rows(SECOND).mapped("moved")))

    def _get_parts(self, month, name):
        return {
            (row.rfm_segment, row.abc_class): row[name]
            for row in self._rows(month)
            if row[name]
        }

    def test_every_row_adds_up(self):
        self._buy(self.base[0], date(2026, 7, 10), 5000)
        self._run_on(SECOND)
        for row in self._rows():
            opening, moved, acquired, grown, shrunk, lost, closing = (
                row[name] for name in AMOUNTS
            )
            self.assertAlmostEqual(
                opening + moved + acquired + grown - shrunk - lost, closing
            )

    def test_a_second_run_in_a_month_writes_nothing(self):
        self._run_on(SECOND)
        before = self._get_versions()
        self._run_on(SECOND)
        self.assertEqual(self._get_versions(), before)

    def _get_versions(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT 'e', id, ctid::text FROM crm_loyalty_equity UNION ALL"
            " SELECT 'o', id, ctid::text FROM crm_loyalty_equity_opening ORDER BY 1, 2"
        )
        return self.env.cr.fetchall()

    def test_later_runs_of_a_month_keep_its_opening(self):
        opening = self._sum(FIRST, "closing")
        self._run_on(SECOND)
        self._buy(self.base[0], date(2026, 7, 20), 5000)
        self._run_on(date(2026, 7, 25))
        self.assertEqual(self._sum(SECOND, "opening"), opening)
        self.assertEqual(self._sum(SECOND, "closing"), self._clv())

    def test_a_run_as_of_an_earlier_month_leaves_the_months_alone(self):
        self._run_on(SECOND)
        before = self._get_versions()
        self._run_on(FIRST)
        self.assertEqual(self._get_versions(), before)

    def test_a_pause_in_valuing_is_no_loss(self):
        self.policy.value_enabled = False
        self._run_on(SECOND)
        self.assertFalse(self._rows(SECOND))
        self.policy.value_enabled = True
        self._run_on(THIRD)
        self.assertEqual(self._sum(THIRD, "lost"), 0)
        self.assertEqual(self._sum(THIRD, "acquired"), 0)
        self.assertEqual(self._sum(THIRD, "opening"), self._clv())
        self.assertEqual(self._sum(FIRST, "lost"), 0)

    def test_merged_customers_bring_their_opening_along(self):
        self._run_on(SECOND)
        opening = self._sum(SECOND, "opening")
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.base[0] + self.base[2]).ids, self.base[0])
        self._run_on(SECOND)
        self.assertEqual(self._sum(SECOND, "opening"), opening)
        self.assertEqual(self._sum(SECOND, "closing"), self._clv())
        self.assertEqual(self._sum(SECOND, "lost"), 0)

    def test_a_deleted_customer_is_a_loss(self):
        self._run_on(SECOND)
        opening, customer = self._sum(SECOND, "opening"), self._customer(self.base[0])
        value = customer.clv
        self.env["crm.purchase.history"].search(
            [("partner_id", "=", self.base[0].id)]
        ).unlink()
        customer.sudo().unlink()
        self._run_on(SECOND)
        self.assertEqual(self._sum(SECOND, "opening"), opening)
        self.assertGreater(self._sum(SECOND, "lost"), 0)
        self.assertGreater(value, 0)

    def test_companies_are_counted_apart(self):
        self.assertFalse(self.equity.search([("company_id", "=", self.bahar.id)]))
        policy = self.env["crm.loyalty.policy"].create({"company_id": self.bahar.id})
        before = self._get_versions()
        policy._run()
        self.assertEqual(self._get_versions(), before)

    def test_the_screen_gets_months_and_segments(self):
        self._buy(self.base[0], date(2026, 7, 10), 5000)
        self._run_on(SECOND)
        data = self.equity.with_user(self.sara).get_equity()
        self.assertEqual(
            [month["month"] for month in data["months"]], ["2026-07-01", "2026-06-01"]
        )
        latest, first = data["months"]
        self.assertEqual(latest["opening"], first["closing"])
        for name in AMOUNTS:
            parts = sum(part[name] for part in latest["segments"])
            self.assertAlmostEqual(parts, latest[name], 2, name)

    def test_who_may_read_it_and_that_nobody_writes_it(self):
        row = self._rows()[:1]
        for user in (self.nika, self.sara):
            row.with_user(user).read(["closing"])
            for change in (lambda r: r.write({"lost": 1}), lambda r: r.unlink()):
                with self.assertRaises(AccessError):
                    change(row.with_user(user))
        for user in (self.omid, self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.equity.with_user(user).get_equity()
        with self.assertRaises(AccessError):
            row.with_user(self.bahar_manager).read(["closing"])
        opening = self.env["crm.loyalty.equity.opening"]
        for user in (self.omid, self.nika, self.leila, self.portal):
            with self.assertRaises(AccessError):
                opening.with_user(user).search([])
