from datetime import date, datetime

from odoo.tests import freeze_time, tagged

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestOnTimeCompletion(StrategyCommon):
    """Manufacturing orders made and finished as a user does it."""

    def setUp(self):
        super().setUp()
        if "mrp.production" not in self.env:
            self.skipTest("Manufacturing is not installed")
        self.north.resource_calendar_id.tz = "Asia/Tehran"  # 3 h 30 min before UTC
        self.on_time = self._kpi("TEST_ON_TIME", measure="on_time_completion")
        self.pump = self.env["product.product"].create(
            {"name": "Pump", "type": "consu", "is_storable": True}
        )

    def test_the_share_finished_by_the_day_promised(self):
        self._produce("2023-03-10 08:00", "2023-03-09 08:00")
        self._produce("2023-03-10 08:00", "2023-03-10 15:00")  # later the same day
        self._produce("2023-03-10 08:00", "2023-03-12 08:00")
        self._produce(False, "2023-03-12 08:00")
        self._measure(self.on_time, "2023-03-01", "2023-04-30")
        march, april = self._values(self.on_time)
        self.assertEqual((march.numerator, march.denominator), (2.0, 3.0))
        self.assertAlmostEqual(march.value, 200 / 3)
        self.assertEqual(march.state, "measured")
        self.assertEqual((april.state, april.status), ("no_data", "no_data"))

    def test_no_data_is_not_zero(self):
        self._produce("2023-03-10 08:00", "2023-03-12 08:00")
        self._target(self.on_time, "2023-03-01", 90.0)
        self._target(self.on_time, "2023-04-01", 90.0)
        self._measure(self.on_time, "2023-03-01", "2023-04-30")
        self.assertEqual(
            self._raw_values(self.on_time),
            {date(2023, 3, 1): 0.0, date(2023, 4, 1): None},
        )
        march, april = self._values(self.on_time)
        self.assertEqual((march.status, april.status), ("off_track", "no_data"))
        self.assertEqual(april.value_display, "No data")

    def test_days_and_months_are_those_of_the_company(self):
        # 20:31 UTC on 31 March is 00:01 on 1 April in Tehran.
        self._produce("2023-04-01 08:00", "2023-03-31 20:29")
        self._produce("2023-03-31 20:29", "2023-03-31 20:31")
        self._measure(self.on_time, "2023-03-01", "2023-04-30")
        march, april = self._values(self.on_time)
        self.assertEqual((march.numerator, march.denominator), (1.0, 1.0))
        self.assertEqual((april.numerator, april.denominator), (0.0, 1.0))
        for value in march + april:
            action = value.action_drill_down()
            self.assertEqual(
                self.env["mrp.production"].search_count(action["domain"]), 1
            )

    def test_the_records_behind_it_are_those_counted(self):
        self._produce("2023-03-10 08:00", "2023-03-09 08:00")
        self._produce("2023-03-10 08:00", "2023-03-12 08:00")
        self._produce(False, "2023-03-12 08:00")
        self._measure(self.on_time, "2023-03-01", "2023-03-31")
        value = self._values(self.on_time)
        orders = self.env["mrp.production"].search(value.action_drill_down()["domain"])
        self.assertEqual(len(orders), value.denominator)
        in_time = orders.filtered(lambda one: one.date_finished <= one.date_deadline)
        self.assertEqual(len(in_time), value.numerator)

    def test_what_is_not_done_does_not_count(self):
        self._produce("2023-03-10 08:00", False)
        self._measure(self.on_time, "2023-03-01", "2023-03-31")
        self.assertEqual(self._values(self.on_time).state, "no_data")

    def _produce(self, deadline, finished):
        """Make one pump, promised for `deadline` and done at `finished` (UTC)."""
        production = (
            self.env["mrp.production"]
            .with_company(self.north)
            .create(
                {
                    "product_id": self.pump.id,
                    "product_qty": 1.0,
                    "company_id": self.north.id,
                    "date_deadline": deadline and datetime.fromisoformat(deadline),
                }
            )
        )
        production.action_confirm()
        if finished:
            with freeze_time(finished):
                production.qty_producing = 1.0
                production.button_mark_done()
            self.assertEqual(production.state, "done")
        return production
