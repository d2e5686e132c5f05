from odoo.tests import HttpCase, tagged

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestTour(StrategyCommon, HttpCase):
    def test_an_executive_measures_reads_statuses_and_drills_down(self):
        today = self.env["crm.kpi"]._fields["measured_at"].now()
        month = today.replace(day=1).date()
        self._invoice(month, 1200.0)
        self._invoice(month, 200.0, move_type="out_refund")
        self.revenue.name = "Net revenue"
        self._target(self.revenue, month, 900.0)
        self._strategy(
            name="Grow profitable service business",
            date_start=month,
            date_end=month.replace(day=28),
        )
        self.start_tour(
            "/odoo", "crm_strategy_kpi_executive", login=self.executive.login
        )
        value = self._values(self.revenue)
        self.assertEqual((value.value, value.status), (1000.0, "on_track"))
