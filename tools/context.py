"""The one object that every command of `./dev` works with.

A command gets a `Context` and asks it for what it needs; each part is made (found,
downloaded, started) when it is first asked for, and cleaned up by `close()`, which
`cli` calls in every case, also on Ctrl-C and kill.

What a command may use (stable):

    context.root         Path of the checkout
    context.cache        cache.Cache: entries, locks, free space
    context.odoo         odoo_source.Odoo: .path (goes into PYTHONPATH), .addons_paths,
                         .version ("19.0")
    context.python       Path of the virtual environment's Python; run its programs as
                         [context.python, "-m", "pytest", ...]
    context.postgres     postgres.Server, running: .host (name or socket directory),
                         .port, .user, .password, .psql(database, sql)
    context.databases    databases.Databases: templates, clones, drop
    context.prepare()    all of these at once, in the order in which errors are cheap
    context.log_path(n)  Path of a log file in the cache for the step called `n`
    context.odoo_config(**options)   Path of a configuration file with the connection,
                                     addons path, data directory and `options`
    context.odoo_env()               environment for a process that imports Odoo
    context.odoo_command(*args, **options)  argument list: Odoo with that configuration
    context.run_odoo(title, *args, **options)  runs it to its end, with progress
"""

import os

from . import addons, databases, odoo_source, postgres, progress, python_env, toolbox
from .cache import Cache


class Context:
    def __init__(self, root, odoo=None, db_url=None, cache=None):
        """`odoo` and `db_url` are the values of --odoo and --db-url, or None."""
        self.root = root
        self.cache = cache or Cache.from_environment()
        self._odoo_path = odoo
        self._db_url = db_url
        self._odoo = self._python = self._postgres = self._databases = None
        self._search_path = None

    @property
    def odoo(self):
        if self._odoo is None:
            self._odoo = odoo_source.find(self._odoo_path, self.cache)
        return self._odoo

    def prepare(self):
        """Fetch, make and start all of it; what cannot work fails first."""
        if self._db_url:
            postgres.require_reachable(self._db_url)
        for part in ("odoo", "python", "postgres", "databases"):
            getattr(self, part)

    @property
    def python(self):
        if self._python is None:
            self._python = python_env.ensure(self.root, self.cache)
        return self._python

    @property
    def postgres(self):
        if self._postgres is None:
            binaries = python_env.postgres_binaries(self.python)
            if self._db_url:
                self._postgres = postgres.connect(self._db_url, binaries)
            else:
                self._postgres = postgres.start(self.cache, binaries)
        return self._postgres

    @property
    def server_identity(self):
        """Short name of the PostgreSQL in use, known before it is reached."""
        return postgres.identity(self._db_url)

    @property
    def databases(self):
        if self._databases is None:
            self._databases = databases.Databases(self)
        return self._databases

    @property
    def data_dir(self):
        """Odoo's data directory (filestores, sessions) for this PostgreSQL."""
        return self.cache.directory("data", self.server_identity)

    def log_path(self, name):
        return self.cache.directory("logs") / f"{name}.log"

    def odoo_config(self, **options):
        """Write a configuration file; the same values give the same file."""
        server = self.postgres
        values = {
            "addons_path": ",".join(
                str(path) for path in [*self.odoo.addons_paths, *self.addons_paths]
            ),
            "data_dir": self.data_dir,
            "db_host": server.host,
            "db_port": server.port,
            "db_user": server.user,
            "db_password": server.password,
            "db_sslmode": server.sslmode,
            "http_interface": "127.0.0.1",
            "list_db": False,
            "log_level": "info",
            "pg_path": server.binaries,
        } | options
        lines = [
            f"{name} = {value}"
            for name, value in sorted(values.items())
            if value is not None
        ]
        return self.cache.text("config", "\n".join(["[options]", *lines, ""]))

    @property
    def addons_paths(self):
        """Where the suite's own addons are; empty until the first one is there."""
        return [self.root] if addons.present(self.root) else []

    def odoo_env(self):
        if self._search_path is None:  # rtlcss, where it can be had
            programs = toolbox.rtl_programs(self.root, self.cache)
            first = [str(programs)] if programs else []
            self._search_path = os.pathsep.join([*first, os.environ.get("PATH", "")])
        return os.environ | {
            "PATH": self._search_path,
            "PYTHONPATH": str(self.odoo.path),
            "PYTHONWARNINGS": "ignore",
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def odoo_command(self, *args, **options):
        """[python, -m, odoo, *args] with a configuration file of `options`.

        `args` may begin with a subcommand of Odoo ("shell", "module", ...).
        """
        subcommand = [*args[:1]] if args and not str(args[0]).startswith("-") else []
        rest = args[len(subcommand) :]
        config = ["-c", self.odoo_config(**options)]
        return [self.python, "-m", "odoo", *subcommand, *config, *rest]

    def run_odoo(self, title, *args, log="odoo", **options):
        """Run Odoo to its end; UserError with the log's last error when it fails."""
        progress.run(
            self.odoo_command(*args, **options),
            title,
            log=self.log_path(log),
            env=self.odoo_env(),
            cwd=self.root,
            detail=progress.odoo_detail,
        )

    def close(self):
        """Drop throwaway databases; stop PostgreSQL if no one else uses it."""
        if self._postgres is None:
            return
        try:
            if self._databases is not None:
                self._databases.close()
        finally:
            self._postgres.close()
            self._postgres = self._databases = None
