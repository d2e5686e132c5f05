from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.measures.net_revenue import NetRevenue
from .common import StrategyCommon

KPI_LOG = "odoo.addons.crm_strategy_kpi.models.crm_kpi_measuring"


@tagged("post_install", "-at_install")
class TestMeasuring(StrategyCommon):
    def test_measuring_twice_writes_nothing(self):
        self._invoice("2023-03-05", 100.0)
        self._target(self.revenue, "2023-03-01", 100.0)
        self._measure(self.revenue, "2023-01-01", "2023-06-30")
        before = self._rows()
        self._measure(self.revenue, "2023-01-01", "2023-06-30")
        self.assertEqual(self._rows(), before)
        self.assertEqual(len(before), 6)

    def test_a_value_is_unique_where_team_and_person_are_empty(self):
        self._measure(self.revenue, "2023-01-01", "2023-01-31")
        with (
            self.assertRaises(Exception) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "INSERT INTO crm_kpi_value (kpi_id, period_start, period_end,"
                " company_id, version, state) SELECT kpi_id, period_start, period_end,"
                " company_id, version, state FROM crm_kpi_value WHERE kpi_id = %s",
                [self.revenue.id],
            )
        self.assertIn("cell_unique", str(caught.exception))

    def test_every_touched_month_is_measured_whole(self):
        self._invoice("2023-01-02", 1.0)
        self._invoice("2023-03-30", 3.0)
        self._measure(self.revenue, "2023-01-20", "2023-03-10")
        self.assertEqual(self._values(self.revenue).mapped("value"), [1.0, 0.0, 3.0])

    def test_periods_that_make_no_sense_are_refused(self):
        for first, last in (
            ("2023-02-01", "2023-01-01"),
            ("soon", "2023-01-01"),
            ("2023-01-01", ["x"]),
            ("0001-01-01", "2023-01-01"),
            ({"a": 1}, None),
        ):
            with self.assertRaises(UserError):
                self.revenue.action_measure(first, last)

    def test_without_dates_the_running_month_and_the_year_before(self):
        self.revenue.with_context(allowed_company_ids=self.north.ids).action_measure()
        self.assertEqual(len(self._values(self.revenue)), 13)

    @mute_logger(KPI_LOG)
    def test_a_failing_kpi_shows_its_error_and_stops_no_other(self):
        other = self._kpi("TEST_OTHER")
        original = NetRevenue.figures
        failing = []

        def figures(measure, env, scope):
            if not failing:
                failing.append(True)
                env.cr.execute("SELECT 1 / 0")
            return original(measure, env, scope)

        with mute_logger("odoo.sql_db"), patch.object(NetRevenue, "figures", figures):
            self._measure(self.revenue + other, "2023-01-01", "2023-01-31")
        self.assertEqual(self.revenue.measure_state, "error")
        self.assertIn("division by zero", self.revenue.error)
        self.assertFalse(self._values(self.revenue))
        self.assertEqual(other.measure_state, "ready")
        self.assertEqual(len(self._values(other)), 1)
        self._measure(self.revenue, "2023-01-01", "2023-01-31")
        self.assertEqual(self.revenue.measure_state, "ready")
        self.assertFalse(self.revenue.error)

    def test_a_strategy_measures_its_kpis_over_its_own_period(self):
        self._invoice("2023-12-31", 12.0)
        self._strategy().action_measure()
        self.assertEqual(len(self._values(self.revenue)), 12)
        self.assertEqual(self._values(self.revenue)[-1].value, 12.0)
        self.assertFalse(self._values(self.revenue, self.south))

    def test_a_strategy_without_kpis_measures_nothing(self):
        self._strategy(kpis=self.env["crm.kpi"]).action_measure()
        self.assertFalse(self._values(self.revenue))

    def _rows(self):
        self.env.cr.execute(
            "SELECT *, xmin::text, ctid::text FROM crm_kpi_value"
            " WHERE kpi_id = %s ORDER BY id",
            [self.revenue.id],
        )
        return self.env.cr.fetchall()
