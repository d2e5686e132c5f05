"""The unit tests of the charts, in a real browser."""

from odoo.tests import tagged

from odoo.addons.crm_lifecycle.tests.hoot import HootSuite


@tagged("post_install", "-at_install")
class TestHoot(HootSuite):
    def test_the_chart(self):
        self._run_suite("@crm_loyalty")
