from collections import defaultdict
from itertools import pairwise

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.replay import Piece, overlay
from . import crm_customer_refresh
from .crm_customer import MANAGER_GROUP
from .crm_customer_refresh import NOW
from .crm_customer_rules import STAGE_COLUMNS


class CrmCustomer(models.Model):
    """Writing replayed histories: of new customers, and again on demand.

    Rebuilding keeps what persons decided: an interval that a person began, and the
    present one of a pinned customer, stay with their exact times. All other intervals
    are replaced by what the rules of today say about the documents of today; where a
    decision ended, the replayed history goes on. A stage that began on the same day as
    before keeps its hour, so that a history which is right already is not written.
    """

    _inherit = "crm.customer"

    def action_rebuild_history(self):
        """Tell the past stages again from the documents and the rules of today.

        :raise AccessError: when the user does not manage the lifecycle
        """
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only managers may rebuild the history of customers.")
            )
        self.check_access("write")
        # checked above; the engine writes facts and histories, which no person may
        engine = self.sudo()._at_one_moment()
        chunk = crm_customer_refresh.CHUNK
        for first in range(0, len(engine), chunk):
            part = engine[first : first + chunk]
            part._refresh_facts()
            part._rebuild_history()
        return True

    def _begin_history(self):
        """Give new customers their history and stage.

        :return: {customer id: entry stage} of those who are past that stage already
        """
        entries = self.env["crm.lifecycle.stage"]._get_entry_stages(
            sorted({company_id for _id, company_id in self._get_companies()})
        )
        pieces = {
            customer_id: self._to_pieces(path)
            for customer_id, path in self._replay().items()
        }
        self._insert_pieces(pieces)
        self._set_stages(pieces)
        return {
            customer_id: entries[company_id]
            for customer_id, company_id in self._get_companies()
            if pieces[customer_id][-1].key[0] != entries[company_id]
        }

    def _rebuild_history(self):
        """Replace what rules did in the past of the customers in self.

        :return: the customers whose history was not the same already
        """
        existing = self._read_history()
        new = {}
        for customer_id, path in self._replay().items():
            old = existing.get(customer_id, [])
            decided = [Piece(("kept", i), s, e) for i, keep, _r, s, e in old if keep]
            hours = {(r[0], s.date()): s for _i, _keep, r, s, _e in old}
            pieces = overlay(self._to_pieces(path, hours), decided)
            before = [Piece(("kept", i) if k else r, s, e) for i, k, r, s, e in old]
            if pieces != before:
                new[customer_id] = pieces
        changed = self.browse(new)
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_lifecycle_history history USING crm_customer customer"
                " WHERE customer.id = history.customer_id AND customer.id = ANY(%s)"
                " AND NOT %s",
                list(new),
                self._sql_kept(),
            )
        )
        made = {
            customer_id: [piece for piece in pieces if piece.key[0] != "kept"]
            for customer_id, pieces in new.items()
        }
        self._insert_pieces(made)
        open_pieces = {c: p for c, p in made.items() if p and p[-1].end is None}
        changed._on_stage_rebuilt(self._set_stages(open_pieces))
        return changed

    def _on_stage_rebuilt(self, old):
        """Tell those who stand elsewhere now: {customer id: stage before}."""
        if old:
            self.browse(old)._on_stage_changed(old)

    @api.model
    def _to_pieces(self, path, hours=None):
        """Return the intervals of a path as pieces (stage, rule) between moments.

        :param dict hours: {(stage, day): moment} that are known exactly
        """
        starts = [
            (hours or {}).get((interval.stage, interval.since))
            or self._to_moment(interval.since)
            for interval in path
        ]
        return [
            Piece((interval.stage, interval.rule), start, end)
            for interval, start, end in zip(
                path, starts, starts[1:] + [None], strict=True
            )
        ]

    @api.model
    def _sql_kept(self):
        """What a person decided: he began it, or pinned what is."""
        return SQL(
            "(history.user_id IS NOT NULL"
            " OR history.date_to IS NULL AND customer.stage_pinned IS TRUE)"
        )

    def _read_history(self):
        """Return {customer id: [(id, kept, (stage, rule), from, to)]}, by time."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT history.customer_id, history.id, %s, history.stage_id,
                       history.rule_id, history.date_from, history.date_to
                  FROM crm_lifecycle_history history
                  JOIN crm_customer customer ON customer.id = history.customer_id
                 WHERE customer.id = ANY(%s)
                 ORDER BY history.customer_id, history.date_from, history.id
                """,
                self._sql_kept(),
                list(self.ids),
            )
        )
        found = defaultdict(list)
        for customer_id, row_id, kept, stage_id, rule_id, start, end in rows:
            found[customer_id].append((row_id, kept, (stage_id, rule_id), start, end))
        return found

    @api.model
    def _insert_pieces(self, pieces):
        """Write intervals: {customer id: [Piece((stage, rule), start, end)]}."""
        rows = [
            (customer_id, *piece.key, piece.start, piece.end)
            for customer_id, own in pieces.items()
            for piece in own
        ]
        if not rows:
            return
        self.env["crm.lifecycle.history"]._insert_intervals(
            SQL(
                """
                SELECT told.customer_id, customer.company_id, told.stage_id,
                       told.date_from, told.date_to, told.rule_id,
                       NULL::int AS user_id, NULL::varchar AS reason
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::timestamp[],
                              %s::timestamp[])
                       AS told(customer_id, stage_id, rule_id, date_from, date_to)
                  JOIN crm_customer customer ON customer.id = told.customer_id
                """,
                *map(list, zip(*rows, strict=True)),
            )
        )

    @api.model
    def _set_stages(self, pieces):
        """Put customers in the last stage of their pieces.

        :return: {customer id: stage before} of those who were elsewhere
        """
        lost = set(self.env["crm.lifecycle.stage"]._get_lost_stages().ids)
        rows = [
            (customer_id, own[-1].key[0], own[-1].start, self._get_win_back(own, lost))
            for customer_id, own in pieces.items()
        ]
        if not rows:
            return {}
        old = self.env.execute_query(
            SQL(
                """
                UPDATE crm_customer customer
                   SET stage_id = told.stage_id, stage_since = told.since,
                       won_back_date = told.won_back_date,
                       write_uid = %s, write_date = %s
                  FROM unnest(%s::int[], %s::int[], %s::timestamp[], %s::date[])
                       AS told(id, stage_id, since, won_back_date)
                  JOIN crm_customer before ON before.id = told.id
                 WHERE customer.id = told.id
                   AND (customer.stage_id, customer.stage_since, customer.won_back_date)
                       IS DISTINCT FROM (told.stage_id, told.since, told.won_back_date)
                RETURNING customer.id, before.stage_id, customer.stage_id
                """,
                self.env.uid,
                NOW,
                *map(list, zip(*rows, strict=True)),
            )
        )
        written = self.browse([customer_id for customer_id, _old, _new in old])
        written.invalidate_recordset(STAGE_COLUMNS, flush=False)
        written.modified(STAGE_COLUMNS)
        return {customer_id: was for customer_id, was, now in old if was != now}

    @api.model
    def _get_win_back(self, pieces, lost):
        """Return the day of the last return from a lost stage, or None."""
        returns = [
            after.start.date()
            for before, after in pairwise(pieces)
            if before.key[0] in lost and after.key[0] not in lost
        ]
        return returns[-1] if returns else None
