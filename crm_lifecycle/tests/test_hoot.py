"""The unit tests of the screens, in a real browser."""

from odoo.tests import tagged

from odoo.addons.web.tests import test_js

SUITE = "@crm_lifecycle"


@tagged("post_install", "-at_install")
class TestHoot(test_js.HOOTCommon):
    _test_params = ()  # Odoo's own runner sets it, pytest does not
    # the helpers of web are wanted here, not its own tests once more
    test_generate_hoot_hash = None
    test_get_hoot_filter = None

    def test_the_screens(self):
        suite = self._generate_hash(SUITE)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=120,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
