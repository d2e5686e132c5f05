import logging

from psycopg2.errors import OperationalError

from odoo import api, models
from odoo.tools import SQL

from . import crm_customer_refresh

_logger = logging.getLogger(__name__)


class CrmCustomerPass(models.AbstractModel):
    """The pass over all customers: at once by hand, in committed chunks by night."""

    _name = "crm.customer.pass"
    _description = "Pass over all Customers"

    @api.model
    def _refresh_all(self):
        """Bring all facts and stages up to date in this transaction."""
        self._refresh(None)

    @api.model
    def _cron_refresh_all(self):
        """Do the same by night, or after the installation, committing each chunk.

        Safe to kill and to run twice: what was written no longer differs. A chunk that
        fails is noted on the run and left out.
        """
        key = SQL("hashtext('crm.customer.pass')")
        locked = SQL("SELECT pg_try_advisory_lock(%s)", key)
        if not self.env.execute_query(locked)[0][0]:
            return  # somebody refreshes all customers by hand just now
        try:
            self.env["crm.customer.event"]._retry_failed()
            run = self.env["crm.customer.run"]._resume()
            engine = self._at_one_moment()
            engine._settle_moved_partners()
            if engine._run_pass(
                run,
                "fact_count",
                engine._collect_fact_changes,
                engine._write_fact_changes,
            ) and engine._run_pass(
                run, "stage_count", engine._collect_moves, engine._write_moves
            ):
                run._finish()
        finally:
            self.env.cr.rollback()  # an error may have left the transaction unusable
            self.env.execute_query(SQL("SELECT pg_advisory_unlock(%s)", key))

    @api.model
    def _run_pass(self, run, counter, collect, write):
        """Write what ``collect`` found by ``write(first, last)``, chunk by chunk.

        :return: whether all of it was done in the time of a cron
        """
        chunk = crm_customer_refresh.CHUNK
        total = collect()
        left = run._begin(counter, total)
        for first in range(0, total, chunk):
            if not left:
                return False
            try:
                changed = self._write_chunk(write, first, first + chunk)
            except Exception as error:
                _logger.exception("A chunk of customers could not be written")
                run._note_error(error)
                changed = self.browse()
            left = run._progress(counter, len(changed), max(total - first - chunk, 0))
        return True

    @api.model
    def _write_chunk(self, write, first, last):
        """Write a chunk; once more when another transaction was faster."""
        try:
            with self.env.cr.savepoint():
                return write(first, last)
        except OperationalError:
            self.env.cr.rollback()  # take a new snapshot
            with self.env.cr.savepoint():
                return write(first, last)
