"""The early warning: once a silence, to who answers, and gone when he buys."""

from datetime import timedelta

from odoo.tests import tagged

from .value_common import TODAY, ValueCommon


@tagged("post_install", "-at_install")
class TestChurnWarning(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for weeks in range(60, 3, -2):  # a good and regular customer
            cls._buy(cls.hormuz, TODAY - timedelta(weeks=weeks), 2000)
        cls._run()
        cls.customer = cls._customer(cls.hormuz)
        cls.customer.user_id = cls.omid
        cls.kind = cls.env.ref("crm_loyalty.mail_activity_type_churn")

    def _warnings(self):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "crm.customer"),
                ("res_id", "=", self.customer.id),
                ("activity_type_id", "=", self.kind.id),
            ]
        )

    def _later(self, weeks):
        self.policy.date_as_of = TODAY + timedelta(weeks=weeks)
        return self._run()

    def test_the_accountable_person_is_told_when_the_risk_rises(self):
        self.assertEqual(
            (self.customer.abc_class, self.customer.churn_band), ("a", "low")
        )
        self.assertFalse(self._warnings())
        run = self._later(80)
        self.assertIn(self.customer.churn_band, ("medium", "high"))
        warning = self._warnings()
        self.assertEqual(warning.user_id, self.omid)
        self.assertEqual(run.warning_count, 1)
        self.assertGreater(warning.date_deadline, run.date_as_of)
        self.assertTrue(warning.note)

    def test_nobody_is_told_twice(self):
        self._later(80)
        self._later(80)
        self._later(81)
        self.assertEqual(len(self._warnings()), 1)

    def test_who_has_dealt_with_it_is_not_told_again_in_the_same_silence(self):
        self._later(80)
        band = self.customer.churn_band
        self._warnings().action_feedback("Called, comes back in autumn")
        self._later(0)  # the risk swings back, and up again
        self._later(80)
        self.assertEqual(self.customer.churn_band, band)
        self.assertFalse(self._warnings())

    def test_a_worse_band_raises_the_open_warning(self):
        self.policy.warning_classes = "none"
        self._later(6)
        risk = self.customer.churn_risk
        self.policy.write(
            {
                "warning_classes": "a",
                "churn_medium": risk * 0.8,
                "churn_high": (1 + risk) / 2,
            }
        )
        self._later(0)
        self._later(6)
        self.assertEqual(self.customer.churn_band, "medium")
        first = self._warnings()
        self.policy.churn_high = risk * 0.9
        self._later(6)
        self.assertEqual(self.customer.churn_band, "high")
        self.assertEqual(self._warnings(), first)
        self.assertIn("High", first.summary)

    def test_it_closes_itself_when_the_customer_buys(self):
        self._later(80)
        self._buy(self.hormuz, TODAY - timedelta(days=1), 100)
        self.env["crm.customer"]._refresh_facts()
        self.assertFalse(self._warnings())
        bodies = "".join(self.customer.message_ids.mapped("body"))
        self.assertIn("Bought again", bodies)

    def test_other_classes_are_left_alone(self):
        self.policy.warning_classes = "none"
        self._later(80)
        self.assertFalse(self._warnings())

    def test_the_deputy_stands_in_for_nobody(self):
        self.customer.write({"user_id": False, "deputy_id": self.nika.id})
        self._later(80)
        self.assertEqual(self._warnings().user_id, self.nika)

    def test_without_anybody_the_run_says_so(self):
        self.customer.user_id = False
        run = self._later(80)
        self.assertFalse(self._warnings())
        self.assertEqual(run.warning_count, 0)
        self.assertGreater(run.unwarned_count, 0)

    def test_people_who_may_not_see_the_customer_get_nothing(self):
        self.customer.write({"user_id": self.leila.id, "deputy_id": self.nika.id})
        self._later(80)
        self.assertEqual(self._warnings().user_id, self.nika)

    def test_under_contract_nobody_is_warned_about(self):
        self.customer.is_contractual = True
        self._later(80)
        self.assertFalse(self._warnings())

    def test_a_deleted_kind_of_activity_stops_nothing(self):
        self.kind.unlink()
        self.assertEqual(self._later(80).warning_count, 0)
