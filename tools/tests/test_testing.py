"""How ./dev test adds up, and what it does not let pass."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools import test_plan, testing
from tools.cache import Cache
from tools.testing import Result

ROOT = Path(__file__).parents[2]
OK, BROKEN, EMPTY = 0, 1, 5

# As much of Odoo as the guard looks at.
FAKE_ODOO = {
    "odoo/__init__.py": "",
    "odoo/tests/__init__.py": "",
    "odoo/tests/common.py": (
        "import unittest\nclass HttpCase(unittest.TestCase):\n    pass\n"
    ),
}
SKIPPED_TOUR = """
import unittest
from odoo.tests.common import HttpCase

class TestTour(HttpCase):
    {decorator}
    def test_tour(self):
        {body}
"""


@pytest.fixture
def run(tmp_path, capfd):
    """run(files, *stages) -> (exit code, closing line) of a whole ./dev test."""

    def run(files, *stages, filtered=False):
        for name, text in (FAKE_ODOO | files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        arguments = argparse.ArgumentParser()
        testing.add_arguments(arguments)
        args = arguments.parse_args(["-k", "nothing_is_called_this"] * filtered)
        args.odoo = args.db_url = None
        context = SimpleNamespace(
            root=tmp_path,
            cache=Cache(tmp_path / "cache"),
            python=Path(sys.executable),
        )
        results = testing.Runner(context, args).run(stages)
        code = testing.close(results, 1.0, filtered)
        return code, capfd.readouterr().out.rstrip().splitlines()[-1]

    return run


@pytest.fixture(autouse=True)
def importable(tmp_path, monkeypatch):
    """The plugin comes from this checkout, the tests and the fake Odoo from there."""
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")


def stage(name):
    return test_plan.Stage(name, test_plan.TOOLS, (f"{name}.py",))


def test_counts_of_all_processes_are_added_up(run):
    files = {
        "test_a.py": "def test_1(): pass\ndef test_2(): pass\n",
        "test_b.py": "import pytest\ndef test_3(): pytest.skip('no')\n",
    }
    code, line = run(files, stage("test_a"), stage("test_b"))
    assert code == OK
    assert line.strip("=").startswith(" 2 passed, 1 skipped in ")


def test_one_failure_fails_everything(run):
    files = {
        "test_a.py": "def test_1(): pass\n",
        "test_b.py": "def test_2(): assert 0\n",
    }
    code, line = run(files, stage("test_a"), stage("test_b"))
    assert code == BROKEN
    assert "1 failed, 1 passed" in line


def test_a_module_that_cannot_be_imported_is_an_error(run):
    code, line = run({"test_a.py": "import nothing_like_this\n"}, stage("test_a"))
    assert code == BROKEN
    assert "1 error in" in line


def test_a_process_that_dies_is_an_error(run):
    files = {"test_a.py": "import os\ndef test_1(): os._exit(0)\n"}
    code, line = run(files, stage("test_a"))
    assert code == BROKEN
    assert "1 error in" in line


@pytest.mark.parametrize(
    "decorator, body",
    [
        ("", "self.skipTest('no Chromium')"),
        ("@unittest.skip('later')", "pass"),
    ],
)
def test_a_skipped_tour_does_not_pass(run, decorator, body):
    text = SKIPPED_TOUR.format(decorator=decorator, body=body)
    code, line = run({"test_tour.py": text}, stage("test_tour"))
    assert code == BROKEN
    assert "skipped" not in line
    assert "1 failed" in line or "1 error" in line


def test_an_empty_selection_does_not_pass(run):
    code, line = run({"test_a.py": "x = 1\n"}, stage("test_a"))
    assert code != OK
    assert "no tests ran" in line


def test_a_filter_that_matches_nothing_does_not_pass(run):
    files = {"test_a.py": "def test_1(): pass\n"}
    code, line = run(files, stage("test_a"), filtered=True)
    assert code == EMPTY
    assert "no tests ran" in line


def test_a_filter_may_leave_some_processes_empty():
    results = [Result(OK, {"passed": 2}), Result(EMPTY, {})]
    assert testing.close(results, 1.0, filtered=True) == OK
    assert testing.close(results, 1.0, filtered=False) == BROKEN


def test_only_skipped_tests_do_not_pass():
    assert testing.close([Result(OK, {"skipped": 3})], 1.0) == EMPTY


def test_the_closing_line_is_worded_as_pytest_words_it():
    total = {"failed": 1, "passed": 20, "skipped": 0, "error": 2}
    line = testing.closing_line(total, 12.345)
    assert line.strip("=") == " 1 failed, 20 passed, 2 errors in 12.35s "
    assert len(line) == 80


def test_pure_tests_cannot_import_odoo(tmp_path):
    (tmp_path / "test_it.py").write_text("def test():\n    import odoo\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:odoo"]
    done = subprocess.run(
        [*command, "-p", "tools.pytest_pure", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stdout
