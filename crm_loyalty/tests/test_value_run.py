"""What a run estimates, keeps, refuses to estimate, and writes."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import nbd_fit
from ..lib.fitting import NOT_CONVERGED
from ..models.crm_customer_value import VALUE_COLUMNS
from .value_common import CUSTOMERS, TODAY, ValueCommon


@tagged("post_install", "-at_install")
class TestValueRun(ValueCommon):
    def test_customers_are_estimated_from_their_purchases(self):
        run = self._run()
        self.assertEqual((run.value_status, run.fit_status), ("ok", "ok"))
        self.assertEqual((run.fit_customers, run.valued_count), (CUSTOMERS, CUSTOMERS))
        self.assertGreater(run.fit_repeaters, 30)
        self.assertGreater(run.parameter_r, 0)
        self.assertLess(run.loglikelihood, 0)
        self.assertEqual(run.fitted_on, TODAY)
        self.assertIn(str(CUSTOMERS), run.value_message)
        customers = self._customer(self.base[0]).search(
            [("company_id", "=", self.arvand.id), ("value_method", "=", "purchases")]
        )
        self.assertEqual(len(customers), CUSTOMERS)
        self.assertTrue(all(0 <= one.p_alive <= 1 for one in customers))
        self.assertTrue(all(0 <= one.churn_risk <= 1 for one in customers))
        once = customers.filtered(lambda one: one.purchase_count == 1)
        self.assertTrue(once and max(once.mapped("p_alive")) < 0.9)
        self.assertTrue(any(customers.mapped("clv")))

    def test_running_again_writes_nothing(self):
        self._run()
        before = self._value_columns()
        run = self._run()
        self.assertEqual(run.value_changed_count, 0)
        self.assertEqual(self._value_columns(), before)

    def test_one_purchase_changes_the_customer(self):
        self._run()
        customer = self._customer(self.base[0])
        before = customer.expected_purchases
        self._buy(self.base[0], TODAY, 500)
        self._run()
        self.assertGreater(customer.expected_purchases, before)

    def test_chunks_give_the_same(self):
        self._run()
        before = self._value_columns()
        with patch("odoo.addons.crm_loyalty.models.crm_loyalty_valuation.CHUNK", 17):
            run = self._run()
        self.assertEqual(run.value_changed_count, 0)
        self.assertEqual(self._value_columns(), before)

    def test_a_fit_that_fails_keeps_the_parameters_before(self):
        first = self._run()
        self._buy(self.base[0], TODAY, 500)
        real = nbd_fit.fit

        def fail(*args):
            found = real(*args)
            return found._replace(status=NOT_CONVERGED, params=None)

        with patch.object(nbd_fit, "fit", fail):
            run = self._run()
        self.assertEqual((run.value_status, run.fit_status), ("kept", "not_converged"))
        self.assertEqual(run.parameter_r, first.parameter_r)
        self.assertEqual(run.fitted_on, first.fitted_on)
        self.assertEqual(run.valued_count, CUSTOMERS)
        self.assertIn("kept", run.value_message)

    def test_kept_parameters_follow_the_unit_of_time(self):
        first = self._run()
        self.policy.write({"min_customers": CUSTOMERS + 1, "value_unit": "day"})
        run = self._run()
        self.assertEqual((run.value_status, run.fit_status), ("kept", "too_little"))
        self.assertAlmostEqual(run.parameter_alpha, 7 * first.parameter_alpha, 3)

    def test_too_little_data_are_not_guessed_from(self):
        self.policy.min_customers = CUSTOMERS + 1
        run = self._run()
        self.assertEqual((run.value_status, run.fit_status), ("none", "too_little"))
        self.assertIn(str(CUSTOMERS + 1), run.value_message)
        self.assertFalse(self._customer(self.base[0]).value_method)
        self.assertFalse(self._customer(self.base[0]).value_explanation)

    def test_switching_off_empties_the_figures(self):
        self._run()
        self.policy.value_enabled = False
        run = self._run()
        self.assertEqual(
            (run.value_status, run.value_changed_count), ("off", CUSTOMERS)
        )
        self.assertFalse(self._customer(self.base[0]).value_method)

    def test_the_holdout_is_noted(self):
        run = self._run()
        self.assertEqual(run.holdout_status, "ok")
        self.assertLess(run.holdout_from, TODAY)
        self.assertGreater(run.holdout_actual, 0)
        self.assertTrue(0 < run.churn_auc <= 1)
        points = run.tracking["points"]
        self.assertEqual(points[0][:2], [0, 0])
        self.assertEqual(
            points[-1][1],
            sum(self._customer(one).purchase_count - 1 for one in self.base),
        )
        tracked = [point[1] for point in points]
        self.assertEqual(tracked, sorted(tracked))

    def test_returns_and_future_purchases_are_reported(self):
        [who] = self.env["crm.customer"].search(
            [("company_id", "=", self.arvand.id), ("purchase_count", ">", 1)], limit=1
        ) or [self._first_repeater()]
        self._buy(who.partner_id, TODAY, -(10**6))
        run = self._run()
        self.assertEqual(run.spend_ignored, 1)
        self.assertEqual(who.clv, 0)
        self.assertEqual(run.future_count, 0)

    def _first_repeater(self):
        self.env["crm.customer"]._refresh_facts()
        return self.env["crm.customer"].search(
            [("company_id", "=", self.arvand.id), ("purchase_count", ">", 1)], limit=1
        )

    def test_the_margin_and_the_discount_lower_the_value_alone(self):
        self._run()
        customer = self._customer(self.base[0])
        before = customer.read(VALUE_COLUMNS)[0]
        self.policy.value_margin = 0.5
        self._run()
        self.assertAlmostEqual(customer.clv, before["clv"] / 2, delta=0.02)
        self.policy.write({"value_margin": 1, "discount_rate": 0.5})
        self._run()
        self.assertLess(customer.clv, before["clv"])
        self.assertEqual(customer.p_alive, before["p_alive"])

    def test_the_bands_are_cut_by_the_policy(self):
        self.policy.write({"churn_medium": 0.3, "churn_high": 0.6})
        self._run()
        for customer in self.env["crm.customer"].search(
            [("company_id", "=", self.arvand.id)]
        ):
            risk = customer.churn_risk
            band = "high" if risk >= 0.6 else "medium" if risk >= 0.3 else "low"
            self.assertEqual(customer.churn_band, band)

    def test_companies_are_estimated_apart(self):
        self._buy_like_a_base(self.base[:60], self.bahar)
        self._run()
        before = self._value_columns()
        policy = self.env["crm.loyalty.policy"].create(
            {"company_id": self.bahar.id, "date_as_of": TODAY, "min_customers": 20}
        )
        policy._refresh_facts()
        run = policy._run()
        self.assertEqual(run.fit_customers, 60)
        self.assertEqual(self._value_columns(), before)

    def test_the_best_fifth_by_lifetime_value_is_found(self):
        self._run()
        Customer = self.env["crm.customer"].with_company(self.arvand)
        domain = [("company_id", "=", self.arvand.id)]
        best = Customer.search([*domain, ("is_high_value", "=", True)])
        rest = Customer.search([*domain, ("is_high_value", "=", False)])
        self.assertEqual(len(best) + len(rest), CUSTOMERS)
        self.assertAlmostEqual(len(best), CUSTOMERS / 5, delta=4)
        self.assertGreaterEqual(min(best.mapped("clv")), max(rest.mapped("clv")))
        self.assertTrue(best[0].is_high_value)
        self.assertFalse(rest[0].is_high_value)

    def test_the_figures_are_said_in_words(self):
        self._run()
        customer = self._customer(self.base[0])
        self.assertIn("12 months", customer.value_explanation)
        self.assertIn(f"{round(100 * customer.p_alive)} %", customer.value_explanation)

    def test_nobody_types_the_figures_in(self):
        self._run()
        customer = self._customer(self.base[0])
        for name in VALUE_COLUMNS:
            with self.subTest(name), self.assertRaises(AccessError):
                customer.with_user(self.sara).write({name: False})

    @mute_logger("odoo.sql_db")
    def test_settings_that_make_no_sense_are_refused(self):
        for values in (
            {"horizon": 0},
            {"horizon": 121},
            {"horizon": 515, "horizon_unit": "week"},
            {"discount_rate": -0.1},
            {"discount_rate": 1.1},
            {"value_margin": 0},
            {"value_margin": 1.1},
            {"min_customers": 9},
            {"assumed_retention": 1.0},
            {"churn_medium": 0.8},
            {"churn_high": 1.0},
        ):
            with (
                self.subTest(values),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.policy.write(values)

    def test_queries_do_not_grow_with_the_customers(self):
        self._run()
        few = self._count_queries()
        partners = self.env["res.partner"].create(
            [{"name": f"More {number}"} for number in range(200)]
        )
        self._buy_like_a_base(partners)
        self.policy._refresh_facts()
        self.policy._run()
        self.assertLessEqual(self._count_queries(), few + 2)

    def _count_queries(self):
        self.policy.date_as_of += timedelta(days=1)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.policy._run()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
