"""What runs the unit tests of an addon's screens, in a real browser."""

from odoo.addons.web.tests import test_js


class HootSuite(test_js.HOOTCommon):
    _test_params = ()  # Odoo's own runner sets it, pytest does not
    # the helpers of web are wanted here, not its own tests once more
    test_generate_hoot_hash = None
    test_get_hoot_filter = None

    def _run_suite(self, name):
        """Run the tests of one suite, such as "@crm_lifecycle"."""
        suite = self._generate_hash(name)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=120,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
