"""Processes: start one that we stop, and find and stop one that outlived us."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

_STOP_SECONDS = 15  # what a process gets to end before it is killed
_POLL = 0.1


def spawn(command, **kwargs):
    """Popen in a session of its own: Ctrl-C reaches us alone, and we stop it."""
    command = [str(part) for part in command]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, start_new_session=True, **kwargs
    )


def stop(child):
    """Stop a `spawn`ed child with all that it started; wait until it is gone."""
    if child.poll() is not None:
        return
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def command_of(pid):
    """Command line of the running process `pid`; '' if it has ended.

    A number alone tells nothing: it may belong to something else by now.
    """
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True).stdout


def stop_stranger(pid, mark, gentle=signal.SIGTERM, seconds=_STOP_SECONDS):
    """Stop process `pid`, not a child of ours, if its command line contains `mark`.

    It gets the signal `gentle` and `seconds` to end, then SIGKILL. Tells whether
    there was such a process.
    """
    if mark not in command_of(pid):
        return False
    for number in (gentle, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if mark not in command_of(pid):
                return True
            time.sleep(_POLL)
    return True
