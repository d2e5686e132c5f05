"""Children are stopped with all that they started; strangers only if they are ours."""

import subprocess
import sys
import time

from tools import processes

SLEEP = "import time; time.sleep(60)"


def wait_started(pid):
    """The kernel shows the command line a moment after Popen returns."""
    while not processes.command_of(pid):
        time.sleep(0.01)


def wait_gone(pid):
    until = time.monotonic() + 5
    while processes.command_of(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not processes.command_of(pid)


def test_stop_ends_grandchildren_too():
    script = "sleep 60 & echo $!; wait"
    child = processes.spawn(["sh", "-c", script], stdout=subprocess.PIPE)
    grandchild = int(child.stdout.readline())
    processes.stop(child)
    child.stdout.close()
    assert wait_gone(grandchild)


def test_a_process_that_ignores_the_request_is_killed(monkeypatch):
    monkeypatch.setattr(processes, "_STOP_SECONDS", 0.5)
    child = processes.spawn(
        ["sh", "-c", "trap '' TERM; echo; while :; do sleep 0.1; done"],
        stdout=subprocess.PIPE,
    )
    child.stdout.readline()
    processes.stop(child)
    child.stdout.close()
    assert child.returncode == -9


def test_command_of_an_ended_process_is_empty():
    child = subprocess.Popen([sys.executable, "-c", ""])
    time.sleep(0.3)
    assert processes.command_of(child.pid) == ""  # a zombie now
    child.wait()
    assert processes.command_of(child.pid) == ""


def test_only_a_process_with_the_mark_is_stopped():
    child = subprocess.Popen([sys.executable, "-c", SLEEP, "our-mark"])
    try:
        wait_started(child.pid)
        assert not processes.stop_stranger(child.pid, "another mark")
        assert child.poll() is None
        assert processes.stop_stranger(child.pid, "our-mark")
        assert child.wait(5) == -15
    finally:
        child.kill()
        child.wait()
