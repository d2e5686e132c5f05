"""What ./dev test runs for which arguments."""

import pytest

from tools import test_plan
from tools.errors import UserError
from tools.test_plan import ODOO, PURE, TOOLS

PURE_TEST = "from ..lib import sums\n"
ODOO_TEST = "from odoo.tests import TransactionCase\n"


@pytest.fixture
def root(tmp_path):
    """Two addons, one with both sorts of tests; suite tests of both sorts."""
    files = {
        "crm_lifecycle/__manifest__.py": "{}",
        "crm_lifecycle/lib/sums.py": "",
        "crm_lifecycle/tests/__init__.py": "",
        "crm_lifecycle/tests/test_sums.py": PURE_TEST,
        "crm_lifecycle/tests/test_customer.py": ODOO_TEST,
        "crm_loyalty/__manifest__.py": "{}",
        "crm_loyalty/tests/test_run.py": "from .common import Cast\n",
        "tests/test_journey.py": ODOO_TEST,
        "tests/test_wheels.py": "import zipfile\n",
        "tools/tests/test_cache.py": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def planned(root, *asked):
    return {
        (stage.kind, path): set(stage.ignored)
        for stage in test_plan.plan(root, asked)
        for path in stage.paths
    }


def test_without_arguments_everything_runs_once(root):
    pure = "crm_lifecycle/tests/test_sums.py"
    assert planned(root) == {
        (PURE, "crm_lifecycle/lib"): set(),
        (PURE, pure): set(),
        (TOOLS, "tests/test_wheels.py"): set(),
        (ODOO, "crm_lifecycle/tests"): {pure},
        (ODOO, "crm_loyalty/tests"): set(),
        (ODOO, "tests"): {"tests/test_wheels.py"},
        (TOOLS, "tools/tests"): set(),
    }


def test_an_addon_means_its_library_and_all_its_tests(root):
    assert set(planned(root, "crm_lifecycle/")) == {
        (PURE, "crm_lifecycle/lib"),
        (PURE, "crm_lifecycle/tests/test_sums.py"),
        (ODOO, "crm_lifecycle/tests"),
    }


@pytest.mark.parametrize(
    "path, kind",
    [
        ("crm_lifecycle/lib/sums.py", PURE),
        ("crm_lifecycle/tests/test_sums.py", PURE),
        ("crm_lifecycle/tests/test_customer.py::TestIt::test_one", ODOO),
        ("tests/test_wheels.py", TOOLS),
        ("tests/test_journey.py", ODOO),
        ("tools/tests/test_cache.py::test_one", TOOLS),
    ],
)
def test_a_file_goes_to_the_runner_that_it_needs(root, path, kind):
    assert planned(root, path) == {(kind, path): set()}


def test_a_path_that_is_not_there_is_an_error(root):
    with pytest.raises(UserError, match="called crm_nothing"):
        test_plan.plan(root, ["crm_nothing"])


@pytest.mark.parametrize(
    "text, pure",
    [
        ("import json\n", True),
        ("from ..lib.facts import FactSource\n", True),
        ("from .. import lib\n", True),
        ("from ..models import crm_customer\n", False),
        ("from .common import Cast\n", False),
        ("from . import sample\n", True),
        ("def test():\n    import odoo.tests\n", False),
        ("from odoo import fields\n", False),
        ("import odoorpc\n", True),
    ],
)
def test_imports_tell_whether_a_test_is_pure(tmp_path, text, pure):
    file = tmp_path / "test_it.py"
    file.write_text(text)
    (tmp_path / "sample.py").write_text("import csv\n")
    (tmp_path / "common.py").write_text(ODOO_TEST)
    assert test_plan.is_pure(file) is pure
