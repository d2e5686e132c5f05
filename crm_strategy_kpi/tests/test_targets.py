from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestTargets(StrategyCommon):
    with_accounts = True

    def setUp(self):
        super().setUp()
        self._invoice("2023-03-05", 90.0)

    def test_status_at_and_around_the_thresholds(self):
        target = self._target(self.revenue, "2023-03-01", 90.0)
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        value = self._values(self.revenue)
        self.assertEqual((value.attainment, value.status), (1.0, "on_track"))
        for goal, status in (
            (90.01, "at_risk"),
            (100.0, "at_risk"),
            (100.1, "off_track"),
            (89.0, "on_track"),
        ):
            target.target = goal
            self.assertEqual(value.status, status, goal)
            self.assertEqual(value.target, goal)

    def test_a_target_judges_what_was_measured_before_it(self):
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        value = self._values(self.revenue)
        self.assertEqual(value.status, "no_target")
        target = self._target(self.revenue, "2023-03-17", 45.0)
        self.assertEqual(str(target.period_start), "2023-03-01")
        self.assertEqual(str(target.period_end), "2023-03-31")
        self.assertEqual((value.attainment, value.status), (2.0, "on_track"))
        target.period_start = "2023-04-09"
        self.assertEqual(value.status, "no_target")
        target.period_start = "2023-03-09"
        self.assertEqual(value.status, "on_track")
        target.unlink()
        self.assertEqual(value.status, "no_target")

    def test_direction_and_thresholds_judge_anew(self):
        self._target(self.revenue, "2023-03-01", 80.0)
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        value = self._values(self.revenue)
        self.assertEqual(value.status, "on_track")
        self.revenue.direction = "down"
        self.assertEqual((value.attainment, value.status), (0.875, "off_track"))
        self.revenue.threshold_at_risk = 87.5
        self.assertEqual(value.status, "at_risk")

    def test_a_range_is_kept_or_missed_on_either_side(self):
        self.revenue.direction = "range"
        target = self._target(self.revenue, "2023-03-01", 80.0, upper_limit=90.0)
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        value = self._values(self.revenue)
        self.assertEqual((value.attainment, value.status), (1.0, "on_track"))
        target.upper_limit = 85.0
        self.assertEqual(value.status, "at_risk")
        target.write({"target": 120.0, "upper_limit": 130.0})
        self.assertEqual((value.attainment, value.status), (0.75, "off_track"))
        with self.assertRaises(ValidationError):
            target.upper_limit = 119.0

    def test_one_target_a_month_and_company(self):
        self._target(self.revenue, "2023-03-01", 80.0)
        self._target(self.revenue, "2023-03-01", 80.0, self.south)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._target(self.revenue, "2023-03-31", 80.0)

    def test_a_company_kpi_takes_targets_of_its_company_only(self):
        kpi = self._kpi("TEST_SOUTH", company_id=self.south.id)
        self.assertEqual(
            self.env["crm.kpi.target"]
            .create({"kpi_id": kpi.id, "period_start": "2023-03-01", "target": 1.0})
            .company_id,
            self.south,
        )
