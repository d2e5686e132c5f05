"""The PostgreSQL that Odoo uses: the embedded one, or an existing one by --db-url.

The embedded server is one per cache, so checkouts share its templates; it listens on
a socket, so there is no port to collide. Each `./dev` that uses it holds a shared lock;
the last one to leave stops it.
"""

import os
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from .cache import key, open_lock, try_lock
from .errors import UserError, known_failure, last_error
from .postgres_cluster import ROLE, Cluster

MINIMUM_VERSION = 13
_PATIENCE = 10  # seconds for a connection


@dataclass
class Server:
    """A PostgreSQL that answers."""

    host: str  # host name or socket directory
    port: int
    user: str
    password: str | None
    binaries: Path  # psql, pg_dump
    maintenance: str = "postgres"  # database to connect to for CREATE DATABASE
    sslmode: str = "prefer"
    version: int = 0  # major
    _release: object = field(default=None, repr=False)

    def env(self, database=None):
        """Environment with which libpq's programs reach this server."""
        values = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGSSLMODE": self.sslmode,
            "PGDATABASE": database or self.maintenance,
            "PGCONNECT_TIMEOUT": str(_PATIENCE),
        }
        if self.password:
            values["PGPASSWORD"] = self.password
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return clean | values

    def psql(self, sql, database=None):
        """Run `sql` (statements outside a transaction block); the rows as text.

        One row a line, columns separated by tabs. UserError when the server refuses.
        """
        command = [self.binaries / "psql", "-X", "-q", "-A", "-t", "-F", "\t"]
        done = subprocess.run(
            [*command, "-v", "ON_ERROR_STOP=1", "-f", "-"],
            input=sql,
            text=True,
            capture_output=True,
            env=self.env(database),
        )
        if done.returncode:
            reason = done.stderr.strip()
            if "No space left" in reason:
                raise known_failure(reason, "PostgreSQL's data")
            raise UserError(f"PostgreSQL: {last_error(reason)}")
        return done.stdout.rstrip("\n")

    def close(self):
        """Give the server back; the embedded one stops if no one else uses it."""
        if self._release:
            self._release()


def identity(url):
    """Short name of the server at `url` (of the embedded one when it is None)."""
    if not url:
        return "embedded"
    server = _parse(url, None)
    return key(server.host, server.port)


def require_reachable(url):
    """UserError at once if nothing listens there, before anything is downloaded."""
    server = _parse(url, None)
    try:
        if server.host.startswith("/"):
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(f"{server.host}/.s.PGSQL.{server.port}")
        else:
            socket.create_connection((server.host, server.port), _PATIENCE).close()
    except OSError as error:
        raise _unusable(server, error.strerror or error) from None


def connect(url, binaries):
    """The existing server at `url`: postgresql://user:password@host:port/database.

    The database named there (default: postgres) is where CREATE DATABASE is sent
    from. UserError if it does not answer, is too old or the role is no use.
    """
    server = _parse(url, binaries)
    try:
        facts = server.psql(
            "SELECT current_setting('server_version_num'), rolsuper OR rolcreatedb"
            " FROM pg_roles WHERE rolname = current_user"
        )
    except UserError as error:
        raise _unusable(server, error) from None
    number, may_create = facts.split("\t")
    server.version = int(number) // 10_000
    if server.version < MINIMUM_VERSION:
        raise UserError(
            f"--db-url: this is PostgreSQL {server.version}; Odoo 19 needs"
            f" {MINIMUM_VERSION} or later"
        )
    if may_create != "t":
        raise UserError(
            f"--db-url: role {server.user} may not create databases; run"
            f" ALTER ROLE {server.user} CREATEDB"
        )
    return server


def _unusable(server, reason):
    return UserError(
        f"--db-url: cannot use the server at {server.host}:{server.port}: {reason};"
        " check that it runs, and host, port, user and password"
    )


def _parse(url, binaries):
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    try:
        port = parts.port or int(options.get("port", 5432))
    except ValueError:
        port = None
    if parts.scheme not in ("postgresql", "postgres") or port is None:
        raise UserError(
            f"--db-url {url}: expected postgresql://user:password@host:port"
        )
    user = unquote(parts.username or options.get("user", ROLE))
    if user == "postgres":
        raise UserError(
            "--db-url: Odoo refuses the role postgres; make another one"
            " (CREATE ROLE odoo LOGIN CREATEDB) and name that"
        )
    password = unquote(parts.password) if parts.password else options.get("password")
    host = unquote(parts.hostname or "") or options.get("host", "localhost")
    return Server(
        host=host,
        port=port,
        user=user,
        password=password,
        binaries=binaries,
        maintenance=parts.path.strip("/") or "postgres",
        sslmode=options.get("sslmode", "prefer"),
    )


def start(cache, binaries):
    """The embedded server of this cache, started unless it runs; count us in."""
    users = open_lock(cache.directory("locks") / "postgres-users")
    with cache.lock("postgres-start"):
        cluster = Cluster(cache, binaries)
        cluster.ensure_running()
        try_lock(users, shared=True)

    def release():
        with cache.lock("postgres-start"):
            if try_lock(users):  # no one else holds it
                cluster.stop()
            users.close()

    return Server(
        host=str(cluster.socket),
        port=5432,
        user=ROLE,
        password=None,
        binaries=binaries,
        version=cluster.version,
        _release=release,
    )
