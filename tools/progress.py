"""Progress on stderr: what runs now, how far it is, how long it took.

On a terminal the current line is rewritten; elsewhere (CI, a pipe) a line is added
every few seconds.
"""

import os
import re
import sys
import time
from contextlib import contextmanager

from . import processes
from .errors import UserError, known_failure, last_error

_PLAIN_INTERVAL = 10  # seconds between lines where nothing can be rewritten
_POLL = 0.3
_TAIL_BYTES = 20_000


def say(text):
    print(text, file=sys.stderr, flush=True)


class _Line:
    """One step's line: rewritten on a terminal, repeated now and then elsewhere."""

    def __init__(self, title):
        self.title = title
        self.began = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self._next = 0 if self.terminal else self.began + _PLAIN_INTERVAL
        if not self.terminal:
            say(f"  {title} ...")

    def show(self, detail=""):
        now = time.monotonic()
        if now < self._next:
            return
        text = f"  {self.title} ... {now - self.began:.0f} s  {detail}".rstrip()
        if self.terminal:
            print(f"\r\033[K{text[:100]}", end="", file=sys.stderr, flush=True)
            self._next = now + 1
        else:
            say(text)
            self._next = now + _PLAIN_INTERVAL

    def end(self, word):
        clear = "\r\033[K" if self.terminal else ""
        took = time.monotonic() - self.began
        say(f"{clear}  {self.title}: {word} ({took:.0f} s)")


@contextmanager
def step(title):
    """Say that `title` runs, then how long it took. Yields show(detail)."""
    line = _Line(title)
    line.show()
    try:
        yield line.show
    except BaseException:
        line.end("stopped")
        raise
    line.end("done")


def run(command, title, *, log, env=None, cwd=None, detail=None, hint=""):
    """Run `command` to its end as one step; its output goes to the file `log`.

    detail(log) gives a few words on how far it is. When it fails: UserError with the
    last error in the log and `hint`; when the disk is full, that error.
    """
    with step(title) as show, open(log, "w+b") as output:
        child = processes.spawn(command, env=env, cwd=cwd, stdout=output, stderr=output)
        try:
            while child.poll() is None:
                time.sleep(_POLL)
                show(detail(log) if detail else "")
        finally:
            processes.stop(child)
        if child.returncode:
            raise _failure(title, log, child.returncode, hint)


def tail(log):
    """The last lines of a log file as text."""
    with open(log, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _TAIL_BYTES))
        return file.read().decode(errors="replace")


def odoo_detail(log):
    """How far an Odoo installation is, from its log: 'sale_crm (23/61)'."""
    found = re.findall(r"Loading module (\S+ \(\d+/\d+\))", tail(log))
    return found[-1] if found else ""


def _failure(title, log, code, hint):
    text = tail(log)
    known = known_failure(text, title)
    if known:
        return known
    return UserError(
        f"{title} failed (exit code {code}): {last_error(text)}. {hint} Log: {log}"
    )
