from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestDrillDown(StrategyCommon):
    """From a figure to the records behind it, under the reader's own rights."""

    with_accounts = True

    def setUp(self):
        super().setUp()
        self._invoice("2023-03-31", 100.25)
        self._invoice("2023-03-01", 30.0, move_type="out_refund")
        self._invoice("2023-02-28", 7.0)
        self._invoice("2023-03-10", 5.0, self.south)
        self._measure(self.revenue, "2023-02-01", "2023-04-30", self.north + self.south)

    def test_the_records_add_up_to_the_figure(self):
        for value in self._values(self.revenue):
            self.assertAlmostEqual(self._total(value), value.value, places=2)
        self.assertEqual(
            [round(value.value, 2) for value in self._values(self.revenue)],
            [7.0, 70.25, 0.0],
        )

    def test_the_reader_sees_no_more_than_the_own_records(self):
        march = self._values(self.revenue)[1]
        self.assertAlmostEqual(self._total(march, self.executive), 70.25, places=2)
        with self.assertRaises(AccessError):
            march.with_user(self.blind).action_drill_down()
        with self.assertRaises(AccessError):
            march.with_user(self.stranger).action_drill_down()
        with self.assertRaises(AccessError):
            march.with_user(self.salesperson).action_drill_down()

    def test_it_says_how_many_records_the_rights_hide(self):
        self._invoice("2023-03-20", 1.0, move_type="out_receipt")
        # A sales manager may read the lines of invoices, not those of receipts.
        action = (
            self._values(self.revenue)[1].with_user(self.manager).action_drill_down()
        )
        self.assertIn("(1 records hidden", action["name"])

    @freeze_time("2023-04-15")
    def test_the_kpi_opens_the_records_of_its_current_figure(self):
        kpi = self.revenue.with_company(self.north)
        action = kpi.action_drill_down()
        self.assertEqual(action["res_model"], "account.move.line")
        self.assertEqual(action["name"], "TEST_REVENUE, March 2023")

    def _total(self, value, user=None):
        value = value.with_user(user) if user else value
        action = value.action_drill_down()
        field, sign = value.kpi_id._get_measure().drill_total
        [[total]] = (
            value.env[action["res_model"]]
            .with_context(allowed_company_ids=self.north.ids)
            ._read_group(action["domain"], [], [f"{field}:sum"])
        )
        return (total or 0.0) * sign
