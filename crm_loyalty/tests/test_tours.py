"""The journeys, in a real browser."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestTours(LoyaltyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, amount in ((cls.hormuz, 80), (cls.caspian, 15), (cls.zagros, 5)):
            cls._buy(partner, "2020-01-01", amount)

    def test_a_manager_runs_the_policy_and_reads_the_chart(self):
        self.start_tour(
            "/odoo/loyalty-policy", "crm_loyalty_policy", login=self.sara.login
        )
        self.assertAlmostEqual(self.policy.cut_a, 0.75)
        self.assertEqual(self._customer(self.hormuz).abc_class, "a")

    def test_an_empty_chart_says_what_to_do(self):
        self.start_tour(
            "/odoo/customer-pareto",
            "crm_loyalty_pareto_empty",
            login=self.bahar_manager.login,
        )

    def test_a_manager_previews_a_change_before_saving_it(self):
        self._run()
        self.start_tour(
            "/odoo/loyalty-policy", "crm_loyalty_preview", login=self.sara.login
        )
        self.assertAlmostEqual(self.policy.cut_a, 0.85)
        self.assertEqual(self._customer(self.caspian).abc_class, "a")

    def test_a_manager_finds_large_customers_who_earn_nothing(self):
        self.env["crm.interaction"].create(
            {
                "name": "Visit",
                "partner_id": self.hormuz.id,
                "company_id": self.arvand.id,
                "channel_id": self.env.ref("crm_lifecycle.crm_channel_visit").id,
                "duration": 600,
                "date": "2022-01-01 09:00:00",
            }
        )
        self.policy.cost_hour = 10
        self._run()
        self.start_tour(
            "/odoo/customer-whale-curve", "crm_loyalty_whale", login=self.sara.login
        )

    def test_a_manager_reads_the_matrix_and_opens_who_moved(self):
        today = date.today()
        with freeze_time(today - timedelta(days=400)):
            self._run()
        self._buy(self.zagros, today - timedelta(days=30), 995)
        self._run()
        self.start_tour(
            "/odoo/loyalty-migration", "crm_loyalty_migration", login=self.sara.login
        )

    def test_an_analyst_looks_at_the_heat_map(self):
        self._run()
        self.start_tour("/odoo/customer-rfm", "crm_loyalty_rfm", login=self.nika.login)

    def test_an_analyst_compares_countries(self):
        iran, iraq = self.env.ref("base.ir"), self.env.ref("base.iq")
        (self.hormuz + self.caspian).country_id = iran
        self.zagros.country_id = iraq
        self._run()
        self.start_tour(
            "/odoo/customer-pareto", "crm_loyalty_pareto_country", login=self.nika.login
        )
