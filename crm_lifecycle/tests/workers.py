"""Workers of the engine as processes of their own, for tests that commit."""

import os
import signal
import time
import traceback
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

PATIENCE = 60  # seconds


class Worker:
    """A fork of this process with connections of its own.

    :param work: called with an environment and a function ``pause``, which tells the
        parent that the worker stands still, and keeps it so until it is killed
    """

    def __init__(self, database, work):
        self._said, said = os.pipe()
        go, self._go = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._go)
            self._run(database, work, go, said)
        os.close(said)
        os.close(go)

    def _run(self, database, work, go, said):
        """The life of the child; it never returns into the test."""
        code = 1
        try:
            # psycopg2 leaves the connections of the parent alone
            sql_db._Pool = None
            registry = Registry(database)
            registry._db = sql_db.db_connect(database)

            def pause():
                os.write(said, b"paused")
                time.sleep(10 * PATIENCE)

            os.read(go, 1)  # ends when the parent lets go
            with registry.cursor() as cr:
                work(api.Environment(cr, SUPERUSER_ID, {}), pause)
            code = 0
        except BaseException:  # pylint: disable=broad-exception-caught
            os.write(said, traceback.format_exc().encode()[-4000:])
        finally:
            os._exit(code)

    def go(self):
        os.close(self._go)

    def hear(self):
        """Wait for what the worker has to say; empty when it has ended well."""
        text = b""
        while part := os.read(self._said, 4096):
            text += part
            if text == b"paused":
                break
        return text.decode()

    def kill(self):
        """End it as kill -9 does, and wait until the database knows."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._said)

    def join(self):
        """Wait for its end.

        :return: what went wrong, empty when nothing
        """
        said = self.hear()
        os.waitpid(self.pid, 0)
        os.close(self._said)
        return said


@contextmanager
def environment(database):
    """An environment whose changes are committed at the end."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
