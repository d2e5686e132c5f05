"""Customers under contract are valued by who stays, not by gaps."""

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from .value_common import TODAY, ValueCommon


@tagged("post_install", "-at_install")
class TestContractValue(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bound = cls.base[:10]
        cls.env["crm.customer"]._refresh_facts()
        cls._bind(cls.bound, TODAY - relativedelta(years=2))

    @classmethod
    def _bind(cls, partners, since, until=False):
        for partner in partners:
            cls._customer(partner).write(
                {
                    "is_contractual": not until,
                    "contract_since": since,
                    "contract_until": until,
                }
            )

    def test_the_rate_of_those_who_stayed_is_what_counts(self):
        self._bind(
            self.base[10:12],
            TODAY - relativedelta(years=2),
            TODAY - relativedelta(months=3),
        )
        run = self._run()
        self.assertEqual((run.contract_before, run.contract_kept), (12, 10))
        self.assertAlmostEqual(run.retention_rate, (10 + 5 * 0.8) / 17, 4)
        self.assertEqual(run.contract_count, 10)
        for partner in self.bound:
            customer = self._customer(partner)
            self.assertEqual(customer.value_method, "contract")
            self.assertAlmostEqual(customer.p_alive, run.retention_rate, 4)
            self.assertAlmostEqual(customer.churn_risk, 1 - run.retention_rate, 4)
        left = self._customer(self.base[10])
        self.assertEqual(left.value_method, "purchases")

    def test_a_gap_between_purchases_changes_nothing(self):
        self._run()
        customer = self._customer(self.bound[0])
        before = (customer.p_alive, customer.churn_risk)
        self._buy(self.bound[0], TODAY, 900)
        self._run()
        self.assertEqual((customer.p_alive, customer.churn_risk), before)

    def test_they_do_not_teach_how_others_stop(self):
        run = self._run()
        self.assertEqual(run.fit_customers, len(self.base) - 10)
        self.assertEqual(run.valued_count, len(self.base) - 10)

    def test_without_any_renewal_the_assumed_rate_holds(self):
        self._bind(self.bound, TODAY - relativedelta(months=2))
        self.policy.assumed_retention = 0.7
        run = self._run()
        self.assertEqual((run.contract_before, run.retention_rate), (0, 0.7))

    def test_they_are_valued_where_the_others_cannot_be(self):
        self.policy.min_customers = 1000
        run = self._run()
        self.assertEqual((run.value_status, run.contract_count), ("none", 10))
        customer = self._customer(self.bound[0])
        self.assertEqual(customer.value_method, "contract")
        self.assertGreater(customer.clv, 0)
        self.assertIn("contract", customer.value_explanation)

    def test_who_has_a_contract_and_no_purchase_yet_is_valued_as_usual(self):
        customer = self.env["crm.customer"].create(
            {
                "partner_id": self.hormuz.id,
                "company_id": self.arvand.id,
                "is_contractual": True,
                "contract_since": TODAY - relativedelta(months=1),
            }
        )
        self._run()
        self.assertEqual(customer.value_method, "contract")
        self.assertGreater(customer.expected_purchases, 0)

    def test_a_past_day_is_judged_by_the_dates_of_the_contracts(self):
        self._bind(self.bound, TODAY + relativedelta(days=1))
        run = self._run()
        self.assertEqual(run.contract_count, 0)
