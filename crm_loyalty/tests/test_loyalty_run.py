"""What a run of a policy writes."""

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.crm_customer import RATING_COLUMNS
from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyRun(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, amount in ((cls.hormuz, 80), (cls.caspian, 15), (cls.zagros, 5)):
            cls._buy(partner, "2020-01-01", amount)

    def _classes(self):
        partners = self.hormuz + self.caspian + self.zagros
        return "".join(self._customer(one).abc_class or "-" for one in partners)

    def _history(self, partner):
        rows = self._customer(partner).loyalty_history_ids.sorted("id")
        return [(row.abc_class, row.date_from, row.date_to or None) for row in rows]

    def test_customers_are_rated_by_share_of_revenue(self):
        run = self._run()
        self.assertEqual(self._classes(), "abc")
        customer = self._customer(self.caspian)
        self.assertEqual(customer.revenue_rank, 2)
        self.assertAlmostEqual(customer.cumulative_share, 0.95)
        self.assertEqual(customer.rated_revenue, 15)
        self.assertEqual((run.count_a, run.count_b, run.count_c), (1, 1, 1))
        self.assertEqual((run.revenue_a, run.revenue_b, run.revenue_c), (80, 15, 5))
        self.assertEqual((run.customer_count, run.moved_count), (3, 3))
        self.assertEqual(run.user_id, self.sara)
        self.assertGreater(run.duration, 0)
        self.assertAlmostEqual(run.top_share, 0.8)

    def test_running_again_writes_nothing(self):
        self._run()
        self._run()  # facts of the contact follow once the customer exists
        before = self._row_versions()
        run = self._run()
        self.assertEqual((run.changed_count, run.moved_count), (0, 0))
        self.assertEqual(self._row_versions(), before)

    def _row_versions(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT 'c', id, ctid::text FROM crm_customer UNION ALL"
            " SELECT 'h', id, ctid::text FROM crm_loyalty_history ORDER BY 1, 2"
        )
        return self.env.cr.fetchall()

    def test_a_change_of_class_is_kept_in_the_history(self):
        with freeze_time("2024-01-10"):
            self._run()
        self._buy(self.zagros, "2024-01-11", 995)
        with freeze_time("2024-02-10"):
            self._run()
        first, second = date(2024, 1, 10), date(2024, 2, 10)
        self.assertEqual(
            self._history(self.zagros), [("c", first, second), ("a", second, None)]
        )

    def test_two_runs_on_one_day_leave_one_row(self):
        with freeze_time("2024-01-10"):
            self._run()
            self._buy(self.zagros, "2024-01-09", 995)
            self._run()
        self.assertEqual(self._history(self.zagros), [("a", date(2024, 1, 10), None)])

    def test_a_run_as_of_an_earlier_day_keeps_what_came_before(self):
        with freeze_time("2024-01-10"):
            self._run()
        self._buy(self.zagros, "2024-01-11", 995)
        with freeze_time("2024-02-10"):
            self._run()
            self.policy.date_as_of = date(2023, 1, 1)
            self._run()
        first, second = date(2024, 1, 10), date(2024, 2, 10)
        self.assertEqual(
            self._history(self.zagros), [("c", first, second), ("c", second, None)]
        )

    def test_as_of_and_window_choose_the_purchases(self):
        self._buy(self.zagros, "2022-06-01", 1000)
        self.policy.date_as_of = date(2021, 1, 1)
        self._run()
        self.assertEqual(self._classes(), "abc")
        self.policy.write({"date_as_of": date(2023, 1, 1), "window_months": 12})
        run = self._run()
        self.assertEqual(self._classes(), "--a")
        self.assertEqual(run.customer_count, 1)
        self.assertFalse(self._customer(self.hormuz).rfm_segment)

    def test_stored_facts_and_documents_give_the_same(self):
        self._run()
        rated = self.env["crm.customer"].search([("company_id", "=", self.arvand.id)])
        before = rated.read(RATING_COLUMNS)
        self.policy.date_as_of = date.today()
        self.assertEqual(self._run().changed_count, 0)
        self.assertEqual(rated.read(RATING_COLUMNS), before)

    def test_who_has_nothing_left_loses_the_class_and_a_row_says_so(self):
        with freeze_time("2024-01-10"):
            self._run()
        self.env["crm.purchase.history"].search(
            [("partner_id", "=", self.zagros.id)]
        ).unlink()
        with freeze_time("2024-02-10"):
            self._run()
        self.assertFalse(self._customer(self.zagros).abc_class)
        first, second = date(2024, 1, 10), date(2024, 2, 10)
        self.assertEqual(
            self._history(self.zagros), [("c", first, second), (False, second, None)]
        )

    def test_the_hook_gets_those_who_moved_with_their_old_class(self):
        self._run()
        self._buy(self.zagros, "2020-01-02", 995)
        calls = []

        def remember(customers, old):
            calls.append((customers, old))

        model = type(self.env["crm.customer"])
        with patch.object(model, "_on_class_changed", remember):
            self._run()
            self._run()
        [(customers, old)] = calls
        zagros = self._customer(self.zagros)
        self.assertIn(zagros, customers)
        self.assertEqual(old[zagros.id][0], "c")

    def test_companies_are_rated_apart(self):
        self._buy(self.hormuz, "2020-01-01", 10**6, company_id=self.bahar.id)
        self._run()
        self.assertEqual(self._classes(), "abc")
        self.assertFalse(self._customer(self.hormuz, self.bahar).abc_class)
        policy = self.env["crm.loyalty.policy"].create({"company_id": self.bahar.id})
        policy._run()
        self.assertEqual(self._customer(self.hormuz, self.bahar).abc_class, "a")
        self.assertEqual(self._customer(self.hormuz).rated_revenue, 80)

    def test_queries_do_not_grow_with_the_customers(self):
        self.policy.value_enabled = False  # see test_value_run.py
        self._run()
        few = self._count_queries()
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(200)]
        )
        self.env["crm.purchase.history"].create(
            [
                {
                    "company_id": self.arvand.id,
                    "partner_id": partner.id,
                    "date": date(2019, 1, 1) + timedelta(days=partner.id % 99),
                    "amount": partner.id % 17,
                    "reference": str(partner.id),
                }
                for partner in partners
            ]
        )
        self.env["crm.customer"]._refresh_facts()
        self.assertLessEqual(self._count_queries(), few + 2)  # history rows to write

    def _count_queries(self):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.policy._run()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_the_nightly_run_rates_every_company(self):
        self.env["crm.customer"]._refresh_facts()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["crm.loyalty.policy"]._cron_run()
        self.env.invalidate_all()
        self.assertEqual(self._classes(), "abc")
        made = self.env["crm.loyalty.policy"].search(
            [("company_id", "=", self.bahar.id)]
        )
        self.assertEqual(made.last_run_id.customer_count, 0)

    def test_merged_customers_keep_one_history(self):
        with freeze_time("2024-01-10"):
            self._run()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.hormuz + self.zagros).ids, self.hormuz)
        self.env["crm.customer"]._refresh_facts()
        rows = self._customer(self.hormuz).loyalty_history_ids
        # both began on the same day: of two such rows the one that lasts stays
        self.assertEqual(len(rows), 1)
        self.assertEqual(len(rows.filtered(lambda row: not row.date_to)), 1)
        with freeze_time("2024-02-10"):
            self._run()
        self.assertEqual(self._customer(self.hormuz).rated_revenue, 85)

    @mute_logger("odoo.sql_db")
    def test_settings_that_make_no_sense_are_refused(self):
        for values in (
            {"cut_a": 0.96},
            {"cut_b": 1.0},
            {"cut_a": 0.0},
            {"rfm_bins": 1},
            {"rfm_bins": 6},
            {"window_months": -1},
        ):
            with (
                self.subTest(values),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.policy.write(values)
        branch = self.env["res.company"].create(
            {"name": "North", "parent_id": self.arvand.id}
        )
        with self.assertRaises(ValidationError):
            self.env["crm.loyalty.policy"].create({"company_id": branch.id})

    def test_customers_are_found_by_class(self):
        self._run()
        found = self.env["crm.customer"].search(
            [("abc_class", "=", "a"), ("company_id", "=", self.arvand.id)]
        )
        self.assertEqual(found.partner_id, self.hormuz)
        self.assertEqual(
            self.env["crm.customer"]._read_group(
                [("company_id", "=", self.arvand.id)],
                ["abc_class"],
                ["rated_revenue:sum"],
            ),
            [("a", 80), ("b", 15), ("c", 5)],
        )
