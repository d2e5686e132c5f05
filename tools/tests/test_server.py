"""One Odoo per database; an Odoo that outlived its killed ./dev is stopped."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools import processes, server
from tools.errors import UserError


@pytest.fixture
def context(cache):
    return SimpleNamespace(cache=cache, server_identity="embedded")


def test_a_database_is_served_once(context):
    with server.claim(context, "db") as record:
        record(8070, 1)
        with pytest.raises(UserError, match="db is already served on port 8070.*--db"):
            with server.claim(context, "db"):
                pass
        with server.claim(context, "another"):
            pass
    with server.claim(context, "db"):
        pass


def test_an_orphan_is_stopped(context):
    config = context.cache.root / "config" / "abc"
    code = "import time; time.sleep(60)"
    orphan = subprocess.Popen([sys.executable, "-c", code, "-c", config])
    stranger = subprocess.Popen([sys.executable, "-c", code])
    while not processes.command_of(orphan.pid):  # shown a moment after Popen returns
        pass
    running = context.cache.directory("running")
    try:
        for name, process in (("one", orphan), ("two", stranger)):
            left = json.dumps({"port": 1, "pid": process.pid})
            (running / f"embedded-{name}").write_text(left)
            with server.claim(context, name):
                pass
        assert orphan.wait(5) == -15
        assert stranger.poll() is None
    finally:
        for process in (orphan, stranger):
            process.kill()
            process.wait()


def test_nothing_is_healthy_on_a_free_port():
    assert not server.healthy(1)
