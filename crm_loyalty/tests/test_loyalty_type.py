from datetime import timedelta
from random import Random

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.loyalty_type import Evidence, attitude, behaviour, loyalty_type, wallet_share
from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyType(LoyaltyCommon):
    """Hormuz buys from us since two years, Caspian bought once; see LoyaltyCommon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        for days in (700, 600, 500, 400, 300, 200, 100):
            cls._buy(cls.hormuz, cls._ago(days), 1000)
        cls._buy(cls.caspian, cls._ago(50), 300)
        cls.env["crm.customer"]._refresh_facts()
        cls.nordic, cls.gulf = cls.env["crm.competitor"].create(
            [{"name": "Nordic"}, {"name": "Gulf"}]
        )
        cls.survey = cls.env.ref("crm_loyalty.survey_attitude")

    @classmethod
    def _ago(cls, days):
        return cls.today - timedelta(days=days)

    def _answer(self, partner, satisfaction, recommendation=None, days=5, test=False):
        entry = self.survey._create_answer(
            partner=partner, check_attempts=False, test_entry=test
        )
        for kind, value in (
            ("satisfaction", satisfaction),
            ("recommendation", recommendation),
        ):
            if value is not None:
                question = self.env.ref(f"crm_loyalty.survey_question_{kind}")
                entry._save_lines(question, str(value))
        entry._mark_done()
        entry.end_datetime = fields.Datetime.now() - timedelta(days=days)
        return entry

    def _find(self, partner, basis="year", **values):
        return self.env["crm.competitor.purchase"].create(
            {
                "customer_id": self._customer(partner).id,
                "basis": basis,
                "competitor_id": self.nordic.id,
                "date": self._ago(10),
                **values,
            }
        )

    def _typed(self, partner):
        """The customer after his facts and a run."""
        self.env["crm.customer"]._refresh_facts()
        self._run()
        self.env.invalidate_all()
        return self._customer(partner)

    def test_nobody_asked_means_unknown_and_not_neutral(self):
        customer = self._typed(self.hormuz)
        self.assertEqual(customer.loyalty_type, "unknown")
        self.assertFalse(customer.attitude_date)
        self.assertIn("Nobody has asked him", customer.loyalty_explanation)

    def test_the_latest_answer_of_any_contact_counts(self):
        person = self.env["res.partner"].create(
            {"name": "Dariush", "parent_id": self.hormuz.id}
        )
        self.hormuz.is_company = True
        self._answer(self.hormuz, 2, 2, days=40)
        self._answer(person, 9, 8, days=5)
        self._answer(person, 0, 0, days=1, test=True)
        customer = self._typed(self.hormuz)
        self.assertEqual((customer.satisfaction, customer.recommendation), (9, 8))
        self.assertEqual(customer.attitude_date, self._ago(5))

    def test_an_answer_that_is_too_old_is_no_answer(self):
        self._answer(self.hormuz, 9, 9, days=800)
        self.assertEqual(self._typed(self.hormuz).loyalty_type, "unknown")

    def test_ratings_of_documents_of_the_company_count_as_satisfaction(self):
        order = self.env["crm.lead"].create(
            {
                "name": "Installed",
                "partner_id": self.hormuz.id,
                "company_id": self.arvand.id,
            }
        )
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": order.id,
                "partner_id": self.hormuz.id,
                "rating": 5,
                "consumed": True,
            }
        )
        self.env.flush_all()
        customer = self._typed(self.hormuz)
        self.assertEqual(customer.satisfaction, 10)
        self.assertFalse(customer.recommendation_date)

    def test_known_amounts_give_the_share_of_wallet(self):
        self._find(self.hormuz, amount=9000, date=self._ago(200))
        self._find(self.hormuz, amount=4000)
        self._find(self.hormuz, "purchase", amount=500, competitor_id=self.gulf.id)
        self._find(self.hormuz, "purchase", amount=500, competitor_id=self.gulf.id)
        self._find(self.hormuz, amount=80000, date=self._ago(500))
        customer = self._typed(self.hormuz)
        # 3 purchases of the last twelve months are ours
        self.assertAlmostEqual(customer.wallet_share, 3000 / 8000)
        self.assertAlmostEqual(customer.competitor_share, 0.5)
        self.assertEqual(customer.main_competitor_id, self.nordic)
        self.assertEqual(customer.wallet_date, self._ago(10))

    def test_ranks_alone_give_a_share_by_the_wallet_allocation_rule(self):
        self._find(self.hormuz, "rank", own_rank=2, supplier_count=3, amount=0)
        customer = self._typed(self.hormuz)
        self.assertAlmostEqual(customer.wallet_share, wallet_share(2, 3), 6)
        self.assertAlmostEqual(customer.competitor_share, wallet_share(1, 3), 6)
        self.assertEqual(customer.wallet_basis, "rank")

    def test_each_type_is_explained_by_the_figures_that_led_there(self):
        self._answer(self.hormuz, 9, 9)
        self._answer(self.caspian, 2, 3)
        self._find(self.caspian, amount=3000)
        loyal, lost = self._typed(self.hormuz), self._customer(self.caspian)
        self.assertEqual(loyal.loyalty_type, "loyal")
        self.assertIn("9.0 of 10", loyal.loyalty_explanation)
        self.assertEqual(lost.loyalty_type, "competitor_loyal")
        self.assertIn("Nordic gets about 91 %", lost.loyalty_explanation)
        self.assertEqual(loyal.loyalty_point["attitude"], 0.9)

    def test_sql_and_plain_python_give_the_same_types(self):
        random = Random(11)
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(60)]
        )
        for partner in partners:
            start = random.randint(100, 900)
            for _turn in range(random.randint(1, 4)):
                self._buy(partner, self._ago(random.randint(1, start)), 100)
            if random.random() < 0.7:
                answers = [random.choice([None, *range(11)]) for _kind in range(2)]
                if answers != [None, None]:
                    self._answer(partner, *answers)
        self.env["crm.customer"]._refresh_facts()
        for partner in partners:
            if random.random() < 0.5:
                self._find(partner, amount=random.randint(1, 900))
        self._run()
        self.env.invalidate_all()
        limits, since = self.policy._get_type_thresholds(), self._ago(365)
        for customer in self.env["crm.customer"].search(
            [("partner_id", "in", partners.ids)]
        ):
            evidence = self._get_evidence(customer, since)
            self.assertEqual(customer.loyalty_type, loyalty_type(evidence, limits))
            self.assertAlmostEqual(
                customer.behaviour_score, behaviour(evidence, limits) or 0, 5
            )
            self.assertAlmostEqual(customer.attitude_score, attitude(evidence) or 0, 5)

    def _get_evidence(self, customer, since):
        days = self.env["crm.purchase.history"].search(
            [("partner_id", "=", customer.partner_id.id)]
        )
        dates = sorted(set(days.mapped("date")))
        rhythm = None
        if len(dates) > 1:
            gap = (dates[-1] - dates[0]).days / (len(dates) - 1)
            rhythm = (self.today - dates[-1]).days / gap
        elsewhere = sum(customer.competitor_purchase_ids.mapped("amount"))
        own = sum(days.filtered(lambda day: day.date > since).mapped("amount"))
        return Evidence(
            customer.p_alive or None,
            rhythm,
            own / (own + elsewhere) if elsewhere else None,
            customer.satisfaction if customer.satisfaction_date else None,
            customer.recommendation if customer.recommendation_date else None,
            elsewhere / (own + elsewhere) if elsewhere else None,
        )

    def test_a_second_run_writes_no_type(self):
        self._answer(self.hormuz, 9, 9)
        self._find(self.hormuz, amount=100)
        self._typed(self.hormuz)
        self.assertEqual(self.policy._rate_types(self.today), (0, []))

    def test_findings_without_sense_are_refused(self):
        with self.assertRaises(ValidationError):
            self._find(self.hormuz, amount=10, competitor_id=False)
        with self.assertRaises(ValidationError):
            self._find(self.hormuz, amount=10, date=self._ago(-3))
        self.gulf.company_id = self.bahar
        with self.assertRaises(ValidationError):
            self._find(self.hormuz, amount=10, competitor_id=self.gulf.id)
        for values in (
            {"amount": 0},
            {"amount": -5},
            {"basis": "rank", "own_rank": 4, "supplier_count": 3},
            {"basis": "rank", "own_rank": 0, "supplier_count": 3},
        ):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._find(self.hormuz, **values)

    def test_a_question_without_numbers_tells_no_attitude(self):
        question = self.env.ref("crm_loyalty.survey_question_reason")
        with self.assertRaises(ValidationError):
            question.crm_attitude = "satisfaction"

    def test_types_cannot_be_typed_in(self):
        for values in ({"loyalty_type": "loyal"}, {"satisfaction": 10}):
            with self.assertRaises(AccessError):
                self._customer(self.hormuz).with_user(self.sara).write(values)

    def test_findings_belong_to_the_company_and_to_who_sees_the_customer(self):
        self._customer(self.hormuz).user_id = self.nika
        finding = self._find(self.hormuz, amount=10)
        self.assertTrue(finding.with_user(self.nika).has_access("write"))
        for user in (self.omid, self.leila, self.portal, self.public):
            self.assertFalse(finding.with_user(user).has_access("read"), user.login)
        elsewhere = finding.with_user(self.bahar_manager).with_company(self.bahar)
        elsewhere = elsewhere.with_context(allowed_company_ids=self.bahar.ids)
        self.assertFalse(elsewhere.has_access("read"))
