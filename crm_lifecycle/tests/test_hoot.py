"""The unit tests of the screens, in a real browser."""

from odoo.tests import tagged

from .hoot import HootSuite


@tagged("post_install", "-at_install")
class TestHoot(HootSuite):
    def test_the_screens(self):
        self._run_suite("@crm_lifecycle")
