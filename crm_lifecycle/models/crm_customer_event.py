import logging
import random
import time

from psycopg2.errors import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

LANES = 4
"""Crons that empty the queue side by side; one ir.cron never runs twice at once."""

CHUNK = 1000
"""Events that one transaction consumes."""

CONFLICTS = 5
"""How often a chunk that another transaction overtook is tried again at once."""

PAUSE = 0.1
"""Seconds, at most, before the first new attempt; each further one waits longer."""

ATTEMPTS = 5
"""How often a customer whose refresh fails is tried again, once a night."""

_PENDING = "crm.customer.events"


class CrmCustomerEvent(models.Model):
    """The queue between people's transactions and the engine.

    No foreign keys: writing an event locks nothing and waits for nobody. An event is
    only a hint that a customer has to be looked at; it carries no figures, so that
    losing or repeating one cannot falsify anything, and the nightly pass heals it.
    """

    _name = "crm.customer.event"
    _description = "Customer Event"
    _order = "id"
    _rec_name = "kind"
    _log_access = False

    kind = fields.Char(readonly=True)
    # not company_id: Odoo takes a field of that name for a relation
    root_company = fields.Integer("Company ID", readonly=True, index=False)
    partner_id = fields.Integer("Contact ID", readonly=True)
    date = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True, default=0)
    error = fields.Text(readonly=True)

    _lane_idx = models.Index(f"((partner_id % {LANES}), id) WHERE error IS NULL")
    _partner_idx = models.Index("(partner_id)")

    def action_retry(self):
        """Put failed events back in the queue."""
        self.write({"error": False, "attempts": 0})
        self._wake_lanes({event.partner_id % LANES for event in self})

    @api.model
    def _collect(self, kind, pairs):
        """Remember events of this transaction; they are written before its commit."""
        data = self.env.cr.precommit.data
        if _PENDING not in data:
            data[_PENDING] = set()
            # the queue is the engine's: nobody writes events by hand
            self.env.cr.precommit.add(self.sudo()._write_collected)
        data[_PENDING].update(
            (kind, company_id or 0, partner_id)
            for company_id, partner_id in pairs
            if partner_id
        )

    @api.model
    def _write_collected(self):
        """Write what was collected by one INSERT and wake the lanes concerned.

        Branches become their root company, contacts their commercial partner, as they
        are at the end of the transaction. A changed address of somebody who is no
        customer is nobody's business, nor are answers after the first.
        """
        events = sorted(self.env.cr.precommit.data.pop(_PENDING, ()))
        if not events:
            return
        kinds, companies, partners = zip(*events, strict=True)
        lanes = self.env.execute_query(
            SQL(
                """
                WITH seen AS (
                    SELECT * FROM unnest(%s::text[], %s::int[], %s::int[])
                               AS seen(kind, company_id, partner_id)
                ), added AS (
                    INSERT INTO crm_customer_event
                           (kind, root_company, partner_id, date, attempts)
                    SELECT DISTINCT seen.kind, company.root_id,
                           partner.commercial_partner_id,
                           now() AT TIME ZONE 'UTC', 0
                      FROM seen
                      JOIN res_partner partner ON partner.id = seen.partner_id
                      LEFT JOIN %s company ON company.id = seen.company_id
                     WHERE seen.kind NOT IN ('contact', 'answer') OR EXISTS (
                           SELECT FROM crm_customer customer
                            WHERE customer.partner_id = partner.commercial_partner_id
                              AND (seen.kind = 'contact'
                                   OR customer.first_response_at IS NULL))
                    RETURNING partner_id
                )
                SELECT DISTINCT partner_id %% %s FROM added
                """,
                list(kinds),
                list(companies),
                list(partners),
                self.env["crm.customer"]._sql_root_companies(),
                LANES,
            )
        )
        self._wake_lanes({lane for (lane,) in lanes})

    @api.model
    def _wake_lanes(self, lanes):
        for lane in sorted(lanes):
            cron = self.env.ref(
                f"crm_lifecycle.ir_cron_lane_{lane}", raise_if_not_found=False
            )
            if cron:
                cron.sudo()._trigger()  # who sells need not manage crons

    @api.model
    def _cron_consume(self, lane):
        """Refresh the customers that the events of a lane name, until none is left.

        Any number of workers may do this at once, in one lane too: each takes events
        that no other holds, and where two meet at a customer PostgreSQL refuses the
        one with the older snapshot, who tries again. Killed at any moment it leaves
        what is committed, and events for the rest. A chunk that fails is divided until
        the failing customer stands alone; his events keep the error and wait for the
        night, the others go on.
        """
        size, conflicts = CHUNK, 0
        while True:
            partner_ids, done = [], 0
            try:
                with self.env.cr.savepoint():
                    partner_ids, done = self._take(lane, size)
                    self._refresh_taken(partner_ids)
                size, conflicts = min(size * 2, CHUNK), 0
            except OperationalError:
                # another transaction was faster and the snapshot is too old
                self.env.cr.rollback()
                conflicts += 1
                if conflicts > CONFLICTS:
                    raise  # the cron tries again later
                time.sleep(random.uniform(0, PAUSE * conflicts))
                continue
            except Exception as error:
                self.env.cr.rollback()
                if size > 1:
                    size = max(1, size // 4)
                    continue
                _logger.exception("A customer could not be refreshed")
                done = self._set_aside(partner_ids, error)
            remaining = self._count_waiting(lane)
            left = self.env["ir.cron"]._commit_progress(done, remaining=remaining)
            # what remains while nothing could be taken is in the hands of others
            if not done or not remaining or not left:
                break

    @api.model
    def _consume(self, lane, size):
        """Delete up to size events of the lane and refresh their customers.

        :return: the number of events consumed
        """
        partner_ids, done = self._take(lane, size)
        self._refresh_taken(partner_ids)
        return done

    @api.model
    def _take(self, lane, size):
        """Delete up to size events of the lane that nobody else holds.

        :return: the partners that they name, and the number of events
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH taken AS MATERIALIZED (
                    SELECT id FROM crm_customer_event
                     WHERE partner_id %% %s = %s AND error IS NULL
                     ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                DELETE FROM crm_customer_event event USING taken
                 WHERE event.id = taken.id
                RETURNING event.partner_id
                """,
                LANES,
                lane,
                size,
            )
        )
        self.invalidate_model()
        return sorted({partner_id for (partner_id,) in rows}), len(rows)

    @api.model
    def _refresh_taken(self, partner_ids):
        if partner_ids:
            # the engine writes facts, which no person may
            self.env["crm.customer"].sudo()._refresh(partner_ids)
            self.env.flush_all()

    @api.model
    def _set_aside(self, partner_ids, error):
        """Keep the error on the waiting events of partners whose refresh failed.

        :return: the number of events
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH failed AS MATERIALIZED (
                    SELECT id FROM crm_customer_event
                     WHERE partner_id = ANY(%s) AND error IS NULL
                     ORDER BY id FOR UPDATE SKIP LOCKED)
                UPDATE crm_customer_event event
                   SET error = %s, attempts = attempts + 1
                  FROM failed WHERE event.id = failed.id
                RETURNING event.id
                """,
                partner_ids,
                f"{type(error).__name__}: {error}",
            )
        )
        self.invalidate_model()
        return len(rows)

    @api.model
    def _count_waiting(self, lane):
        query = SQL(
            """
            SELECT count(*) FROM crm_customer_event
             WHERE partner_id %% %s = %s AND error IS NULL
            """,
            LANES,
            lane,
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _retry_failed(self):
        """Let the failed events of the past days be tried once more."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_customer_event SET error = NULL
                 WHERE error IS NOT NULL AND attempts < %s
                RETURNING partner_id %% %s
                """,
                ATTEMPTS,
                LANES,
            )
        )
        self.invalidate_model()
        self._wake_lanes({lane for (lane,) in rows})
