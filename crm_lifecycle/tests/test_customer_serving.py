"""What it took to serve customers, by source."""

from datetime import date

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..lib.serving import check_cost_sources
from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestCustomerServing(LifecycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.arvand
        cls.partner = cls.env["res.partner"].create({"name": "Served"})
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.partner.id}
        )
        cls.env["crm.customer"].create(
            {"partner_id": cls.partner.id, "company_id": cls.company.root_id.id}
        )

    def _count(self, name, date_from=None, date_to=date(2024, 12, 31)):
        """The quantity of a source for the customer, None where it has no row."""
        self.env.flush_all()
        [source] = [
            one for one in self.env["crm.customer"]._cost_sources() if one.name == name
        ]

        def scope(company_expr, partner_expr):
            return SQL(
                "%s = %s AND %s = %s",
                company_expr,
                self.company.root_id.id,
                partner_expr,
                self.partner.id,
            )

        rows = self.env.execute_query(source.query(scope, date_from, date_to))
        self.assertLessEqual(len(rows), 1)
        if not rows:
            return None
        self.assertEqual(rows[0][:2], (self.company.root_id.id, self.partner.id))
        return float(rows[0][2])

    def _has(self, name):
        sources = self.env["crm.customer"]._cost_sources()
        return name in {source.name for source in sources}

    def _note(self, day, minutes, channel="phone", company=None):
        return self.env["crm.interaction"].create(
            {
                "name": "Talk",
                "partner_id": self.buyer.id,
                "company_id": (company or self.company.root_id).id,
                "channel_id": self.env.ref(f"crm_lifecycle.crm_channel_{channel}").id,
                "duration": minutes,
                "date": f"{day} 10:00:00",
            }
        )

    def test_sources_have_names_of_their_own_and_units_with_a_rate(self):
        check_cost_sources(self.env["crm.customer"]._cost_sources())

    def test_every_source_answers_for_everybody(self):
        for source in self.env["crm.customer"]._cost_sources():
            with self.subTest(source.name):
                query = source.query(lambda *_: SQL("TRUE"), None, date(2024, 12, 31))
                self.env.execute_query(
                    SQL("SELECT company_id, partner_id, quantity FROM (%s) s", query)
                )

    def test_hours_of_contacts_count_for_the_customer_in_the_period(self):
        self._note("2024-01-01", 30)
        self._note("2024-03-31", 60)
        self._note("2024-04-01", 600)
        period = date(2024, 1, 1), date(2024, 3, 31)
        self.assertEqual(self._count("interaction", *period), 1)  # the first day not
        self.assertEqual(self._count("interaction"), 11.5)
        self.assertIsNone(self._count("visit"))

    def test_visits_are_counted_besides_their_hours(self):
        self._note("2024-01-01", 90, "visit")
        self._note("2024-01-02", 0, "visit")
        self.assertEqual(self._count("visit"), 2)
        self.assertEqual(self._count("interaction"), 1.5)

    def test_another_company_pays_for_its_own_hours(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._note("2024-01-01", 90, company=other)
        self.assertIsNone(self._count("interaction"))

    def _meet(self, *partners, **values):
        user = self.sara
        return self.env["calendar.event"].create(
            {
                "name": "Review",
                "user_id": user.id,
                "start": "2024-02-01 09:00:00",
                "stop": "2024-02-01 11:00:00",
                "partner_ids": [Command.set([user.partner_id.id, *partners])],
                **values,
            }
        )

    def test_meetings_count_the_hours_of_colleagues_shared_by_customers(self):
        self._meet(self.buyer.id)
        self.assertEqual(self._count("meeting"), 2)
        other = self.env["res.partner"].create({"name": "Other"})
        self._meet(self.buyer.id, self.partner.id, other.id)  # two customers
        self.assertEqual(self._count("meeting"), 3)

    def test_a_whole_day_is_a_working_day_and_archived_meetings_are_none(self):
        self._meet(
            self.buyer.id, allday=True, start_date="2024-02-05", stop_date="2024-02-06"
        )
        self.assertEqual(self._count("meeting"), 16)
        self.env["calendar.event"].search([("name", "=", "Review")]).active = False
        self.assertIsNone(self._count("meeting"))

    def test_meetings_to_come_cost_nothing_yet(self):
        self._meet(self.buyer.id)
        self.assertIsNone(self._count("meeting", None, date(2024, 1, 31)))

    def test_deliveries_are_counted_where_there_is_an_inventory(self):
        if "stock.picking" not in self.env:
            self.assertFalse(self._has("delivery"))
            self.skipTest("no inventory")
        priced = "carrier_price" in self.env["stock.picking"]._fields
        self.assertEqual(self._has("freight"), priced)
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        customers = self.env.ref("stock.stock_location_customers")
        pickings = self.env["stock.picking"].create(
            [
                {
                    "partner_id": self.buyer.id,
                    "picking_type_id": kind.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": customers.id,
                }
                for kind in (*[warehouse.out_type_id] * 3, warehouse.in_type_id)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE stock_picking SET state = 'done', date_done = '2024-01-05'"
                " WHERE id IN %s",
                tuple((pickings[:2] + pickings[3]).ids),
            )
        )
        self.assertEqual(self._count("delivery"), 2)
        if priced:
            pickings[0].carrier_price = 12
            self.assertEqual((self._count("delivery"), self._count("freight")), (1, 12))

    def test_timesheets_count_at_their_cost_where_they_are_kept(self):
        if not self._has("timesheet"):
            self.assertNotIn("employee_id", self.env["account.analytic.line"]._fields)
            self.skipTest("no timesheets")
        project = self.env["project.project"].create(
            {"name": "Plant", "partner_id": self.partner.id, "allow_timesheets": True}
        )
        employee = self.env["hr.employee"].create({"name": "E", "hourly_cost": 25})
        values = {
            "project_id": project.id,
            "employee_id": employee.id,
            "date": "2024-02-02",
            "unit_amount": 2,
            "name": "/",
        }
        self.env["account.analytic.line"].create(values)
        self.assertEqual(self._count("timesheet"), 50)
        employee.hourly_cost = 0
        self.env["account.analytic.line"].create(values)
        self.assertEqual(self._count("timesheet_hour"), 2)
