"""Odoo as a server: port, start, health check, stop."""

import json
import socket
import time
import urllib.request
from contextlib import contextmanager

from . import processes, progress
from .cache import open_lock, try_lock
from .errors import Stopped, UserError, known_failure, last_error

HOST = "127.0.0.1"
_START_SECONDS = 180
_POLL = 0.2


def require_free(port):
    """UserError unless `port` can be listened on."""
    if not 0 < port < 65_536:
        raise UserError(f"port {port}: give a number from 1 to 65535")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise UserError(
                f"port {port} is not free ({error.strerror}); stop what uses it, or"
                f" choose another: ./dev run --port {port + 1}"
            ) from None


@contextmanager
def claim(context, database):
    """Hold `database` for one running Odoo; yields record(port, pid).

    An Odoo that outlived its killed `./dev` is stopped first; a living `./dev` that
    serves the database is a UserError.
    """
    name = f"{context.server_identity}-{database}"
    path = context.cache.directory("running") / name
    with open_lock(path) as file:
        if not try_lock(file):
            port = _read(path).get("port", "?")
            raise UserError(
                f"database {database} is already served on port {port}; stop that"
                " ./dev run first, or choose another database with --db"
            )
        _stop_orphan(_read(path), context)
        yield lambda port, pid: path.write_text(json.dumps({"port": port, "pid": pid}))
        path.write_text("")


def serve(context, database, port, extra, record, ready):
    """Run Odoo for `database` until it ends or we are told to stop.

    ready() is called once it answers. UserError if it ends by itself.
    """
    log = context.log_path(f"server-{database}")
    command = context.odoo_command(
        "--database", database, *extra, http_port=port, log_level="warn", logfile=log
    )
    log.unlink(missing_ok=True)
    output = log.with_suffix(".out")
    with open(output, "wb") as file:
        child = processes.spawn(
            command, env=context.odoo_env(), stdout=file, stderr=file, cwd=context.root
        )
    record(port, child.pid)
    try:
        with progress.step("start Odoo"):
            _wait_healthy(child, port, log, output)
        ready()
        try:
            child.wait()
        except Stopped:
            progress.say("  stopping ...")
            return
    finally:
        processes.stop(child)
    raise _ended(child, log, output)


def _wait_healthy(child, port, log, output):
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if child.poll() is not None:
            raise _ended(child, log, output)
        if healthy(port):
            return
        time.sleep(_POLL)
    raise UserError(f"Odoo does not answer after {_START_SECONDS} s; its log: {log}")


def healthy(port):
    """Whether an Odoo answers on `port`."""
    try:
        url = f"http://{HOST}:{port}/web/health"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _ended(child, log, output):
    text = "".join(progress.tail(one) for one in (output, log) if one.exists())
    return known_failure(text, "Odoo") or UserError(
        f"Odoo ended (exit code {child.returncode}): {last_error(text)}. Log: {log}"
    )


def _read(path):
    try:
        return json.loads(path.read_text())
    except ValueError:
        return {}


def _stop_orphan(record, context):
    """Stop the Odoo of `record` if it still runs: its `./dev` was killed."""
    if not record:
        return
    mark = str(context.cache.root / "config")  # every Odoo of ours has it in -c
    if processes.stop_stranger(record["pid"], mark):
        progress.say("  stopped the Odoo that a killed ./dev had left")
