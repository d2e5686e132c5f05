"""pytest plugin of `./dev test`: browser tests must run, and counts go to a file.

A skipped HttpCase is turned into a failure: without a server, Chromium or
websocket-client Odoo and pytest-odoo skip all tours, and a run looks fine that tested
no screen.

Counts ({"passed": 3, "failed": 1, ...}) are written to $PEYVAND_TEST_COUNTS, and
pytest's closing line is left to `./dev test`, which adds up several processes.
"""

import json
import os
import sys

import pytest

COUNTS_FILE = "PEYVAND_TEST_COUNTS"
COUNTED = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    expected = hasattr(report, "wasxfail")
    if report.skipped and not expected and is_browser_test(item):
        reason = report.longrepr[-1] if report.longrepr else "no reason given"
        report.outcome = "failed"
        report.longrepr = f"a browser test must not be skipped: {reason}"
    return report


def is_browser_test(item):
    """Whether a test belongs to odoo.tests.HttpCase (tours, hoot, URLs)."""
    common = sys.modules.get("odoo.tests.common")
    cls = getattr(item, "cls", None)
    return bool(common and cls and issubclass(cls, common.HttpCase))


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter and os.environ.get(COUNTS_FILE):
        reporter.summary_stats = lambda: None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    path = os.environ.get(COUNTS_FILE)
    if reporter and path:
        counts = {name: len(reporter.stats.get(name, ())) for name in COUNTED}
        with open(path, "w") as file:
            json.dump(counts, file)
