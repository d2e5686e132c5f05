from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.timeline import Cursor, check_sources, parse_bound

PAGE = 40
PAGE_MAX = 500
ROUNDS = 6  # looks for readable entries before a page is handed out half full
ROUND_MAX = 400
EMPTY = {
    **{"summary": "", "state": "", "direction": ""},
    **{"amount": False, "currency_id": False, "user_id": False},
}


class TimelineEntry(NamedTuple):
    """A document of the customer, before anybody asked who may read it."""

    date: datetime
    kind: str
    res_id: int
    dated: bool
    customer_id: int

    @property
    def cursor(self):
        return Cursor(self.date, self.kind, self.res_id)


class TimelineFilter(NamedTuple):
    """What is asked for; bounds are moments in UTC, or days for dated documents."""

    kinds: Any = None
    date_from: Any = None
    date_to: Any = None
    search: str = ""
    public: bool = False  # without what must not even be counted

    def check(self, env):
        """Raise an error in the user's words unless the bounds are dates."""
        for bound in (self.date_from, self.date_to):
            try:
                parse_bound(bound)
            except ValueError as error:
                raise UserError(
                    env._("“%(text)s” is not a date.", text=bound)
                ) from error


class CrmCustomerTimeline(models.Model):
    """Everything exchanged with a customer, newest first, as far as one may read it.

    There is no table behind it. One statement merges the newest documents of all
    sources; then each is kept if the user may read it, and only then described.
    Clients use ``get_page``, or ``search_read`` with a condition on the customer.
    """

    _name = "crm.customer.timeline"
    _description = "Customer Timeline"
    _auto = False
    _table_query = "SELECT NULL::int AS id WHERE FALSE"
    _order = "date desc"
    _rec_name = "summary"

    customer_id = fields.Many2one("crm.customer", required=True, readonly=True)
    date = fields.Datetime(readonly=True)
    kind = fields.Selection(selection="_selection_kind", readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Integer("Document", readonly=True)
    summary = fields.Char(readonly=True)
    state = fields.Char("Status", readonly=True)
    user_id = fields.Many2one("res.users", "Colleague", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)

    @api.model
    def _selection_kind(self):
        sources = self.env["crm.customer"]._timeline_sources()
        return [(kind.kind, kind.label) for source in sources for kind in source.kinds]

    # ------------------------------------------------------------------
    # For screens
    # ------------------------------------------------------------------
    @api.model
    @api.readonly
    def get_kinds(self):
        """Return the kinds of entries that the user may see at all.

        :return: [{"kind", "label", "icon", "color"}] in the order of the sources
        """
        return [
            {
                "kind": kind.kind,
                "label": kind.label,
                "icon": kind.icon,
                "color": kind.color,
            }
            for source in self._get_sources()
            for kind in source.kinds
        ]

    @api.model
    @api.readonly
    def get_page(
        self,
        customer_id,
        kinds=None,
        date_from=None,
        date_to=None,
        search="",
        after=None,
        limit=PAGE,
    ):
        """Return one page of a customer's timeline, newest first.

        :param kinds: only these kinds; None: all
        :param date_from, date_to: ISO dates (whole days of the user's time zone, both
            included) or ISO date and time in UTC
        :param search: text in names, references, subjects or contents
        :param after: what ``next`` was of the page before; None: the newest
        :param limit: entries of a page, at most 500
        :return: {"entries": [...], "next": where to go on, False at the end}. A page
            may be short although there is a next one: where nearly nothing may be
            read, the search for it stops after a while.
        :raise AccessError: when the user may not read the customer
        """
        customer = self._get_customer(customer_id)
        asked = TimelineFilter(
            kinds if kinds is not False else None,
            date_from or None,
            date_to or None,
            search or "",
        )
        asked.check(self.env)
        try:
            cursor = after and Cursor.load(after)
        except ValueError as error:
            raise UserError(
                self.env._("The timeline cannot go on from there.")
            ) from error
        limit = max(1, min(int(limit or PAGE), PAGE_MAX))
        entries, end = self._collect(customer, asked, cursor, limit)
        return {
            "entries": self._describe(entries),
            "next": end.dump() if end else False,
        }

    @api.model
    def _get_customer(self, customer_id):
        customer = self.env["crm.customer"].browse(int(customer_id)).exists()
        if not customer:
            raise UserError(self.env._("This customer does not exist any more."))
        customer.check_access("read")
        self.check_access("read")
        return customer

    # ------------------------------------------------------------------
    # The engine
    # ------------------------------------------------------------------
    @api.model
    def _get_sources(self, kinds=None):
        """Return the sources of these kinds whose model the user may read."""
        sources = self.env["crm.customer"]._timeline_sources()
        check_sources(sources)
        return [
            source
            for source in sources
            if (kinds is None or any(kind.kind in kinds for kind in source.kinds))
            and source.model in self.env
            and self.env[source.model].has_access("read")
        ]

    @api.model
    def _index_sources(self, sources):
        """Return {kind: source}."""
        return {kind.kind: source for source in sources for kind in source.kinds}

    @api.model
    def _collect(self, customer, asked, cursor, limit):
        """Return the next readable entries, and the cursor to go on from or None.

        The number of statements depends on the kinds alone, unless the user may not
        read what is found: then it looks further, a bounded number of times.
        """
        sources = self._get_sources(asked.kinds)
        found, size = [], limit + 1
        for _round in range(ROUNDS):
            batch = self._fetch(customer, sources, asked, cursor, size)
            found += self._filter_visible(batch, sources)
            if len(found) > limit:
                return found[:limit], found[limit - 1].cursor
            if len(batch) < size:
                return found, None
            cursor = batch[-1].cursor
            size = max(size, min(size * 4, ROUND_MAX))
        return found, cursor

    @api.model
    def _fetch(self, customer, sources, asked, cursor, limit):
        """Return the newest entries after a cursor, whoever may read them."""
        if not sources:
            return []
        self.env.flush_all()
        pages = [
            self._sql_page(source, branch, asked, cursor, limit)
            for source in sources
            for branch in source.branches
        ]
        rows = self.env.execute_query(
            SQL(
                """
                %s
                SELECT DISTINCT date, kind, res_id, dated, customer_id
                  FROM (%s) entry
                 ORDER BY date DESC, res_id DESC, kind LIMIT %s
                """,
                self._sql_owners(customer),
                SQL(" UNION ALL ").join(pages),
                limit,
            )
        )
        return [TimelineEntry(*row) for row in rows]

    @api.model
    def _filter_visible(self, entries, sources):
        """Return the entries whose document the user may read, in their order."""
        sources = self._index_sources(sources)
        visible = {}
        for model, ids in self._group_by_model(entries, sources).items():
            readable = self.env[model].browse(ids)._filtered_access("read")
            visible[model] = set(readable.ids)
        for source in {id(source): source for source in sources.values()}.values():
            if source.visible and visible.get(source.model):
                records = self.env[source.model].browse(visible[source.model])
                visible[source.model] = set(source.visible(records).ids)
        return [
            entry
            for entry in entries
            if entry.res_id in visible[sources[entry.kind].model]
        ]

    @api.model
    def _group_by_model(self, entries, sources):
        ids = defaultdict(list)
        for entry in entries:
            ids[sources[entry.kind].model].append(entry.res_id)
        return ids

    @api.model
    def _describe(self, entries):
        """Return plain values of entries that the user may read."""
        sources = self._index_sources(self._get_sources())
        told = self._tell(entries, sources)
        names = self._get_names(told)
        rows = []
        for entry in entries:
            values = told.get((entry.kind, entry.res_id), {})
            rows.append(
                {
                    "id": f"{entry.customer_id}-{entry.kind}-{entry.res_id}",
                    "customer_id": entry.customer_id,
                    "date": fields.Datetime.to_string(entry.date),
                    "dated": entry.dated,
                    "kind": entry.kind,
                    "res_model": sources[entry.kind].model,
                    "res_id": entry.res_id,
                    **EMPTY,
                    **values,
                    "user_name": names.get(values.get("user_id"), ""),
                }
            )
        return rows

    @api.model
    def _tell(self, entries, sources):
        """Return {(kind, id): values}; each source is asked once."""
        wanted = {}
        for entry in entries:
            source = sources[entry.kind]
            wanted.setdefault(id(source), (source, set()))[1].add(entry.res_id)
        told = {}
        for source, ids in wanted.values():
            values = source.describe(self.env[source.model].browse(ids))
            for kind in source.kinds:
                told.update({(kind.kind, key): row for key, row in values.items()})
        return told

    @api.model
    def _get_names(self, told):
        ids = {values.get("user_id") for values in told.values()}
        # names of colleagues, as every many2one shows them
        users = self.env["res.users"].sudo().browse(ids - {None, False})
        return {user.id: user.name for user in users}
