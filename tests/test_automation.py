"""Odoo's automation rules and webhooks follow customers whom lifecycle rules move.

base_automation is really installed, on a database of its own; without it the same
moves are what crm_lifecycle's own tests are about.
"""

import json
import subprocess
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.suite import ROOT, open_context

SCRIPT = Path(__file__).with_name("automation_script.py")


@pytest.fixture(scope="module")
def seen():
    """What the script saw, and what its webhook was sent."""
    context = open_context()
    database = context.databases.clone(context.databases.minimal())
    try:
        context.databases.install(database, ["crm_lifecycle", "base_automation"])
        with listening() as (url, received):
            outcome = run_script(context, database, url)
        yield outcome | {"received": received}
    finally:
        context.databases.drop(database)
        context.close()


def test_automations_follow_a_move_as_if_a_person_had_made_it(seen):
    assert seen["stage"] == "acquire"
    assert sorted(seen["moved"]) == [
        "any move",
        "create or write",
        "from identify",
        "set",
    ]


def test_one_that_fails_stops_neither_the_others_nor_the_move(seen):
    assert "any move" in seen["moved"]  # its elder brother raises an error
    assert seen["history"][-1] == "acquire"


def test_where_nobody_moves_nothing_runs(seen):
    assert seen["again"] == []


def test_a_webhook_is_told_the_customer_and_his_stage(seen):
    assert [call["_id"] for call in seen["received"]] == [seen["id"]]
    assert seen["received"][0]["_model"] == "crm.customer"
    assert seen["received"][0]["stage_id"]


def run_script(context, database, url):
    """Run the script in Odoo's shell; return what it printed as SEEN."""
    text = f"URL = {url!r}\n{SCRIPT.read_text()}"
    command = context.odoo_command(
        "shell", "-d", database, "--no-http", log_level="error"
    )
    done = subprocess.run(
        [str(part) for part in command],
        env=context.odoo_env(),
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
    )
    for line in done.stdout.splitlines():
        if line.startswith("SEEN "):
            return json.loads(line.removeprefix("SEEN "))
    raise AssertionError(done.stdout + done.stderr)


@contextmanager
def listening():
    """A web server on this machine: its URL, and the list of what it is sent."""
    received = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers["Content-Length"])
            received.append(json.loads(self.rfile.read(size)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stage", received
    finally:
        server.shutdown()
        server.server_close()
