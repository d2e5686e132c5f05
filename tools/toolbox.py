"""Tools that are no part of Odoo's environment: linters, the wheel builder, rtlcss.

Both kinds are cached, keyed by the file that pins their versions:

    python_tools(root, cache)  directory of the programs of requirements-lint.txt
    node_tools(root, cache)    node_modules made by `npm ci` from package-lock.json
    rtl_programs(root, cache)  directory with rtlcss, None where there is no node
"""

import os
import shutil
import subprocess
import sys

from . import progress, python_env
from .cache import key
from .errors import UserError

OFFLINE_HINT = "With no network, run it once where there is one."
NODE_FILES = ("package.json", "package-lock.json", ".npmrc")
NODE_OLDEST = (18, 18)


def python_tools(root, cache, requirements="requirements-lint.txt"):
    """The `bin` directory of a virtual environment with exactly `requirements`."""
    pinned = root / requirements
    name = key(pinned.read_text(), sys.version_info[:3], sys.base_prefix)
    path = cache.entry(
        "tools",
        name,
        lambda path: python_env.build(path, pinned, cache),
        needs_mb=200,
    )
    return path / "bin"


def node_tools(root, cache):
    """The `node_modules` directory with the formatter and linter of the front end."""
    check_node()
    name = key(*[(root / file).read_text() for file in NODE_FILES])

    def build(path):
        for file in NODE_FILES:
            shutil.copy(root / file, path)
        log = cache.directory("logs") / "npm.log"
        command = ["npm", "ci", "--ignore-scripts", "--prefix", path]
        progress.run(
            command, "Install package-lock.json", log=log, cwd=path, hint=OFFLINE_HINT
        )

    return cache.entry("node", name, build, needs_mb=100) / "node_modules"


def rtl_programs(root, cache):
    """Directory to put into PATH: Odoo mirrors its styles for Persian with rtlcss.

    Odoo runs without it, only right-to-left pages look wrong; so one line says why it
    is missing, and None is returned.
    """
    try:
        return node_tools(root, cache) / ".bin"
    except UserError as error:
        progress.say(f"  right-to-left pages will look wrong: {error}")
        return None


def check_node():
    """UserError with the way out where node or npm is missing or too old."""
    remedy = "apt-get install nodejs npm"
    if os.geteuid():
        remedy = f"sudo {remedy}"
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise UserError(
                f"{program} is missing (it runs prettier, eslint and rtlcss): {remedy}"
            )
    said = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True)
    version = tuple(int(part) for part in said.stdout.strip("v\n").split(".")[:2])
    if version < NODE_OLDEST:
        raise UserError(
            f"node {said.stdout.strip()} is too old, prettier and eslint want"
            f" {'.'.join(map(str, NODE_OLDEST))} or newer: {remedy}"
        )
