from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL


@tagged("post_install", "-at_install")
class TestDataStewardTour(HttpCase):
    # | who          | role         |
    # |--------------|--------------|
    # | tour_steward | data steward |

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.steward = new_test_user(
            cls.env,
            "tour_steward",
            "crm_lifecycle.group_data_steward",
            company_id=cls.company.id,
        )
        Partner = cls.env["res.partner"]
        cls.mill = Partner.create({"name": "Tour Mill", "is_company": True})
        cls.twins = Partner.create(
            [
                {"name": "Tour Twin", "is_company": True, "city": city}
                for city in ("Rey", "Yazd")
            ]
        )
        cls.doubles = Partner.create(
            [
                {"name": name, "is_company": True, "city": city, "phone": phone}
                for name, city, phone in (
                    ("Tour Double Ltd", "Rey", "021 7777 1234"),
                    ("tour double", "Yazd", "۰۲۱۷۷۷۷۱۲۳۴"),
                )
            ]
        )
        cls.customer = cls.env["crm.customer"].create(
            {
                "partner_id": cls.mill.id,
                "company_id": cls.company.id,
                "user_id": cls.steward.id,
            }
        )
        cls.env.flush_all()
        then = fields.Datetime.now() - timedelta(days=900)
        cls.env.cr.execute(
            SQL(
                "UPDATE res_partner SET create_date = %s, crm_data_date = %s"
                " WHERE id = %s",
                then,
                then,
                cls.mill.id,
            )
        )
        cls.env.invalidate_all()
        cls.customer._score_now()
        policy = cls.env.ref("crm_lifecycle.crm_quality_policy_default")
        policy.review_completeness = 0

    def test_a_steward_reviews_ignores_and_merges(self):
        self.start_tour(
            "/odoo/crm-data-review", "crm_lifecycle_data_steward", login="tour_steward"
        )
        self.env.invalidate_all()
        self.assertEqual(self.mill.email, "info@mill.example")
        self.assertEqual(self.customer.data_checked_by_id, self.steward)
        Duplicate = self.env["crm.duplicate"]
        ignored = Duplicate.search([("partner_ids", "in", self.twins.ids)])
        self.assertEqual(ignored.state, "ignored")
        self.assertEqual(len(self.twins.exists()), 2)
        self.assertEqual(len(self.doubles.exists()), 1)
        merged = Duplicate.search([("partner_ids", "in", self.doubles.exists().ids)])
        self.assertEqual(merged.state, "merged")
