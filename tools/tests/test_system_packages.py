"""Chromium and wkhtmltopdf: installed where that may be, else named."""

import pytest

from tools import system_packages
from tools.cache import Cache
from tools.errors import UserError


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """machine(programs, user) pretends that these are there; yields what was run."""
    ran = []

    def machine(programs, user=0):
        monkeypatch.setattr(
            system_packages.shutil, "which", lambda name: name in programs or None
        )
        monkeypatch.setattr(system_packages.os, "geteuid", lambda: user)
        monkeypatch.setattr(
            system_packages.progress,
            "run",
            lambda command, *_, **__: ran.append(command),
        )
        return Cache(tmp_path), ran

    return machine


def test_nothing_is_installed_when_all_is_there(machine):
    cache, ran = machine({"google-chrome", "wkhtmltopdf", "apt-get"})
    system_packages.ensure(cache)
    assert ran == []


def test_root_gets_it_installed(machine):
    cache, ran = machine({"chromium", "apt-get"})
    system_packages.ensure(cache)
    update, install = ran
    assert update == ["apt-get", "update"]
    assert install[-1] == "wkhtmltopdf"


def test_anyone_else_is_told_the_command(machine):
    cache, ran = machine({"wkhtmltopdf", "apt-get"}, user=1000)
    with pytest.raises(UserError, match="run: sudo apt-get install chromium"):
        system_packages.ensure(cache)
    assert ran == []


def test_without_apt_the_programs_are_named(machine):
    cache, _ran = machine({"chromium"})
    with pytest.raises(UserError, match="missing: wkhtmltopdf"):
        system_packages.ensure(cache)
