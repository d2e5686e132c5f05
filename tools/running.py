"""`./dev run` and `./dev shell`: the development database and the Odoo on it."""

import signal
import subprocess
from pathlib import Path

from . import addons, progress, server
from .cache import key
from .databases import check_name
from .errors import UserError

PORT = 8069
LOGINS = ("admin", "sara", "omid", "nika", "portal.hormuz")  # password = login
_WHO = {
    "admin": "administrator",
    "sara": "sales manager and executive",
    "omid": "salesperson",
    "nika": "salesperson",
    "portal.hormuz": "customer, in the portal",
}


def add_run_arguments(parser):
    parser.add_argument("--fresh", action="store_true", help="make the database anew")
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    parser.add_argument("--db", metavar="NAME", help="default: one of this checkout")
    parser.add_argument("--no-demo", action="store_true", help="without demo data")
    parser.add_argument(
        "odoo_options", nargs="*", metavar="-- ODOO OPTION", help="e.g. -- --dev=xml"
    )


def add_shell_arguments(parser):
    parser.add_argument("file", nargs="?", type=Path, help="script to run in the shell")
    parser.add_argument("--db", metavar="NAME", help="default: one of this checkout")


def run(args, context):
    demo = not args.no_demo
    name = args.db or default_database(context.root)
    check_name(name)
    with server.claim(context, name) as record:
        server.require_free(args.port)
        context.prepare()
        ensure_database(context, name, demo=demo, fresh=args.fresh)
        server.serve(
            context,
            name,
            args.port,
            args.odoo_options,
            record,
            lambda: _welcome(name, args.port, LOGINS if demo else LOGINS[:1]),
        )


def shell(args, context):
    """Odoo's shell on the development database; `env` is there, `file` is run."""
    script = None
    if args.file:
        if not args.file.is_file():
            raise UserError(f"{args.file}: no such file")
        script = args.file.read_bytes()
    name = args.db or default_database(context.root)
    context.prepare()
    if not context.databases.exists(name):
        ensure_database(context, name, demo=True)
    command = context.odoo_command("shell", "-d", name, "--no-http", log_level="warn")
    if script is None:  # Ctrl-C is for the shell, which is another process
        signal.signal(signal.SIGINT, lambda number, frame: None)
    command = [str(part) for part in command]
    return subprocess.run(command, env=context.odoo_env(), input=script).returncode


def default_database(root):
    """One per checkout, so that two checkouts do not meet in one database."""
    return f"peyvand_{key(str(root))[:6]}"


def ensure_database(context, name, *, demo, fresh=False):
    """Make `name` with the suite's addons, or bring it up to date with their source."""
    databases = context.databases
    present = addons.present(context.root)
    now = {one: addons.fingerprint(context.root, one) for one in present}
    note = {"addons": now, "demo": demo}
    exists = databases.exists(name)
    known = databases.note(name) if exists else None
    if exists and known is None:
        raise UserError(
            f"database {name} was not made by ./dev run and is left alone; choose"
            " another name with --db"
        )
    if exists and not fresh and known["demo"] != demo:
        what = "has no" if demo else "has"
        raise UserError(
            f"database {name} {what} demo data; add --fresh to make it anew, or choose"
            " another one with --db"
        )
    if exists and fresh:
        databases.drop(name)
        exists = False
    if not exists:
        databases.create(
            name,
            databases.dependencies(demo),
            lambda new: databases.install(new, present, demo=demo),
            note,
        )
    elif known["addons"] != now:
        before = known["addons"]
        databases.install(
            name,
            [one for one in present if one not in before],
            demo=demo,
            update=[one for one in present if before.get(one, now[one]) != now[one]],
        )
        databases.set_note(name, note)


def _welcome(name, port, logins):
    progress.say(f"\n  http://{server.HOST}:{port}   database {name}\n")
    for login in logins:
        progress.say(f"    {login} / {login}".ljust(36) + _WHO[login])
    progress.say("\n  Ctrl-C stops it.\n")
