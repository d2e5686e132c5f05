"""`./dev bench [name ...] [--size N]`: our time beside a peer's and the bare work's.

Each entry of tools/benches/ (see there) runs in an Odoo process of its own, on a
scratch database with the suite installed. stdout gets one JSON object a line, and
nothing else; progress goes to stderr.
"""

import json
import pkgutil

from . import benches, progress
from .errors import UserError

KEYS = (
    *("bench", "size", "ours_s", "peer", "peer_s", "limit", "limit_s"),
    *("vs_peer", "vs_limit"),
)


def add_arguments(parser):
    parser.add_argument("name", nargs="*", help="only these; default: all")
    parser.add_argument("--size", type=int, metavar="N", help="rows of the main input")


def names():
    return sorted(module.name for module in pkgutil.iter_modules(benches.__path__))


def main(args, context):
    unknown = set(args.name) - set(names())
    if unknown:
        raise UserError(
            f"no bench called {', '.join(sorted(unknown))}; there are"
            f" {', '.join(names()) or 'none yet'}"
        )
    if args.size is not None and args.size < 1:
        raise UserError("--size wants a number above 0")
    template = context.databases.with_addons()
    for name in args.name or names():
        print(json.dumps(measure(context, template, name, args.size)), flush=True)
    return 0


def measure(context, template, name, size=None):
    """Run one bench on a database of its own; its result as a dictionary."""
    database = context.databases.clone(template)
    result = context.cache.directory("benches") / f"{database}.json"
    command = [context.python, "-m", "tools.bench_process", name, str(size or 0)]
    command += [database, context.odoo_config(log_level="warn"), result]
    log = context.log_path(f"bench-{name}")
    try:
        progress.run(
            command, f"bench {name}", log=log, env=context.odoo_env(), cwd=context.root
        )
        progress.say(progress.tail(log).rstrip())  # what the bench tells of its parts
        return row(name, json.loads(result.read_text()))
    finally:
        result.unlink(missing_ok=True)
        context.databases.drop(database)


def row(name, measured):
    """The printed object: what a bench measured, with its ratios."""
    ours, peer, limit = (measured[key] for key in ("ours_s", "peer_s", "limit_s"))
    values = {"bench": name} | measured
    values["vs_peer"] = None if peer is None else round(peer / ours, 3)
    values["vs_limit"] = None if limit is None else round(ours / limit, 3)
    return {key: values[key] for key in KEYS}
