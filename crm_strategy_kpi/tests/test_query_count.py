from odoo.tests import tagged

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestQueryCount(StrategyCommon):
    """Measuring costs the same number of queries for any number of months."""

    def test_equal_for_one_month_and_for_twenty_four(self):
        for month in range(1, 13):
            self._invoice(f"2022-{month:02}-05", 10.0)
            self._target(self.revenue, f"2022-{month:02}-01", 10.0)
        self._measure(self.revenue, "2021-01-01", "2021-01-31")  # fill the caches
        one = self._count("2022-01-01", "2022-01-31")
        many = self._count("2022-02-01", "2024-01-31")
        self.assertEqual(one, many)
        self.assertEqual(len(self._values(self.revenue)), 26)
        again = self._count("2022-02-01", "2024-01-31")
        self.assertLessEqual(again, many)

    def test_equal_for_one_company_and_for_two(self):
        both = self.north + self.south
        for companies in (self.north, both):  # fill the caches
            self._measure(self.revenue, "2021-01-01", "2021-01-31", companies)
        one = self._count("2022-01-01", "2022-12-31")
        two = self._count("2023-01-01", "2023-12-31", both)
        self.assertEqual(one, two)

    def _count(self, first, last, company=None):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._measure(self.revenue, first, last, company)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
