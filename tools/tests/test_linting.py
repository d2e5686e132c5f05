"""Lint runs all its tools, and one finding in any of them fails it."""

import sys
from pathlib import Path

import pytest

from tools import linting, toolbox
from tools.errors import UserError

PROGRAMS, MODULES = Path("/programs"), Path("/node_modules")


@pytest.fixture
def root(tmp_path):
    for name in ("crm_lifecycle", "crm_loyalty"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__manifest__.py").write_text("{}")
    script = tmp_path / "crm_loyalty" / "static" / "src" / "pareto.esm.js"
    script.parent.mkdir(parents=True)
    script.touch()
    translation = tmp_path / "crm_loyalty" / "i18n" / "fa.po"
    translation.parent.mkdir()
    translation.touch()
    return tmp_path


def jobs(root, names, others=()):
    return linting.list_jobs(root, names, list(others), PROGRAMS, MODULES)


def test_every_tool_has_its_job(root):
    assert [job.name for job in jobs(root, ["crm_lifecycle", "crm_loyalty"])] == [
        "pylint crm_lifecycle",
        "pylint crm_loyalty",
        "oca-checks crm_lifecycle",
        "oca-checks crm_loyalty",
        "oca-checks-po",
        "prettier",
        "eslint",
        "ruff",
        "ruff format",
    ]


def test_an_addon_without_scripts_needs_no_eslint(root):
    assert "eslint" not in {job.name for job in jobs(root, ["crm_lifecycle"])}


def test_checks_change_no_file(root):
    commands = [" ".join(map(str, job.command)) for job in jobs(root, ["crm_loyalty"])]
    assert not [one for one in commands if "--fix" in one or "--write" in one]


def test_python_outside_the_addons_is_checked(root):
    (*_, ruff, _format) = jobs(root, ["crm_lifecycle"], ["dev", "tools"])
    assert ruff.command[-3:] == ["crm_lifecycle", "dev", "tools"]


@pytest.mark.parametrize("code, expected", [(0, 0), (1, 1), (2, 1)])
def test_one_finding_fails_the_run(root, capsys, code, expected):
    clean = linting.Job("clean", [sys.executable, "-c", ""])
    other = linting.Job("other", [sys.executable, "-c", f"print('it'); exit({code})"])
    assert linting.report(linting._run(root, job) for job in (clean, other)) == expected
    said = capsys.readouterr().out
    assert ("other failed" in said) is bool(code)
    assert "lint: 0 findings" in said or code


def test_an_unknown_addon_is_named(root):
    with pytest.raises(UserError, match="no addon called crm_nothing"):
        linting._chosen(root, ["crm_nothing"])


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_a_missing_program_is_named_with_what_installs_it(monkeypatch, missing):
    monkeypatch.setattr(
        toolbox.shutil, "which", lambda name: None if name == missing else name
    )
    with pytest.raises(UserError, match=f"^{missing} is missing.*apt-get install"):
        toolbox.check_node()


def test_without_node_odoo_still_starts(monkeypatch, root, capsys):
    monkeypatch.setattr(toolbox.shutil, "which", lambda name: None)
    assert toolbox.rtl_programs(root, cache=None) is None
    assert "right-to-left" in capsys.readouterr().err
