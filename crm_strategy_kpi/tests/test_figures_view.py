from odoo.tests import tagged

from ..lib.figures import Figure
from ..lib.periods import months_between
from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestFiguresView(StrategyCommon):
    """Pivot and graph gather figures as their kind demands."""

    def setUp(self):
        super().setUp()
        self.ratio = self._kpi("TEST_RATIO", measure="on_time_completion")
        values = self.env["crm.kpi.value"]
        date = self.env["crm.kpi"]._fields["measured_at"].to_datetime
        months = months_between(
            date("2023-01-01 00:00:00").date(), date("2023-03-01 00:00:00").date()
        )
        counted = [Figure(1.0, 2.0), Figure(9.0, 10.0), None]
        for kpi, figures in (
            (self.ratio, counted),
            (self.revenue, [Figure(10.0), Figure(20.0), Figure(30.0)]),
        ):
            cells = zip(months, figures, strict=True)
            values._store(
                kpi, {(self.north.id, month): figure for month, figure in cells}
            )

    def test_a_ratio_divides_the_sums(self):
        self.assertAlmostEqual(self._gathered(self.ratio), 100 * 10 / 12)

    def test_a_sum_is_summed(self):
        self.assertEqual(self._gathered(self.revenue), 60.0)

    def test_different_kpis_are_never_added(self):
        self.assertFalse(self._gathered(self.ratio + self.revenue))

    def _gathered(self, kpis):
        [[value]] = self.env["crm.kpi.value"]._read_group(
            [("kpi_id", "in", kpis.ids)], [], ["value:avg"]
        )
        return value
