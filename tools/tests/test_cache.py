"""The cache: entries are whole or made anew, locks die with their process."""

import os
import subprocess
import sys
import time

import pytest

from tools.cache import Cache, key, open_lock, try_lock
from tools.errors import UserError

from .conftest import ROOT


def test_entry_is_built_once(cache):
    calls = []

    def build(path):
        calls.append(path)
        (path / "file").write_text("content")

    first = cache.entry("kind", "name", build)
    assert cache.entry("kind", "name", build) == first
    assert (first / "file").read_text() == "content"
    assert len(calls) == 1


def test_interrupted_entry_is_made_anew(cache):
    def interrupted(path):
        (path / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.entry("kind", "name", interrupted)
    path = cache.entry("kind", "name", lambda path: (path / "whole").touch())
    assert not (path / "half").exists()
    assert (path / "whole").exists()


def test_unused_entries_are_dropped_when_another_is_made(cache):
    old = cache.entry("kind", "old", lambda path: None)
    recent = cache.entry("kind", "recent", lambda path: None)
    long_ago = time.time() - 60 * 86_400
    os.utime(old / ".complete", (long_ago, long_ago))
    cache.entry("kind", "new", lambda path: None)
    assert not old.exists()
    assert recent.exists()


def test_key_depends_on_every_part():
    assert key("a", {"b": 1}) == key("a", {"b": 1})
    assert len({key("a", "b"), key("ab"), key("b", "a"), key("a", None)}) == 4


def test_cache_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="PEYVAND_CACHE"):
        Cache(tmp_path / "file" / "cache")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PEYVAND_CACHE": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "a"),
        ({"XDG_CACHE_HOME": "/b", "HOME": "/c"}, "b/peyvand"),
        ({"HOME": "/c"}, "c/.cache/peyvand"),
    ],
)
def test_place_of_the_cache(tmp_path, monkeypatch, environment, expected):
    for name in ("PEYVAND_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, f"{tmp_path}{value}")
    assert Cache.from_environment().root == tmp_path / expected


def test_lock_of_a_killed_process_is_free(tmp_path):
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]);"
        "from tools.cache import open_lock, try_lock;"
        "file = open_lock(sys.argv[2]); print(try_lock(file), flush=True);"
        "time.sleep(60)"
    )
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, ROOT, path], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "True\n"
    with open_lock(path) as file:
        assert not try_lock(file)
        holder.kill()
        holder.wait()
        assert try_lock(file)
    holder.stdout.close()


def test_shared_locks_keep_the_last_user_waiting(tmp_path):
    with open_lock(tmp_path / "l") as one, open_lock(tmp_path / "l") as two:
        assert try_lock(one, shared=True)
        assert try_lock(two, shared=True)
        assert not try_lock(one)  # not the last one
    with open_lock(tmp_path / "l") as three:
        assert try_lock(three)
