"""The published figures, out of the running system: CDNOW imported as a user does."""

from odoo.tests import tagged

from . import cdnow
from .test_cdnow import CdnowCommon

CALIBRATION = "1997-09-30"  # 39 weeks
END = "1998-06-30"  # 78 weeks


@tagged("post_install", "-at_install")
class TestCdnowValue(CdnowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchases = cdnow.purchases(cdnow.SAMPLE)
        cls._import_customers(cls.purchases)
        cls._import_purchases(cls.purchases)
        cls.policy = cls.env["crm.loyalty.policy"].create(
            {"value_model": "bgnbd", "discount_rate": 1.01**12 - 1}
        )

    def _value(self, **settings):
        self.policy.write(settings)
        self.policy.action_run()
        self.policy.invalidate_recordset()
        return self.policy.last_run_id

    def _customers(self, *numbers):
        """Customers by their place in the file."""
        customers = self.env["crm.customer"].browse()
        names = list(dict.fromkeys(one.customer for one in self.purchases))
        for number in numbers:
            partner = self.env.ref(f"__import__.cdnow_{names[number]}")
            customers += customers.search([("partner_id", "=", partner.id)])
        return customers

    def _assert_near(self, run, tolerance=0.001, **expected):
        for name, value in expected.items():
            with self.subTest(name):
                self.assertAlmostEqual(run[name], value, delta=tolerance)

    def test_the_fit_is_the_published_one(self):
        run = self._value(date_as_of=CALIBRATION)
        self.assertEqual((run.value_status, run.fit_customers), ("ok", 2357))
        self.assertEqual((run.fit_repeaters, run.spend_customers), (946, 946))
        self._assert_near(
            run, parameter_r=0.243, parameter_alpha=4.414, parameter_a=0.793
        )
        self._assert_near(run, parameter_b=2.426)
        self._assert_near(run, 0.01, loglikelihood=-9582.43)
        self._assert_near(run, 0.01, spend_p=6.25, spend_q=3.74, spend_gamma=15.44)
        self._assert_near(run, 0.01, spend_loglikelihood=-4055.92, spend_mean=35.17)
        self.assertEqual(run.valued_count, 2357)
        self.assertGreater(run.value_duration, 0)

    def test_the_first_customer_is_worth_what_is_published(self):
        self._value(date_as_of=CALIBRATION)
        customer = self._customers(0)
        self.assertAlmostEqual(customer.p_alive, 0.7266, delta=0.001)
        self.assertAlmostEqual(customer.clv, 35.87, delta=0.05)
        self.assertEqual(customer.value_method, "purchases")
        self._value(horizon=39, horizon_unit="week")
        self.assertAlmostEqual(customer.expected_purchases, 1.226, delta=0.001)

    def test_the_other_model_doubts_who_bought_once(self):
        run = self._value(date_as_of=CALIBRATION, value_model="mbgnbd")
        self._assert_near(
            run, parameter_r=0.5248, parameter_alpha=6.183, parameter_a=0.8914
        )
        self._assert_near(run, parameter_b=1.6140)
        self._assert_near(run, 0.01, loglikelihood=-9582.13)
        once = self.env["crm.customer"].search([("purchase_count", "=", 1)])
        self.assertLess(max(once.mapped("p_alive")), 0.7)

    def test_the_holdout_is_forecast_as_published(self):
        run = self._value(date_as_of=END)
        self.assertEqual(
            (run.holdout_status, str(run.holdout_from)), ("ok", CALIBRATION)
        )
        self.assertEqual((run.holdout_customers, run.holdout_actual), (2357, 1882))
        self._assert_near(run, holdout_correlation=0.626)
        self._assert_near(run, 0.005, holdout_error=-0.04)
        self.assertGreaterEqual(run.churn_auc, 0.77)
        self.assertTrue(run.churn_adjusted)
        _time, tracked, expected = run.tracking["points"][-1]
        self.assertEqual(tracked, 2457 + 1882)
        self.assertAlmostEqual(expected, 4160.6, delta=1)
        self.assertAlmostEqual(run.tracking["cut"], 272 / 7)

    def test_a_second_run_writes_nothing(self):
        self._value(date_as_of=END, value_model="mbgnbd")
        again = self._value(date_as_of=END)
        self.assertEqual(again.value_changed_count, 0)
        self.assertEqual(again.value_status, "ok")

    def test_another_unit_of_time_changes_no_customer(self):
        weeks = self._value(date_as_of=END)
        days = self._value(date_as_of=END, value_unit="day")
        self.assertAlmostEqual(
            days.parameter_alpha / weeks.parameter_alpha, 7, delta=0.001
        )
        self.assertAlmostEqual(days.churn_auc, weeks.churn_auc, delta=0.001)
