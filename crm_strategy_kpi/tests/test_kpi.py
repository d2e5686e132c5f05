from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestKpi(StrategyCommon):
    def test_a_code_is_unique_per_company_and_among_the_shared(self):
        self._kpi("TEST_CODE")
        self._kpi("TEST_CODE", company_id=self.north.id)
        self._kpi("TEST_CODE", company_id=self.south.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._kpi("TEST_CODE")

    def test_a_code_is_a_plain_word(self):
        for code in ("NET REVENUE", "=1+1", "a.b", "__import__('os')"):
            with self.assertRaises(ValidationError):
                self._kpi(code)

    def test_measure_and_company_are_fixed_once_there_are_values(self):
        self.revenue.company_id = self.north
        self._measure(self.revenue, "2023-01-01", "2023-01-31")
        with self.assertRaises(UserError):
            self.revenue.measure = "on_time_completion"
        with self.assertRaises(UserError):
            self.revenue.company_id = self.south
        self.revenue.write({"measure": "net_revenue", "name": "Same as before"})

    def test_a_new_kpi_takes_unit_and_direction_from_its_measure(self):
        form = Form(self.env["crm.kpi"])
        form.name = "On time"
        form.code = "TEST_ON_TIME"
        form.measure = "on_time_completion"
        self.assertEqual(form.unit, "%")
        self.assertIn("deadline", form.definition)
        form.direction = "range"
        kpi = form.save()
        self.assertEqual((kpi.direction, kpi.unit), ("range", "%"))

    def test_a_copy_gets_a_code_of_its_own(self):
        self.assertEqual(self.revenue.copy().code, "TEST_REVENUE_COPY")

    @freeze_time("2023-05-10")
    def test_the_last_whole_month_stands_for_now(self):
        self._invoice("2023-04-05", 120.0)
        self._invoice("2023-05-05", 3.0)
        self._target(self.revenue, "2023-04-01", 100.0)
        self._target(self.revenue, "2023-05-01", 100.0)
        kpi = self.revenue.with_company(self.north)
        self._measure(kpi, "2023-05-01", "2023-05-31")
        self.assertEqual((kpi.current_value, kpi.status), (3.0, "off_track"))
        self._measure(kpi, "2023-04-01", "2023-05-31")
        self.assertEqual((kpi.current_value, kpi.status), (120.0, "on_track"))
        self.assertEqual(kpi.current_period, "April 2023")
        self.assertIn("120.00", kpi.current_display)
        self.assertIn("100.00", kpi.current_target)
        self.assertEqual(kpi.current_attainment, 1.2)
        self.assertIn(kpi, kpi.search([("status", "=", "on_track")]))
        self.assertNotIn(kpi, kpi.search([("status", "in", ["off_track"])]))
        objective = self._strategy().objective_ids
        self.assertEqual(objective.with_company(self.north).status, "on_track")
        self.assertEqual(objective.with_company(self.south).status, "no_data")
