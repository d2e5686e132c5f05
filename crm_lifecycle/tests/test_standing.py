from odoo.tools import SQL

from .common import LifecycleCommon


class TestStanding(LifecycleCommon):
    """The service standing runs beside the stages; the worst voice wins."""

    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        self.customer = self._customer_of(self.hormuz)

    def _tell(self, standing):
        query = SQL(
            "SELECT company_id, partner_id, %s FROM crm_customer WHERE id = %s",
            standing,
            self.customer.id,
        )
        model = self.env.registry["crm.customer"]
        sources = model._service_standing_sources
        self.patch(
            model,
            "_service_standing_sources",
            lambda customers: sources(customers) + [lambda scope: query],
        )

    def _refresh(self):
        self.env.flush_all()
        self.Customer.sudo()._refresh(self.hormuz.ids)
        self.env.invalidate_all()
        return self.customer.service_standing

    def test_a_source_sets_the_standing_and_leaves_the_stage(self):
        stage, intervals = self.customer.stage_id, self.customer.history_ids
        self._tell("served")
        self.assertEqual(self._refresh(), "served")
        self.assertEqual(
            (self.customer.stage_id, self.customer.history_ids), (stage, intervals)
        )

    def test_the_worst_of_several_sources_wins(self):
        self._tell("trouble")
        self._tell("served")
        self._tell("none")
        self.assertEqual(self._refresh(), "trouble")

    def test_what_a_person_reports_lasts_until_he_says_otherwise(self):
        self.customer.with_user(self.omid).service_standing = "trouble"
        self.assertEqual(self._refresh(), "trouble")
        self._process()
        self.assertEqual(self._refresh(), "trouble")
        self.customer.with_user(self.omid).service_standing = "none"
        self.assertEqual(self._refresh(), "none")

    def test_a_person_cannot_talk_away_what_a_source_tells(self):
        self._tell("trouble")
        self._refresh()
        self.customer.with_user(self.omid).service_standing = "none"
        self.assertEqual(self._refresh(), "trouble")

    def test_a_customer_made_by_hand_keeps_the_standing_given(self):
        customer = self.Customer.with_user(self.omid).create(
            {"partner_id": self.caspian.id, "service_standing": "trouble"}
        )
        self._process()
        self.assertEqual(customer.service_standing, "trouble")
