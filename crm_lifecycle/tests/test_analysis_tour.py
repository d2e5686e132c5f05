from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

STORIES = {
    "Tour Mill": {"identify": "2026-01-01", "develop": "2026-03-01"},
    "Tour Dairy": {"identify": "2026-01-05"},
    "Tour Hotel": {"select": "2026-02-01", "lost": "2026-05-01"},
}
"""{customer: {code of a stage: day of entry}}"""


@tagged("post_install", "-at_install")
class TestAnalysisTour(HttpCase):
    """A manager reads figures on the screen, and sees to the engine.

    | who          | company    | role          |
    |--------------|------------|---------------|
    | tour_manager | Tour Trade | sales manager |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Tour Trade"})
        new_test_user(
            cls.env,
            "tour_manager",
            "sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        partners = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in STORIES]
        )
        customers = cls.env["crm.customer"].create(
            [
                {"partner_id": partner.id, "company_id": cls.company.id}
                for partner in partners
            ]
        )
        customers.history_ids.sudo().unlink()
        for customer in customers:
            cls._tell(customer, STORIES[customer.partner_id.name])
        cls.env.flush_all()
        cls.env.cr.precommit.clear()  # the engine does not look at them
        cls.mill = partners[0]

    @classmethod
    def _tell(cls, customer, story):
        ids = [
            cls.env.ref(f"crm_lifecycle.crm_lifecycle_stage_{code}").id
            for code in story
        ]
        cls.env["crm.lifecycle.history"]._insert_intervals(
            SQL(
                """
                SELECT %s AS customer_id, %s AS company_id, seen.stage_id,
                       seen.date_from,
                       lead(seen.date_from) OVER (ORDER BY seen.date_from) AS date_to,
                       NULL::int AS rule_id, NULL::int AS user_id, NULL AS reason
                  FROM unnest(%s::int[], %s::timestamp[]) AS seen(stage_id, date_from)
                """,
                customer.id,
                customer.company_id.id,
                ids,
                list(story.values()),
            )
        )

    def test_a_manager_asks_who_moved_since_a_day(self):
        self.start_tour(
            "/odoo/crm-lifecycle-analysis",
            "crm_lifecycle_analysis",
            login="tour_manager",
        )

    def test_a_manager_sees_a_failure_of_the_engine_and_has_it_tried_again(self):
        event = self.env["crm.customer.event"].create(
            {
                "kind": "order",
                "root_company": self.company.id,
                "partner_id": self.mill.id,
                "date": "2026-11-01 08:00:00",
                "attempts": 5,
                "error": "The figures do not add up",
            }
        )
        self.start_tour(
            "/odoo/crm-customer-engine", "crm_lifecycle_engine", login="tour_manager"
        )
        self.assertFalse(event.error)
        self.assertEqual(event.attempts, 0)
