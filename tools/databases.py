"""Databases made from cached templates.

Installing the suite's dependencies takes a minute, cloning a database a second. A
template is a database of the PostgreSQL in use, named after what it was made from
(Odoo's version, requirements.txt, demo or not, modules, the addons' contents); a
changed source therefore never meets an old template.

Every database is built under a throwaway name and renamed when it is complete, so one
that has its final name is whole. Throwaway databases carry the token of the run that
made them; the run holds a lock of that name, so what a killed run left is recognised
and dropped by the next one.

Filestores: Odoo names attachment files after their content and never changes one, so a
clone hard-links them.

    minimal() -> dependencies(demo) -> with_addons(names, demo)     templates, layered
    clone(template)                 throwaway database, dropped by close()
    create(name, template, build)   lasting database
    drop(name), exists(name), note(name), set_note(name, note)
"""

import json
import os
import re
import secrets
import shutil
import time

from . import addons
from .cache import key, open_lock, try_lock
from .errors import UserError, last_error

_TEMPLATE = "peyvand_tpl_"
_THROWAWAY = "peyvand_tmp_"
_KEPT_DAYS = 14  # an unused template is dropped after that
_TEMPLATE_MB = 700  # database and filestore, with room for the work
_DAY = 86_400


class Databases:
    """The databases of the context's PostgreSQL."""

    def __init__(self, context):
        self.context = context
        self.server = context.postgres
        self._token = secrets.token_hex(4)
        self._counter = 0
        self._locks = context.cache.directory("locks", context.server_identity)
        self._used = context.cache.directory("templates", context.server_identity)
        self._lock = open_lock(self._locks / self._token)
        try_lock(self._lock)
        self._drop_stale()
        for kind in ("logs", "config"):
            context.cache.prune(kind, _KEPT_DAYS)

    # Templates

    def minimal(self):
        """Template with what crm_lifecycle alone depends on, without demo data."""
        root = self.context.root
        return self.template(addons.external_dependencies(root, addons.NAMES[:1]))

    def dependencies(self, demo=False):
        """Template with all that the suite's addons depend on, not the addons."""
        root = self.context.root
        modules = addons.external_dependencies(root, addons.present(root))
        if demo:  # demo data come with each module's installation: no lower layer
            return self.template(modules, demo=True)
        return self.template(modules, base=self.minimal())

    def with_addons(self, names=None, demo=False):
        """Template with the suite's addons `names` (all) and what is below them."""
        root = self.context.root
        names = addons.with_dependencies(root, names or addons.present(root))
        return self.template(names, base=self.dependencies(demo), demo=demo)

    def template(self, modules, *, base=None, demo=False):
        """Name of the cached database with `modules`, made when there is none.

        base: template to start from; it must have been made with the same `demo`.
        """
        context = self.context
        contents = {
            name: addons.fingerprint(context.root, name)
            for name in modules
            if name in addons.present(context.root)
        }
        made_from = [context.odoo.version, context.odoo.identity, self._requirements()]
        made_from += [base, demo, sorted(modules), contents]
        name = f"{_TEMPLATE}{key(made_from)}"
        with context.cache.lock(f"{context.server_identity}-{name}"):
            if not self.exists(name):
                self.create(
                    name, base, lambda new: self.install(new, modules, demo=demo)
                )
            (self._used / name).touch()
        return name

    def install(self, database, modules, *, demo=False, update=()):
        """Install `modules` into a database that runs nowhere; update those named."""
        options = ["-d", database, "--stop-after-init", "--no-http"]
        if modules:
            options += ["-i", ",".join(modules)]
        if update:
            options += ["-u", ",".join(update)]
        if demo:
            options += ["--with-demo"]
        names = [*modules, *update]
        shown = ", ".join(names[:4]) + (
            f" and {len(names) - 4} more" * (len(names) > 4)
        )
        title = f"database: {'update' if update else 'install'} {shown}"
        if demo:
            title += " with demo data"
        log = f"install-{database}"
        self.context.run_odoo(title, *options, log=log)
        if demo:
            _check_demo(self.context.log_path(log))

    # Databases

    def exists(self, name):
        return name in self.names()

    def names(self):
        sql = "SELECT datname FROM pg_database WHERE NOT datistemplate"
        return self.server.psql(sql).split("\n")

    def clone(self, template=None):
        """A throwaway copy of `template` (empty when None), dropped by close()."""
        self._counter += 1
        name = f"{_THROWAWAY}{self._token}_{self._counter}"
        self.drop(name)
        if template is None:
            self._create_empty(name)
        else:
            self.server.psql(
                f'CREATE DATABASE "{name}" TEMPLATE "{template}" {self._strategy()}'
            )
            self._copy_filestore(template, name)
        return name

    def create(self, name, template, build=None, note=None):
        """Make the database `name` from a clone, after build(clone's name).

        It appears under its name when it is complete, with `note`.
        """
        check_name(name)
        self.context.cache.require_space(_TEMPLATE_MB)
        working = self.clone(template)
        if build:
            build(working)
        shutil.rmtree(self.filestore(name), ignore_errors=True)
        if self.filestore(working).exists():
            self.filestore(working).rename(self.filestore(name))
        if note is not None:
            self.set_note(working, note)
        self.server.psql(f'ALTER DATABASE "{working}" RENAME TO "{name}"')

    def drop(self, name):
        """Drop a database, its sessions and its filestore; none there is no error."""
        check_name(name)
        force = self.server.version >= 13
        self.server.psql(f'DROP DATABASE IF EXISTS "{name}"' + " WITH (FORCE)" * force)
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def note(self, name):
        """What `create` or `set_note` wrote about a database; None if nothing."""
        text = self.server.psql(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            f" WHERE datname = {_literal(name)}"
        )
        try:
            return json.loads(text)["peyvand"]
        except (ValueError, KeyError, TypeError):
            return None

    def set_note(self, name, note):
        """Remember `note` (a JSON value) in the database's comment."""
        text = json.dumps({"peyvand": note})
        self.server.psql(f'COMMENT ON DATABASE "{name}" IS {_literal(text)}')

    def filestore(self, name):
        return self.context.data_dir / "filestore" / name

    def close(self):
        """Drop this run's throwaway databases."""
        for name in self.names():
            if name.startswith(f"{_THROWAWAY}{self._token}_"):
                self.drop(name)
        self._lock.close()
        (self._locks / self._token).unlink(missing_ok=True)

    # Inside

    def _create_empty(self, name):
        self.server.psql(
            f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' LC_COLLATE 'C'"
            " TEMPLATE template0"
        )
        # Faster searches where the server has it; the embedded one does not.
        self.server.psql(
            "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm;"
            " EXCEPTION WHEN OTHERS THEN NULL; END $$",
            database=name,
        )

    def _strategy(self):
        """Copying files beats copying through the log for databases of this size."""
        return "STRATEGY FILE_COPY" if self.server.version >= 15 else ""

    def _copy_filestore(self, source, target):
        if self.filestore(source).exists():
            shutil.copytree(
                self.filestore(source), self.filestore(target), copy_function=os.link
            )

    def _requirements(self):
        return (self.context.root / "requirements.txt").read_text()

    def _drop_stale(self):
        """Drop what killed runs left, and templates that no one used for long."""
        for name in self.names():
            if name.startswith(_THROWAWAY):
                token = name[len(_THROWAWAY) :].split("_")[0]
                if self._abandoned(token):
                    self.drop(name)
            elif name.startswith(_TEMPLATE):
                used = self._used / name
                if used.exists() and time.time() - used.stat().st_mtime > (
                    _KEPT_DAYS * _DAY
                ):
                    self.drop(name)
                    used.unlink()

    def _abandoned(self, token):
        """Whether the run with this token has ended without cleaning up.

        A token without a lock file is of another cache that shares the server.
        """
        path = self._locks / token
        if token == self._token or not path.exists():
            return False
        with open_lock(path) as file:
            return try_lock(file)


def _check_demo(log):
    """UserError if demo data failed: Odoo goes on without them."""
    text = log.read_text(errors="replace")
    pattern = r"Module (\w+) demo data failed.*?(?=\n\d{4}-|\Z)"  # with its traceback
    found = re.search(pattern, text, re.DOTALL)
    if found:
        raise UserError(
            f"demo data of {found[1]} failed: {last_error(found[0])}. Log: {log}"
        )


def check_name(name):
    if not name.replace("_", "").replace("-", "").isalnum() or len(name) > 63:
        raise UserError(
            f"database name {name!r}: up to 63 letters, digits, '_' and '-', please"
        )


def _literal(text):
    """SQL string literal; psql gets statements as text and has no parameters."""
    return "'" + text.replace("'", "''") + "'"
