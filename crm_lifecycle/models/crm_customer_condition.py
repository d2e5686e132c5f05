from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.conditions import Elapsed, Leaf, leaves, parse_offset, turning_days


class CrmCustomerCondition(models.AbstractModel):
    """Conditions of rules as SQL, as of any day.

    One translation for the living and for the past: it speaks of a row that is called
    crm_customer and of a day. For the living these are the table and today; for the
    past a row with the facts of some day, and that day. What is no fact of documents
    (a contact's country, the accountable person) has the same value on all days.
    Every comparison is true or not: one with a fact that is not known is not.
    """

    _name = "crm.customer.condition"
    _description = "Customer Conditions"

    @api.model
    def _sql_node(self, node, day):
        """Return the SQL condition that a tree of lib/conditions.py means.

        :param day: SQL of the date as of which relative dates count
        """
        if isinstance(node, Elapsed):
            return self._sql_elapsed(node, day)
        if isinstance(node, Leaf):
            return self._sql_leaf(node, day)
        items = [self._sql_node(item, day) for item in node.items]
        if node.connective == "!":
            return SQL("(%s) IS NOT TRUE", *items)
        if not items:
            return SQL("TRUE") if node.connective == "&" else SQL("FALSE")
        return SQL(
            "(%s)", SQL(" AND " if node.connective == "&" else " OR ").join(items)
        )

    @api.model
    def _sql_leaf(self, leaf, day):
        offset = self._get_offset(leaf)
        if offset is None:
            return self._sql_condition(Domain([tuple(leaf)]))
        column = SQL.identifier("crm_customer", leaf.path)
        limit = SQL(
            "(%s::date + make_interval(months => %s, days => %s))::date",
            day,
            offset.months,
            offset.days,
        )
        if leaf.operator == "!=":
            return SQL("%s IS DISTINCT FROM %s", column, limit)
        return SQL("%s %s %s", column, SQL(leaf.operator), limit)

    @api.model
    def _get_offset(self, leaf):
        """Return the relative date that a leaf compares a date with, or None."""
        field = self._fields.get(leaf.path)
        return parse_offset(leaf.value) if field and field.type == "date" else None

    @api.model
    def _sql_elapsed(self, node, day):
        latest = self._sql_latest(node.columns)
        if node.silent:
            return SQL("%s <= %s::date - %s", latest, day, node.days)
        if not node.days:
            return SQL("%s IS NOT NULL", latest)
        return SQL("%s > %s::date - %s", latest, day, node.days)

    @api.model
    def _sql_latest(self, columns):
        """Return the latest of some dates of the row; those not known do not count."""
        names = [SQL.identifier("crm_customer", name) for name in columns]
        return SQL("GREATEST(%s)", SQL(", ").join(names))

    @api.model
    def _sql_condition(self, domain):
        """Return the SQL condition on crm_customer that a checked domain means."""
        # compiled for the engine, which judges every customer
        query = self.sudo()._search(domain, active_test=False)
        if query.from_clause == SQL.identifier(self._table):
            return query.where_clause or SQL("TRUE")
        return SQL("crm_customer.id IN %s", query.subselect())

    @api.model
    def _sql_turning_days(self, node):
        """Return SQL of the days on which a tree may turn without any document."""
        days = []
        for leaf in leaves(node):
            if isinstance(leaf, Elapsed):
                days.append(SQL("%s + %s", self._sql_latest(leaf.columns), leaf.days))
            elif offset := self._get_offset(leaf):
                days += [
                    SQL(
                        "(%s - %s + make_interval(months => %s))::date + %s",
                        SQL.identifier("crm_customer", leaf.path),
                        offset.days,
                        -offset.months,
                        later,
                    )
                    for later in turning_days(offset)
                ]
        return days
