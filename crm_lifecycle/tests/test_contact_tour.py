from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestContactTour(HttpCase):
    # | who           | role                                          |
    # |---------------|-----------------------------------------------|
    # | tour_caller   | salesperson, accountable for Tour Waterworks  |
    # | tour_manager  | sales manager, draws the touchpoint map       |
    # Reza works at Tour Waterworks, usually calls, and wants no SMS.

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.ref("base.main_company")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.caller, cls.manager = (
            new_test_user(
                cls.env,
                login,
                f"sales_team.group_sale_{role}",
                company_id=company.id,
                email=f"{login}@example.com",
            )
            for login, role in (
                ("tour_caller", "salesman"),
                ("tour_manager", "manager"),
            )
        )
        cls.firm = cls.env["res.partner"].create(
            {"name": "Tour Waterworks", "is_company": True}
        )
        cls.reza = cls.env["res.partner"].create(
            {
                "name": "Tour Reza",
                "parent_id": cls.firm.id,
                "phone": "+98 76 3355 1040",
                "email": "reza@tour.example.com",
            }
        )
        cls.env["crm.lead"].create(
            {
                "name": "Pumps",
                "partner_id": cls.reza.id,
                "company_id": company.id,
                "user_id": cls.caller.id,
            }
        )
        cls.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": cls.reza.id,
                "company_id": company.id,
                "channel_id": cls.env.ref("crm_lifecycle.crm_channel_phone").id,
                "date": fields.Datetime.now() - timedelta(days=3),
            }
        )
        cls.env["crm.consent"].create(
            {
                "partner_id": cls.reza.id,
                "company_id": company.id,
                "purpose": "all",
                "state": "refused",
                "channel_id": cls.env.ref("crm_lifecycle.crm_channel_sms").id,
            }
        )
        cls.env["crm.touchpoint"].search([]).active = False
        cls.env["crm.customer"]._refresh([cls.firm.id])
        cls.customer = cls.env["crm.customer"].search(
            [("partner_id", "=", cls.firm.id)]
        )

    def test_a_salesperson_contacts_a_customer_on_the_preferred_channel(self):
        self.start_tour(
            "/odoo/crm-customers", "crm_lifecycle_contact", login="tour_caller"
        )
        call = self.env["crm.interaction"].search(
            [("partner_id", "=", self.reza.id), ("direction", "=", "out")]
        )
        self.assertEqual((call.duration, call.user_id), (6, self.caller))
        message = self.customer.message_ids.filtered("subject")
        self.assertEqual(message.partner_ids, self.reza)

    def test_a_manager_fills_a_gap_of_the_map(self):
        self.start_tour(
            "/odoo/crm-touchpoint-map",
            "crm_lifecycle_touchpoints",
            login="tour_manager",
        )
        point = self.env["crm.touchpoint"].search([("name", "=", "Tour hotline")])
        self.assertEqual(point.owner_id, self.manager)
        self.assertEqual(point.stage_ids.mapped("code"), ["retain"])
