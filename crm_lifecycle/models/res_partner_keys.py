from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ..lib import persian

KEYS = {
    "crm_search_key": ("text", "What people type in a search box is compared with it."),
    "crm_name_key": ("varchar", "The name without legal form, spaces and signs."),
    "crm_phone_key": ("varchar", "The phone without country code and trunk zero."),
    "crm_mail_key": ("varchar", "The mail address in small letters, without tag."),
    "crm_vat_key": ("varchar", "The tax number without country letters and signs."),
}


class ResPartner(models.Model):
    """Keys by which contacts are found and compared, however they were typed.

    What people typed stays as it is. The keys are stored: filled by one statement when
    the addon is installed (also with a million contacts), then kept by the ORM. Where
    PostgreSQL has pg_trgm, the search key gets a trigram index as Odoo's own names do;
    without it a search reads all keys, as Odoo's own search does then. Beginnings of
    phone numbers are found by an index in either case.
    """

    _inherit = "res.partner"

    crm_search_key = fields.Text(
        "Search Key",
        compute="_compute_crm_keys",
        store=True,
        index="trigram",
        copy=False,
    )
    crm_name_key = fields.Char(
        "Name Key", compute="_compute_crm_keys", store=True, copy=False
    )
    crm_phone_key = fields.Char(
        "Phone Key", compute="_compute_crm_keys", store=True, copy=False
    )
    crm_mail_key = fields.Char(
        "Mail Key", compute="_compute_crm_keys", store=True, copy=False
    )
    crm_vat_key = fields.Char(
        "Tax Number Key", compute="_compute_crm_keys", store=True, copy=False
    )

    _crm_name_key_idx = models.Index("(crm_name_key) WHERE crm_name_key IS NOT NULL")
    _crm_phone_key_idx = models.Index(
        "(crm_phone_key text_pattern_ops) WHERE crm_phone_key IS NOT NULL"
    )
    _crm_mail_key_idx = models.Index("(crm_mail_key) WHERE crm_mail_key IS NOT NULL")
    _crm_vat_key_idx = models.Index("(crm_vat_key) WHERE crm_vat_key IS NOT NULL")

    def _auto_init(self):
        """Make and fill the keys set-based; left to the ORM it would take hours."""
        missing = not column_exists(self.env.cr, self._table, "crm_search_key")
        if missing:
            for name, (column_type, comment) in KEYS.items():
                create_column(self.env.cr, self._table, name, column_type, comment)
            self._fill_keys()
        return super()._auto_init()

    @api.depends("complete_name", "name", "ref", "vat", "phone", "email")
    def _compute_crm_keys(self):
        for partner in self:
            partner.crm_search_key = persian.search_key(
                partner.complete_name, partner.ref, partner.vat
            )
            partner.crm_name_key = persian.name_key(partner.name) or False
            partner.crm_phone_key = persian.phone_key(partner.phone) or False
            partner.crm_mail_key = persian.mail_key(partner.email) or False
            partner.crm_vat_key = persian.vat_key(partner.vat) or False

    @api.model
    def _search_display_name(self, operator, value):
        """Find a name or number in any spelling; Odoo's own hits all stay."""
        domain = super()._search_display_name(operator, value)
        if not isinstance(value, str) or not operator.endswith("like"):
            return domain
        found = self._get_key_domain(value)
        if found.is_false():
            return domain
        if operator in Domain.NEGATIVE_OPERATORS:
            return Domain(domain) & ~found
        return Domain(domain) | found

    @api.model
    def _search_phone_mobile_search(self, operator, value):
        """Find a phone in any spelling, beside what Odoo finds."""
        if not isinstance(value, str) or operator not in ("like", "ilike", "="):
            return super()._search_phone_mobile_search(operator, value)
        domain = super()._search_phone_mobile_search(operator, persian.fold(value))
        return Domain(domain) | self._get_phone_domain(value)

    @api.model
    def _get_key_domain(self, typed):
        """Return the condition on keys for what somebody typed in a search box."""
        key = persian.search_key(typed)
        domain = Domain("crm_search_key", "like", key) if key else Domain.FALSE
        if persian.looks_like_phone(typed):
            domain |= self._get_phone_domain(typed)
        return domain

    @api.model
    def _get_phone_domain(self, typed):
        """A number typed from its beginning is looked up by its beginning."""
        part = persian.phone_part(typed)[: persian.PHONE_LONGEST]
        if not part:
            return Domain.FALSE
        if persian.fold(typed).lstrip(" (")[:1] in ("0", "+"):
            return Domain("crm_phone_key", "=like", f"{part}%")
        return Domain("crm_phone_key", "like", part)

    # ------------------------------------------------------------------
    # The same keys in SQL
    # ------------------------------------------------------------------
    @api.model
    def _sql_key(self, steps, expression):
        """Return the SQL of the steps of lib/persian.py over a text expression."""
        sql = SQL("COALESCE(%s, '')", expression)
        for step in steps:
            sql = self._sql_step(step, sql)
        return sql

    @api.model
    def _sql_step(self, step, sql):
        if step.kind == "nfkc":
            return SQL("normalize(%s, NFKC)", sql)
        if step.kind == "translate":
            return SQL("translate(%s, %s, %s)", sql, step.what, step.by)
        if step.kind == "delete":
            return SQL("translate(%s, %s, '')", sql, step.what)
        if step.kind == "replace":
            return SQL("regexp_replace(%s, %s, %s, 'g')", sql, step.what, step.by)
        if step.kind == "find":
            return SQL("COALESCE((regexp_match(%s, %s))[1], '')", sql, f"({step.what})")
        # the pattern asks for some character, so an empty text never matches
        return SQL("COALESCE(substring(%s, %s), '')", sql, f"^.*{step.what}.*$")

    @api.model
    def _sql_phone_key(self, expression):
        """Return the SQL of a phone key, '' where the text is no phone number."""
        return self._sql_key(persian.PHONE, expression)

    @api.model
    def _sql_keys(self, alias):
        """Return {name of a key: SQL of its value} for a table alias of contacts."""
        column = {
            name: SQL.identifier(alias, name)
            for name in ("complete_name", "name", "ref", "vat", "phone", "email")
        }
        searched = [
            self._sql_key(persian.SQUEEZE, column[name])
            for name in ("complete_name", "ref", "vat")
        ]
        name_key = SQL(
            "COALESCE(NULLIF(%s, ''), %s)",
            self._sql_key(persian.NAME, column["name"]),
            self._sql_key(persian.SQUEEZE, column["name"]),
        )
        return {
            "crm_search_key": SQL(" || '|' || ").join(searched),
            "crm_name_key": SQL("NULLIF(%s, '')", name_key),
            **{
                f"crm_{key}_key": SQL("NULLIF(%s, '')", self._sql_key(steps, source))
                for key, steps, source in (
                    ("phone", persian.PHONE, column["phone"]),
                    ("mail", persian.MAIL, column["email"]),
                    ("vat", persian.VAT, column["vat"]),
                )
            },
        }

    @api.model
    def _fill_keys(self):
        """Write the keys of all contacts where they differ, by one statement."""
        keys = self._sql_keys("res_partner")
        names = SQL(", ").join(map(SQL.identifier, keys))
        self.env.cr.execute(
            SQL(
                """
                WITH wanted (id, %(names)s) AS MATERIALIZED (
                    SELECT id, %(keys)s FROM res_partner)
                UPDATE res_partner partner
                   SET (%(names)s) = ROW(%(new)s)
                  FROM wanted
                 WHERE wanted.id = partner.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                names=names,
                keys=SQL(", ").join(keys.values()),
                new=SQL(", ").join(SQL.identifier("wanted", name) for name in keys),
                old=SQL(", ").join(SQL.identifier("partner", name) for name in keys),
            )
        )
        return self.env.cr.rowcount
