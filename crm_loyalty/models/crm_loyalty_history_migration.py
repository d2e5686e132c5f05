from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.lib import analysis

KINDS = ("abc_class", "rfm_segment", "loyalty_type")


class CrmLoyaltyHistory(models.Model):
    """Who went from which class to which between two days.

    The ``filters`` of all methods: kind (one of `KINDS`), date_from and date_to (the
    ends of two days), company_id (else the current one), user_id and team_id (of the
    customers as they are today; empty means all).
    """

    _inherit = "crm.loyalty.history"

    @api.model
    @api.readonly
    def get_migration(self, filters):
        """Return the matrix of classes, segments or loyalty types.

        Everybody who had one on either day is counted once; False: had none on that
        day. So the rows add up to those of the first day and those who came, the
        columns to those of the last day and those who left.

        :return: {states: [{id, name}], rows: [{stage_id, cells: [count of each state],
            total}], totals, total, kinds: [{name, label}]}
        """
        kind, first, last = self._get_migration_scope(filters)
        query = self._search(self._get_migration_domain(filters))
        found = self.env.execute_query(
            SQL(
                """
                WITH seen AS (%(seen)s)
                SELECT earlier.state, later.state, COUNT(*)
                  FROM (SELECT customer_id, state FROM seen WHERE %(at_first)s) earlier
             FULL JOIN (SELECT customer_id, state FROM seen WHERE %(at_last)s) later
                       USING (customer_id)
                 WHERE COALESCE(earlier.state, later.state) IS NOT NULL
              GROUP BY earlier.state, later.state
                """,
                seen=query.select(
                    SQL.identifier(self._table, "customer_id"),
                    SQL("%s AS state", SQL.identifier(self._table, kind)),
                    SQL.identifier(self._table, "date_from"),
                    SQL.identifier(self._table, "date_to"),
                ),
                at_first=self._sql_on(first),
                at_last=self._sql_on(last),
            )
        )
        counts = {(a or False, b or False): count for a, b, count in found}
        states = self._get_states(kind, {key for pair in counts for key in pair if key})
        keys = [*states, False]
        return {
            "states": [{"id": key, "name": states.get(key) or False} for key in keys],
            "kinds": self._get_migration_kinds(),
            **analysis.matrix(keys, keys, counts),
        }

    @api.model
    @api.readonly
    def get_migration_action(self, filters, figure):
        """Return the window action with the customers of a cell, or of a total.

        :param dict figure: before and after: a state, False for none on that day, None
            for whichever
        """
        kind, first, last = self._get_migration_scope(filters)
        before, after = (
            figure.get(name) if isinstance(figure, dict) else None
            for name in ("before", "after")
        )
        domain = self._get_customer_domain(filters)
        domain &= self._get_state_domain(kind, first, before, last, after)
        return {
            "type": "ir.actions.act_window",
            "name": self._get_migration_name(kind, filters, before, after),
            "res_model": "crm.customer",
            "views": [
                [self.env.ref("crm_loyalty.crm_customer_class_view_list").id, "list"],
                [False, "form"],
            ],
            "domain": list(domain),
            # what is archived today was a customer then
            "context": {"active_test": False, "create": False},
            "target": "current",
        }

    @api.model
    def _get_migration_scope(self, filters):
        """Return the kind and the two days.

        :raise UserError: when one of them is missing, or the days are not in order
        """
        kind = filters.get("kind") or KINDS[0]
        try:
            first = fields.Date.to_date(filters.get("date_from"))
            last = fields.Date.to_date(filters.get("date_to"))
        except (TypeError, ValueError):
            first = last = None
        if not first or not last:
            raise UserError(self.env._("Choose the two dates of the matrix."))
        if first >= last:
            raise UserError(self.env._("The first date has to be before the second."))
        if kind not in KINDS:
            raise UserError(
                self.env._("There is no history of %(kind)s.", kind=str(kind))
            )
        return kind, first, last

    @api.model
    def _get_customer_domain(self, filters):
        company = self.env["crm.customer"]._get_pareto_company(
            int(filters.get("company_id") or 0)
        )
        domain = Domain("company_id", "=", company.id)
        for name in ("user_id", "team_id"):
            if filters.get(name):
                domain &= Domain(name, "=", int(filters[name]))
        return domain

    @api.model
    def _get_migration_domain(self, filters):
        domain = self._get_customer_domain(filters)
        customers = self.env["crm.customer"].with_context(active_test=False)
        return Domain("customer_id", "in", customers._search(domain))

    @api.model
    def _sql_on(self, day):
        """The condition that a row holds at the end of a day."""
        return SQL(
            "date_from <= %(day)s AND (date_to IS NULL OR date_to > %(day)s)", day=day
        )

    @api.model
    def _get_states(self, kind, used):
        """{code: name} in their order, those no longer offered last."""
        labels = dict(self._fields[kind]._description_selection(self.env))
        return {**labels, **{key: key for key in sorted(used - labels.keys())}}

    @api.model
    def _get_migration_kinds(self):
        return [
            {"name": kind, "label": self._fields[kind]._description_string(self.env)}
            for kind in KINDS
        ]

    @api.model
    def _get_state_domain(self, kind, first, before, last, after):
        domain = Domain.TRUE
        if before is not None:
            domain &= self._get_on_domain(kind, first, before)
        if after is not None:
            domain &= self._get_on_domain(kind, last, after)
        if not before and not after:  # nowhere is somebody counted who never had one
            domain &= Domain.OR(
                ~self._get_on_domain(kind, day, False) for day in (first, last)
            )
        return domain

    @api.model
    def _get_on_domain(self, kind, day, state):
        """The domain of customers with a state, or without any, at the end of a day."""
        text = fields.Date.to_string(day)
        held = (
            Domain("date_from", "<=", text)
            & (Domain("date_to", "=", False) | Domain("date_to", ">", text))
            & (Domain(kind, "=", state) if state else Domain(kind, "!=", False))
        )
        return Domain("loyalty_history_ids", "any" if state else "not any", held)

    @api.model
    def _get_migration_name(self, kind, filters, before, after):
        labels = {**self._get_states(kind, set()), False: self.env._("Not rated")}
        names = [labels.get(key, key) for key in (before, after) if key is not None]
        what = "".join(names) or self.env._("Customers")
        if len(names) > 1:
            what = self.env._("%(old)s → %(new)s", old=names[0], new=names[1])
        return self.env._(
            "%(what)s, %(first)s to %(last)s",
            what=what,
            first=filters["date_from"],
            last=filters["date_to"],
        )
