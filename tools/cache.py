"""Downloads, environments and databases outside the checkout, shared by checkouts.

`$PEYVAND_CACHE`, else `$XDG_CACHE_HOME/peyvand`, else `~/.cache/peyvand`. It may be
deleted whenever no `./dev` runs; everything in it is made again.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import progress
from .errors import UserError, disk_full

_COMPLETE = ".complete"
_MEGABYTE = 1_000_000
_DAY = 86_400
_ENTRY_DAYS = 30


def key(*parts):
    """Short name for what something is made from (any JSON values)."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Cache:
    def __init__(self, root):
        self.root = Path(root)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root) as probe:
                probe.write(b"\0")
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise disk_full(self.root) from None
            raise UserError(
                f"the cache {root} cannot be written ({error.strerror}); set"
                " PEYVAND_CACHE to a directory of yours"
            ) from None

    @classmethod
    def from_environment(cls):
        chosen = os.environ.get("PEYVAND_CACHE")
        if not chosen:
            base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
            chosen = Path(base) / "peyvand"
        return cls(Path(chosen).expanduser().absolute())

    def directory(self, *names):
        """A directory of the cache, made when missing."""
        path = self.root.joinpath(*names)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def entry(self, kind, name, build, *, needs_mb=0):
        """The directory `kind/name`, filled by build(directory) if it is not whole.

        It counts as whole once build() has returned (a marker is written last), so
        what an interrupted run left is never used, but made anew. Only one process
        builds at a time; the others wait. An entry keeps its place from the start,
        because a virtual environment cannot be moved.
        """
        path = self.root / kind / name
        if (path / _COMPLETE).exists():
            (path / _COMPLETE).touch()
            return path
        with self.lock(f"{kind}-{name}"):
            if (path / _COMPLETE).exists():
                return path
            if path.exists():
                shutil.rmtree(path)
            self.require_space(needs_mb)
            path.mkdir(parents=True)
            build(path)
            (path / _COMPLETE).touch()
            self._drop_unused(kind)
        return path

    def _drop_unused(self, kind):
        """Drop the entries of `kind` that no one asked for since long."""
        oldest = time.time() - _ENTRY_DAYS * _DAY
        for marker in (self.root / kind).glob(f"*/{_COMPLETE}"):
            if marker.stat().st_mtime < oldest:
                shutil.rmtree(marker.parent)

    def text(self, kind, content):
        """A file that holds `content`, readable by its owner only."""
        path = self.directory(kind) / key(content)
        if not path.exists():
            descriptor, temporary = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(descriptor, "w") as file:
                file.write(content)
            os.replace(temporary, path)
        return path

    def prune(self, kind, days):
        """Remove the files of directory `kind` that were not written for `days`."""
        oldest = time.time() - days * _DAY
        for path in self.directory(kind).iterdir():
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    def require_space(self, megabytes):
        require_space(self.root, megabytes)

    @contextmanager
    def lock(self, name):
        """Hold the lock `name`; wait for another process that holds it.

        It is the kernel's lock on an open file, so it never outlives its process.
        """
        with open_lock(self.directory("locks") / name) as file:
            began = time.monotonic()
            told = False
            while not try_lock(file):
                if not told and time.monotonic() - began > 1:
                    progress.say(f"  waiting for another ./dev (lock {name}) ...")
                    told = True
                time.sleep(0.2)
            yield


def require_space(path, megabytes):
    """UserError unless the file system of `path` has that much room."""
    free = shutil.disk_usage(path).free // _MEGABYTE
    if free < megabytes:
        raise UserError(
            f"disk full: {path} has {free:,} MB free, {megabytes:,} MB are needed;"
            " free some, or set PEYVAND_CACHE to a directory on a larger disk"
        )


def open_lock(path):
    """A file to lock, made when missing. Closing it gives the lock back."""
    return open(path, "a+")


def try_lock(file, shared=False):
    """Lock the open `file` if no one stands in the way; tells whether it did."""
    mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(file, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
