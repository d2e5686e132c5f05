"""The command line of `./dev`: one subcommand each, one line for each error."""

import argparse
import errno
import importlib
import signal
import sys
from pathlib import Path

from . import progress, running
from .context import Context
from .errors import Stopped, UserError, disk_full

# Commands that live in a module of their own, imported when they are called for:
# add_arguments(parser) and main(args, context) -> exit code.
_MODULES = {
    "test": ("testing", "run the tests of the suite, of some addons or paths"),
    "lint": ("linting", "check style; 0 findings is the rule"),
    "build": ("building", "make the wheels of the addons"),
    "bench": ("benching", "measure against the floor and the peers"),
    "screenshots": ("screenshots", "take the pictures of the documentation"),
}

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(root, argv=None):
    """Run one command; the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    for number in _SIGNALS:
        signal.signal(number, _stop)
    context = None
    try:
        args = _parser(argv).parse_args(argv)
        context = Context(Path(root), odoo=args.odoo, db_url=args.db_url)
        return args.main(args, context) or 0
    except UserError as error:
        progress.say(f"dev: {error}")
        return 1
    except OSError as error:
        progress.say(f"dev: {system_error(error)}")
        return 1
    except Stopped as stopped:
        progress.say("dev: stopped")
        return 128 + stopped.number
    finally:
        _close(context)


def _stop(number, frame):
    """Stop once; the cleaning up that follows is short and not interrupted."""
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(number)


def _close(context):
    try:
        if context is not None:
            context.close()
    except UserError as error:
        progress.say(f"dev: while cleaning up: {error}")


def system_error(error):
    if error.errno == errno.ENOSPC:
        return disk_full(error.filename or "temporary files")
    return error


def _parser(argv):
    parser = argparse.ArgumentParser(
        prog="./dev", description="Run, test and check the Peyvand addons for Odoo 19."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    run = commands.add_parser("run", help="start Odoo with the demo company")
    running.add_run_arguments(run)
    run.set_defaults(main=running.run)
    shell = commands.add_parser("shell", help="Odoo's shell on that database")
    running.add_shell_arguments(shell)
    shell.set_defaults(main=running.shell)
    for name, (module, text) in _MODULES.items():
        command = commands.add_parser(name, help=text)
        if name in argv:
            code = _load(name, module)
            code.add_arguments(command)
            command.set_defaults(main=code.main)
    for command in commands.choices.values():
        command.add_argument(
            "--odoo",
            metavar="PATH",
            help="an Odoo 19 source tree or an installed odoo (default: fetched)",
        )
        command.add_argument(
            "--db-url",
            metavar="URL",
            help="postgresql://user:password@host:port of an existing server"
            " (default: an embedded one)",
        )
    return parser


def _load(name, module):
    try:
        return importlib.import_module(f"tools.{module}")
    except ModuleNotFoundError as error:
        raise UserError(f"./dev {name} is not available: {error}") from None
