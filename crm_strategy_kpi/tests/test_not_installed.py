from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.measures.base import MEASURES
from ..models.measures.net_revenue import NetRevenue
from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestNotInstalled(StrategyCommon):
    """What a measure needs may be missing: it says so and harms nothing."""

    def test_a_measure_without_its_model_says_so_and_writes_nothing(self):
        self.patch(NetRevenue, "requires", frozenset({"no.such.model"}))
        self._check_not_installed(self.revenue, "no.such.model")

    def test_manufacturing_is_missing_for_real(self):
        if "mrp.production" in self.env:
            self.skipTest("Manufacturing is installed here")
        kpi = self._kpi("TEST_ON_TIME", measure="on_time_completion")
        self._check_not_installed(kpi, "mrp.production")

    def test_the_others_are_measured(self):
        class Missing(NetRevenue):
            requires = frozenset({"no.such.model"})

        with patch.dict(MEASURES, on_time_completion=Missing()):
            missing = self._kpi("TEST_ON_TIME", measure="on_time_completion")
            self._measure(missing + self.revenue, "2023-01-01", "2023-01-31")
            self.assertFalse(self._values(missing))
        self.assertTrue(self._values(self.revenue))

    def test_old_figures_stay_but_cannot_be_drilled(self):
        self._measure(self.revenue, "2023-01-01", "2023-01-31")
        self.patch(NetRevenue, "requires", frozenset({"no.such.model"}))
        with self.assertRaises(UserError):
            self._values(self.revenue).action_drill_down()

    def _check_not_installed(self, kpi, model):
        action = kpi.with_context(allowed_company_ids=self.north.ids).action_measure(
            "2023-01-01", "2023-01-31"
        )
        self.assertEqual(action["params"]["type"], "warning")
        self.assertEqual(kpi.measure_state, "not_installed")
        self.assertEqual(kpi.missing, model)
        self.assertFalse(kpi.error)
        self.assertFalse(self._values(kpi))
        self.assertEqual(kpi.status, "no_data")
