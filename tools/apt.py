"""Debian packages without root and without touching the machine's own apt.

apt itself downloads them, checks Debian's signature and resumes what was interrupted;
only its lists are private: the machine's own suites and `sid`, on the mirror that the
machine's own configuration names.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from . import progress
from .errors import UserError, known_failure, last_error

_SUITE = "sid"
_KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)


def fetch(packages, cache, versions=None):
    """Download Debian packages; paths of the .deb files.

    versions: {package: text that the wanted version contains}. Where the machine's
    own sources offer all that is asked for, they are used as they are.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise _no_debian("this machine has no apt")
    versions = versions or {}
    wanted = _choose(packages, versions, [])
    options = []
    if wanted is None:
        options = _private_lists(cache)
        wanted = _choose(packages, versions, options)
    if wanted is None:
        raise UserError(
            f"the Debian mirror does not offer {', '.join(packages)}; pass --odoo PATH"
            " with an Odoo 19"
        )
    return _download(wanted, options, cache)


def unpack(files, target):
    """Unpack .deb files below `target`."""
    with progress.step(f"unpack {len(files)} Debian packages"):
        for file in files:
            done = _run(["dpkg-deb", "--extract", file, target])
            if done.returncode:
                raise known_failure(done.stdout, str(target)) or UserError(
                    f"{file.name} cannot be unpacked: {last_error(done.stdout)};"
                    f" delete {file} and run the command again"
                )


def _choose(packages, versions, options):
    """["name=version", ...] of what is offered, None unless all are."""
    done = _run(["apt-cache", *options, "madison", *packages])
    offered = {}
    for line in done.stdout.splitlines():
        columns = [column.strip() for column in line.split("|")]
        if len(columns) == 3 and versions.get(columns[0], "") in columns[1]:
            offered.setdefault(columns[0], columns[1])  # newest first
    if set(packages) - set(offered):
        return None
    return [f"{name}={offered[name]}" for name in packages]


def _download(wanted, options, cache):
    """Paths of the files. What an interrupted run left is resumed or fetched again.

    apt takes a file of the right length for good, so hashes are compared here too.
    """
    directory = cache.directory("downloads")
    for _attempt in range(2):
        progress.run(
            ["apt-get", *options, *_quiet(), "download", *wanted],
            "download from Debian",
            log=cache.directory("logs") / "apt-download.log",
            env=_environment(),
            cwd=directory,
            detail=lambda log: _megabytes(directory),
        )
        files = [_file(directory, one) for one in wanted]
        hashes = _published_hashes(wanted, options)
        damaged = [one for one in files if _hash(one) not in hashes]
        if not damaged:
            return files
        for file in damaged:
            file.unlink(missing_ok=True)
    raise UserError(
        f"{damaged[0].name} from the Debian mirror is damaged; try again later, or pass"
        " --odoo PATH with an Odoo 19"
    )


def _file(directory, wanted):
    """Where apt puts the package "name=version"."""
    name, version = wanted.split("=")
    found = directory.glob(f"{name}_{version.replace(':', '%3a')}_*.deb")
    return next(found, directory / name)


def _published_hashes(wanted, options):
    """SHA-256 of the packages as the signed lists give them."""
    said = _run(["apt-cache", *options, "show", *wanted]).stdout
    return set(re.findall(r"^SHA256: (\w+)$", said, re.MULTILINE))


def _hash(file):
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


def _private_lists(cache):
    """apt's options for lists of our own, after bringing those up to date."""
    mirror, suites = _mirror()
    state = cache.directory("apt")
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (state / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    keyring = next((one for one in _KEYRINGS if Path(one).exists()), None)
    signed = f"[signed-by={keyring}] " if keyring else ""  # else apt's trusted keys
    lines = [f"deb {signed}{mirror} {suite} main\n" for suite in [*suites, _SUITE]]
    (state / "sources.list").write_text("".join(lines))
    options = [
        f"-oDir::State::Lists={state / 'lists'}",
        f"-oDir::Cache={state}",
        f"-oDir::Etc::SourceList={state / 'sources.list'}",
        "-oDir::Etc::SourceParts=/dev/null",
        "-oDir::Etc::Preferences=/dev/null",
        "-oDir::Etc::PreferencesParts=/dev/null",
        "-oAPT::Default-Release=",
    ]
    progress.run(
        ["apt-get", *options, *_quiet(), "-oAPT::Update::Error-Mode=any", "update"],
        "Debian package lists",
        log=cache.directory("logs") / "apt-update.log",
        env=_environment(),
        detail=lambda log: _megabytes(state / "lists"),
    )
    return options


def _mirror():
    """(URI, suites) of the Debian archive in apt's configuration.

    `update --print-uris` reads every form of it and needs neither lists nor root.
    """
    done = _run(["apt-get", "update", "--print-uris"])
    mirror, suites = None, []
    for uri, suite in re.findall(r"'(\S+)/dists/([^/']+)/InRelease'", done.stdout):
        if re.search(r"/debian(\.list)?/?$", uri) and mirror in (None, uri):
            mirror = uri
            suites += [suite] if suite not in (*suites, _SUITE) else []
    if mirror is None:
        raise _no_debian("apt is not configured for a Debian archive here")
    return mirror, suites


def _no_debian(reason):
    return UserError(
        f"{reason}, so Odoo 19 cannot be fetched: pass --odoo PATH with an Odoo 19"
        " source tree or an installed odoo"
    )


def _quiet():
    options = ["-q", "-oAcquire::Retries=2", "-oAcquire::http::Timeout=30"]
    if os.geteuid() == 0:  # its unprivileged helper may not look into root's cache
        options.append("-oAPT::Sandbox::User=root")
    return options


def _environment():
    return os.environ | {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}


def _run(command):
    command = [str(part) for part in command]
    return subprocess.run(
        command,
        text=True,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _megabytes(directory):
    size = sum(one.stat().st_size for one in directory.rglob("*") if one.is_file())
    return f"{size / 1e6:.0f} MB"
