from datetime import date, datetime, timedelta

from odoo import api, models
from odoo.exceptions import UserError

from .crm_customer_timeline import PAGE_MAX, TimelineFilter

READ_MAX = 5000  # entries of one answer
ORDERS = (None, "", "date desc", "date desc, id desc")


class CrmCustomerTimeline(models.Model):
    """Reading the timeline as integrators do: ``search_read`` and ``search_count``.

    A condition names one customer; further ones, all of which have to hold, may narrow
    kind, document's model, date and text (``("summary", "ilike", ...)``). The order is
    always the newest first. Whatever else a table could do is refused.
    """

    _inherit = "crm.customer.timeline"

    @api.model
    @api.readonly
    def search_read(
        self,
        domain=None,
        fields=None,
        offset=0,
        limit=None,
        order=None,
        **read_kwargs,
    ):
        """Return entries as a table would; at most 5,000, newest first."""
        if order not in ORDERS:
            raise UserError(
                self.env._("The timeline is always read newest first (date desc).")
            )
        wanted = self._check_wanted_fields(fields)
        customer, asked = self._parse_domain(domain)
        entries = self._read_entries(customer, asked, offset or 0, limit)
        rows = [{"id": row["id"], **row} for row in self._describe(entries)]
        rows = self._name_records(customer, rows, wanted, read_kwargs.get("load"))
        return [{name: row[name] for name in ["id", *wanted]} for row in rows]

    @api.model
    @api.readonly
    def search_count(self, domain, limit=None):
        """Return how many entries the user may read; 5,000 stands for more, too."""
        customer, asked = self._parse_domain(domain)
        return len(self._read_entries(customer, asked, 0, limit))

    @api.model
    def _search(self, domain, *args, **kwargs):
        raise UserError(
            self.env._(
                "The timeline has no table: read it with search_read and a condition "
                "on customer_id, or with get_page."
            )
        )

    @api.model
    def _check_wanted_fields(self, names):
        readable = [name for name in self._fields if name in _ENTRY_FIELDS]
        unknown = set(names or ()) - {"id", *readable}
        if unknown:
            raise UserError(
                self.env._(
                    "The timeline does not have: %(fields)s.",
                    fields=", ".join(sorted(unknown)),
                )
            )
        return [name for name in (names or readable) if name != "id"]

    @api.model
    def _read_entries(self, customer, asked, offset, limit):
        """Return the entries from one place on, page by page."""
        wanted = min(offset + limit, READ_MAX) if limit else READ_MAX
        found, cursor = [], None
        while len(found) < wanted:
            size = min(wanted - len(found), PAGE_MAX)
            page, cursor = self._collect(customer, asked, cursor, size)
            found += page
            if not cursor:
                break
        return found[offset:wanted]

    @api.model
    def _name_records(self, customer, rows, wanted, load):
        """Give many2one values their names, unless ``load`` is empty."""
        if load is not None and not load:
            return rows
        names = {"customer_id": {customer.id: customer.display_name}}
        if "currency_id" in wanted:
            ids = {row["currency_id"] for row in rows} - {False}
            currencies = self.env["res.currency"].browse(ids)
            names["currency_id"] = {unit.id: unit.name for unit in currencies}
        if "user_id" in wanted:
            names["user_id"] = {row["user_id"]: row["user_name"] for row in rows}
        for row in rows:
            for name, known in names.items():
                row[name] = row[name] and (row[name], known[row[name]])
        return rows

    # ------------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------------
    @api.model
    def _parse_domain(self, domain):
        """Return (customer, TimelineFilter) of a domain, or refuse it."""
        parsed = {}
        for condition in self._get_leaves(domain or []):
            name, operator, value = condition
            parser = getattr(self, f"_parse_{name}", None)
            if name not in _PARSED or not parser:
                raise self._refuse(condition)
            for key, found in parser(condition, operator, value).items():
                parsed[key] = _combine(key, parsed.get(key), found)
        if not parsed.get("customer"):
            raise UserError(
                self.env._(
                    "Say whose timeline: a condition ('customer_id', '=', id) is "
                    "needed."
                )
            )
        customer = self._get_customer(parsed.pop("customer"))
        return customer, TimelineFilter(**parsed)

    @api.model
    def _get_leaves(self, domain):
        """Return the conditions that all have to hold, as (field, operator, value)."""
        leaves = [leaf for leaf in domain if leaf != "&"]
        for leaf in leaves:
            if not isinstance(leaf, (list, tuple)) or len(leaf) != 3:
                raise self._refuse(leaf)
        return [tuple(leaf) for leaf in leaves]

    @api.model
    def _refuse(self, condition):
        return UserError(
            self.env._(
                "The timeline cannot be searched by this condition: %(condition)s",
                condition=condition,
            )
        )

    @api.model
    def _parse_customer_id(self, condition, operator, value):
        values = list(value) if isinstance(value, (list, tuple, set)) else [value]
        if operator not in ("=", "in") or len(values) != 1 or not _is_id(values[0]):
            raise self._refuse(condition)
        return {"customer": values[0]}

    @api.model
    def _parse_kind(self, condition, operator, value):
        values = {value} if isinstance(value, str) else set(value or ())
        known = {kind for kind, _label in self._selection_kind()}
        if operator in ("=", "in"):
            return {"kinds": values}
        if operator in ("!=", "not in"):
            return {"kinds": known - values}
        raise self._refuse(condition)

    @api.model
    def _parse_res_model(self, condition, operator, value):
        models = {value} if isinstance(value, str) else set(value or ())
        if operator not in ("=", "in"):
            raise self._refuse(condition)
        sources = self.env["crm.customer"]._timeline_sources()
        return {
            "kinds": {
                kind.kind
                for source in sources
                if source.model in models
                for kind in source.kinds
            }
        }

    @api.model
    def _parse_date(self, condition, operator, value):
        names = {">=": "date_from", ">": "date_from", "<=": "date_to", "<": "date_to"}
        if operator not in names or not value:
            raise self._refuse(condition)
        try:
            return {names[operator]: _to_moment(value, operator)}
        except ValueError as error:
            raise self._refuse(condition) from error

    @api.model
    def _parse_summary(self, condition, operator, value):
        if operator not in ("ilike", "like") or not isinstance(value, str):
            raise self._refuse(condition)
        return {"search": value}


_PARSED = ("customer_id", "kind", "res_model", "date", "summary")
_ENTRY_FIELDS = (
    *("customer_id", "date", "kind", "res_model", "res_id", "summary"),
    *("state", "user_id", "currency_id", "amount"),
)


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _to_moment(value, operator):
    """Return the first or last moment that a comparison with a date allows."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, str):
        if len(value) == 10 and operator in (">=", "<="):
            return date.fromisoformat(value)
        value = datetime.fromisoformat(value)
    moment = timedelta(microseconds=1)
    return value + {">": moment, "<": -moment}.get(operator, timedelta())


def _combine(key, old, new):
    """Return what satisfies two conditions on the same thing."""
    if old is None:
        return new
    if key == "kinds":
        return old & new
    if key == "date_from":
        return max(old, new, key=str)
    if key == "date_to":
        return min(old, new, key=str)
    return new
