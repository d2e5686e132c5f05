"""`./dev screenshots [name ...]`: the pictures in docs/images, from a real browser.

Odoo is started on a fresh copy of the demo company, and the pages of shots.py are
opened one by one as the people of the demo. Fails when a page shows an error, logs one,
or does not come to rest; then no picture is written for it.
"""

import contextlib
import json
import socket

from . import processes, progress, server, shots, system_packages
from .errors import UserError

DIRECTORY = "docs/images"


def add_arguments(parser):
    parser.add_argument("name", nargs="*", help="only these; default: all of shots.py")
    parser.add_argument("--output", metavar="DIR", help=f"default: {DIRECTORY}")


def main(args, context):
    chosen = _chosen(args.name)
    system_packages.ensure(context.cache, ["chromium"])
    output = context.root / (args.output or DIRECTORY)
    output.mkdir(parents=True, exist_ok=True)
    database = context.databases.clone(context.databases.with_addons(demo=True))
    port = _free_port()
    outcome = []

    def take():
        outcome.append(_take(context, port, output, chosen))
        raise _Taken

    with contextlib.suppress(_Taken):
        server.serve(
            context, database, port, ["--max-cron-threads=0"], lambda *_: None, take
        )
    return outcome[0]


class _Taken(Exception):
    """Leaves server.serve, which stops Odoo."""


def _chosen(names):
    known = [shot.name for shot in shots.SHOTS]
    unknown = set(names) - set(known)
    if unknown:
        raise UserError(
            f"no picture called {', '.join(sorted(unknown))}; there are"
            f" {', '.join(known)}"
        )
    return list(names) or known


def _take(context, port, output, names):
    base = f"http://{server.HOST}:{port}"
    browser = system_packages.find("chromium")
    command = [context.python, "-m", "tools.screenshot_process"]
    command += [base, browser, output, json.dumps(names)]
    progress.say(f"  {len(names)} pictures ...")
    child = processes.spawn(command, cwd=context.root)
    try:
        return child.wait()
    finally:
        processes.stop(child)


def _free_port():
    with socket.socket() as probe:
        probe.bind((server.HOST, 0))
        return probe.getsockname()[1]
