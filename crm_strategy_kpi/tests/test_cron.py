from odoo.tests import freeze_time, tagged

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestCron(StrategyCommon):
    @freeze_time("2023-05-10")
    def test_the_night_measures_every_company_for_a_year_back(self):
        self._invoice("2022-05-03", 22.0)
        self._invoice("2023-05-03", 50.0)
        self._invoice("2023-05-03", 5.0, self.south)
        self._run()
        values = self._values(self.revenue)
        self.assertEqual(len(values), 13)
        self.assertEqual((values[0].value, values[-1].value), (22.0, 50.0))
        self.assertEqual(self._values(self.revenue, self.south)[-1].value, 5.0)

    def test_a_second_round_of_the_night_does_not_begin_again(self):
        self._run()
        self.revenue.measured_at = False
        self._run()
        self.assertFalse(self.revenue.measured_at)

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_strategy_kpi.ir_cron_measure").method_direct_trigger()
