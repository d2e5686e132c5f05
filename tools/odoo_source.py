"""Odoo 19: the one that --odoo names, else Debian's package, unpacked in the cache."""

import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import apt, progress
from .cache import key
from .errors import UserError

SERIES = "19.0"
_NEEDS_MB = 1_800
_PACKAGE = "odoo-19"
# Debian's package replaces bundled front-end files by links into these.
_LINKED = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-font-awesome",
)
# Odoo's stylesheets expect the file names of Font Awesome 4; sid has a later one.
_VERSIONS = {"fonts-font-awesome": "4.7"}
_RECIPE = 1  # raise it when what is fetched or how it is completed changes
# Left out of the package; without it every backend page logs an error.
_SELFIE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
_SELFIE_NPM = "@mediapipe/selfie_segmentation"
_LINK_SAMPLES = ("web/static/lib/jquery/jquery.js", "web/static/src/libs/fontawesome")


@dataclass(frozen=True)
class Odoo:
    """An Odoo that can be imported with `path` in PYTHONPATH."""

    path: Path
    addons_paths: tuple
    version: str
    identity: str  # changes with the code


def find(chosen, cache):
    """The Odoo at `chosen` (the value of --odoo), or the cached one of Debian."""
    if chosen:
        return at(Path(chosen).expanduser())
    unpacked = cache.entry(
        "odoo",
        f"{SERIES}-{key(_PACKAGE, _LINKED, _VERSIONS, _RECIPE)}",
        lambda path: _build(path, cache),
        needs_mb=_NEEDS_MB,
    )
    return at(unpacked / "usr/lib/python3/dist-packages")


def at(path):
    """The Odoo at `path`: a source tree, a directory that holds the package `odoo`,
    or an installed program `odoo`. UserError unless it is Odoo 19.0."""
    package = _package(path)
    release = (package / "release.py").read_text()
    found = re.search(r"^version_info = \((.*?), *(\d+),", release, re.MULTILINE)
    parts = [part.strip("'\"") for part in found.groups()] if found else ["unknown"]
    series = ".".join(parts)
    if series != SERIES:
        raise UserError(
            f"wrong Odoo version: {path} is Odoo {series}, the suite needs {SERIES};"
            " pass another --odoo PATH, or none to have it fetched"
        )
    base = package.parent.resolve()
    paths = [base / "odoo" / "addons"]
    if not (paths[0] / "crm").exists():  # source tree: most addons beside the package
        paths.append(base / "addons")
    if not (paths[-1] / "crm" / "__manifest__.py").exists():
        raise UserError(f"the Odoo at {path} has no addon crm; pass a complete one")
    return Odoo(base, tuple(paths), series, _identity(base, release))


def _package(path):
    """Directory of the package `odoo` for what the user may mean by `path`."""
    if path.is_file():
        path = _ask_program(path)
    for candidate in (path / "odoo", path):
        if (candidate / "release.py").is_file():
            return candidate
    raise UserError(
        f"--odoo {path}: no Odoo there; give an Odoo 19 source tree or an installed"
        " odoo"
    )


def _ask_program(program):
    """Where the program `odoo` imports Odoo from."""
    with open(program, "rb") as file:
        first = file.readline(200).decode(errors="replace").strip()
    interpreter = first[2:].split() if first.startswith("#!") else ["python3"]
    code = "import odoo.release as r; print(r.__file__)"
    try:
        done = subprocess.run(
            [*interpreter, "-c", code],
            capture_output=True,
            text=True,
            cwd=program.resolve().parent,
        )
    except OSError:
        return program.parent
    answer = done.stdout.strip()
    return Path(answer).parent if done.returncode == 0 else program.resolve().parent


def _identity(base, release):
    """Changes with the code: the commit of a git checkout, else the release file."""
    command = ["git", "-C", str(base), "rev-parse", "HEAD"]
    if (base / ".git").exists() and shutil.which("git"):
        commit = subprocess.run(command, capture_output=True, text=True).stdout.strip()
        return key(str(base), commit)
    return key(str(base), release)


def _build(path, cache):
    files = apt.fetch([_PACKAGE, *_LINKED], cache, versions=_VERSIONS)
    apt.unpack(files, path)
    addons = path / "usr/lib/python3/dist-packages/odoo/addons"
    for sample in _LINK_SAMPLES:
        if not (addons / sample).exists():
            raise UserError(
                f"Debian's package {_PACKAGE} lacks {sample}; pass --odoo PATH with an"
                " Odoo 19 source tree"
            )
    _complete_selfie(addons / _SELFIE)
    for file in files:
        file.unlink()


def _complete_selfie(target):
    """The real file where npm can fetch it; an empty one serves as well."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch()
    if not shutil.which("npm"):
        return
    with progress.step("front-end file from npm"), tempfile.TemporaryDirectory() as d:
        done = subprocess.run(
            ["npm", "pack", "--silent", _SELFIE_NPM],
            cwd=d,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )
        for archive in Path(d).glob("*.tgz") if done.returncode == 0 else ():
            with tarfile.open(archive) as tar:
                member = tar.extractfile(f"package/{target.name}")
                target.write_bytes(member.read())
