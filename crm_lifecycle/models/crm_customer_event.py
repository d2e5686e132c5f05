import logging

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
        customer is nobody's business.
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
                     WHERE seen.kind != 'contact' OR EXISTS (
                           SELECT FROM crm_customer customer
                            WHERE customer.partner_id = partner.commercial_partner_id)
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

        A customer always falls in the same lane, so two lanes never write the same
        row. A chunk that fails is halved until the failing customer stands alone; his
        events keep the error and wait for the night, the others go on.
        """
        size, conflicts = CHUNK, 0
        while True:
            try:
                with self.env.cr.savepoint():
                    done = self._consume(lane, size)
                size, conflicts = min(size * 2, CHUNK), 0
            except OperationalError:
                # another transaction was faster and the snapshot is too old
                self.env.cr.rollback()
                conflicts += 1
                if conflicts > CONFLICTS:
                    raise  # the cron tries again later
                continue
            except Exception as error:
                self.env.cr.rollback()
                if size > 1:
                    size = max(1, size // 4)
                    continue
                _logger.exception("A customer could not be refreshed")
                done = self._set_aside(lane, error)
            remaining = self._count_waiting(lane)
            left = self.env["ir.cron"]._commit_progress(done, remaining=remaining)
            if not remaining or not left:
                break

    @api.model
    def _consume(self, lane, size):
        """Delete up to size events of the lane and refresh their customers.

        :return: the number of events consumed
        """
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_customer_event WHERE id IN (
                    SELECT id FROM crm_customer_event
                     WHERE partner_id %% %s = %s AND error IS NULL
                     ORDER BY id LIMIT %s)
                RETURNING partner_id
                """,
                LANES,
                lane,
                size,
            )
        )
        partner_ids = sorted({partner_id for (partner_id,) in rows})
        if partner_ids:
            # the engine writes facts, which no person may
            self.env["crm.customer"].sudo()._refresh(partner_ids)
            self.env.flush_all()
        self.invalidate_model()
        return len(rows)

    @api.model
    def _set_aside(self, lane, error):
        """Keep the error on the events of the first customer of the lane."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_customer_event SET error = %s, attempts = attempts + 1
                 WHERE error IS NULL AND partner_id = (
                    SELECT partner_id FROM crm_customer_event
                     WHERE partner_id %% %s = %s AND error IS NULL
                     ORDER BY id LIMIT 1)
                RETURNING id
                """,
                f"{type(error).__name__}: {error}",
                LANES,
                lane,
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
