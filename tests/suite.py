"""For tests that install, uninstall or build: they work on databases of their own.

Odoo refuses module operations inside its test classes, so these tests are outside of
it and drive Odoo as a user does, by its commands.
"""

import os
from pathlib import Path

from tools.context import Context

ROOT = Path(__file__).resolve().parent.parent


def open_context():
    """The same Odoo and PostgreSQL as the `./dev test` that runs us; close() it."""
    odoo, db_url = (os.environ.get(f"PEYVAND_{name}") for name in ("ODOO", "DB_URL"))
    return Context(ROOT, odoo=odoo, db_url=db_url)
