from contextlib import contextmanager
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date, mute_logger
from odoo.tools.misc import formatLang

from . import valuation_sql
from .crm_loyalty_policy_profit import NEEDS_PROFIT

DIMENSIONS = ("abc_class", "rfm_segment", "loyalty_type", "churn_band")
# settings that the forecast depends on; without a change of them it is not made anew
VALUE_SETTINGS = {
    "date_as_of",
    "value_enabled",
    "value_model",
    "horizon",
    "horizon_unit",
    "min_customers",
    "assumed_retention",
}
SHARES = {
    "cut_a",
    "cut_b",
    "type_alive",
    "type_wallet",
    "type_competitor",
    "value_margin",
    "discount_rate",
    "assumed_retention",
    "churn_medium",
    "churn_high",
    "financing_rate",
}
BEFORE, AFTER = (SQL.identifier(f"crm_loyalty_{name}") for name in ("before", "after"))
MOVERS = 1000  # named in a preview


class CrmLoyaltyPolicy(models.Model):
    """Whom a change of the policy would move, before it is saved.

    The change is written within a savepoint, so that the same checks and the same
    statements as in a run apply; ratings go to temporary tables, and everything is
    rolled back before the answer is given.
    """

    _inherit = "crm.loyalty.policy"

    def action_preview(self, changes):
        """Open a preview of changes that are not saved.

        :param changes: values as for ``write``
        """
        self.ensure_one()
        if not self.env.user.has_group("crm_loyalty.group_manager"):
            raise AccessError(
                self.env._("Only loyalty managers can preview the policy.")
            )
        self.check_access("write")
        changes = self._get_real_changes(changes)
        if not changes:
            raise UserError(
                self.env._(
                    "Change a setting first, and do not save it: the preview shows "
                    "whom the change would move."
                )
            )
        result = self._preview(changes)
        return self.env["crm.loyalty.preview"]._open(self, changes, result)

    def _get_real_changes(self, changes):
        """The changes that differ from what is saved."""
        unknown = set(changes) - set(self._fields)
        if unknown or {"company_id", "run_ids"} & set(changes):
            raise UserError(self.env._("These are no settings that can be previewed."))
        draft = self.new(changes, origin=self)
        return {
            name: value
            for name, value in changes.items()
            if self._fields[name].type in ("one2many", "many2many")
            or self._describe(draft, name) != self._describe(self, name)
            or draft[name] != self[name]
        }

    def _describe(self, policy, name):
        """The value of a setting in words."""
        field = self._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(policy[name], "")
        if field.type == "boolean":
            return self.env._("Yes") if policy[name] else self.env._("No")
        if field.type in ("one2many", "many2many"):
            return self.env._("%(count)s rows", count=len(policy[name]))
        if name in SHARES:
            return f"{formatLang(self.env, 100 * policy[name], digits=1)} %"
        if field.type == "date":
            return format_date(self.env, policy[name]) or self.env._("Today")
        return str(field.convert_to_export(policy[name], policy))

    # Trying

    def _preview(self, changes):
        """What would move, nothing of which is written.

        :return: {"customers", "moved", "settings": rows (label, before, after, moved
            by this one alone or None where it makes no sense alone), "matrices": pairs
            (dimension, rows (before, after, customers)), "movers": rows}
        """
        policy = self.with_context(
            loyalty_preview=True, loyalty_values=bool(VALUE_SETTINGS & set(changes))
        )
        draft = self.new(changes, origin=self)
        described = {
            name: (
                self._fields[name]._description_string(self.env),
                self._describe(self, name),
                self._describe(draft, name),
            )
            for name in changes
        }
        policy._make_standings(BEFORE)
        with policy._trying(changes):
            policy._make_standings(AFTER)
            result = {
                **policy._count_moved(),
                "matrices": [[name, policy._get_matrix(name)] for name in DIMENSIONS],
                "movers": policy._get_movers(),
            }
        result["settings"] = [
            (
                *words,
                policy._count_moved_alone({name: changes[name]})
                if len(changes) > 1
                else result["moved"],
            )
            for name, words in described.items()
        ]
        return result

    @contextmanager
    def _trying(self, changes):
        """Within, the changes hold; afterwards nothing has happened."""
        with self.env.cr.savepoint() as savepoint:
            try:
                self.write(changes)
                self.flush_recordset()
                yield
            finally:
                savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def _count_moved_alone(self, changes):
        """Customers moved by one of several changes, None if it is refused alone."""
        try:
            with mute_logger("odoo.sql_db"), self._trying(changes):
                self._make_standings(AFTER)
                return self._count_moved()["moved"]
        except (ValidationError, IntegrityError):
            return None

    def _is_profit_needed(self):
        if self.env.context.get("loyalty_preview"):
            return self.measure in NEEDS_PROFIT  # nothing else of it moves anybody
        return super()._is_profit_needed()

    def _make_standings(self, table):
        """Fill a temporary table: id and the `DIMENSIONS` by the policy as it is."""
        self.env.flush_all()
        as_of = self.date_as_of or fields.Date.context_today(self)
        self._rate(as_of)
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(table)s ON COMMIT DROP AS
                SELECT customer.id, rating.rated_revenue,
                       rating.abc_class::varchar, rating.rfm_segment::varchar,
                       typed.loyalty_type::varchar,
                       CASE WHEN risk.churn_risk >= %(high)s THEN 'high'
                            WHEN risk.churn_risk >= %(medium)s THEN 'medium'
                            WHEN risk.churn_risk IS NOT NULL THEN 'low'
                        END::varchar AS churn_band
                  FROM crm_customer customer
             LEFT JOIN crm_loyalty_rating rating ON rating.id = customer.id
             LEFT JOIN (%(types)s) typed ON typed.id = customer.id
             LEFT JOIN (%(risks)s) risk ON risk.id = customer.id
                 WHERE customer.company_id = %(company)s
                """,
                table=table,
                high=Decimal(str(self.churn_high)),
                medium=Decimal(str(self.churn_medium)),
                types=self._query_types(as_of),
                risks=self._query_risks(as_of),
                company=self.company_id.id,
            )
        )

    def _query_risks(self, as_of):
        """SQL of (id, churn_risk): estimated anew only where a change asks for it."""
        if not self.env.context.get("loyalty_values"):
            return SQL(
                "SELECT id, churn_risk::numeric FROM crm_customer"
                " WHERE value_method IS NOT NULL"
            )
        # sudo: the engine's tables and parameters
        engine = self.sudo()
        run = engine.env["crm.loyalty.run"].new(
            {"date_as_of": as_of, "policy_id": self.id}
        )
        engine._make_behaviour(run)
        valuation_sql.make_score_table(self.env.cr)
        if self.value_enabled:
            engine._estimate(run)
        return SQL(
            "SELECT id, ROUND(churn_risk::numeric, 4) AS churn_risk"
            " FROM crm_loyalty_score"
        )

    # Reading

    def _sql_moved(self):
        names = SQL(", ").join(SQL.identifier("old", name) for name in DIMENSIONS)
        now = SQL(", ").join(SQL.identifier("now", name) for name in DIMENSIONS)
        return SQL("(%s) IS DISTINCT FROM (%s)", names, now)

    def _count_moved(self):
        [(customers, moved)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*), COUNT(*) FILTER (WHERE %s)"
                "  FROM %s old JOIN %s now USING (id)",
                self._sql_moved(),
                BEFORE,
                AFTER,
            )
        )
        return {"customers": customers, "moved": moved}

    def _get_matrix(self, name):
        """Rows (state before, state after, customers), of those with any."""
        return self.env.execute_query(
            SQL(
                """
                SELECT old.%(name)s, now.%(name)s, COUNT(*)
                  FROM %(before)s old JOIN %(after)s now USING (id)
                 WHERE COALESCE(old.%(name)s, now.%(name)s) IS NOT NULL
              GROUP BY 1, 2
                """,
                name=SQL.identifier(name),
                before=BEFORE,
                after=AFTER,
            )
        )

    def _get_movers(self):
        """The first `MOVERS` of those who move, the best first."""
        columns = SQL(", ").join(
            SQL(
                "%s AS %s, %s AS %s",
                SQL.identifier("old", name),
                SQL.identifier(f"{name}_before"),
                SQL.identifier("now", name),
                SQL.identifier(f"{name}_after"),
            )
            for name in DIMENSIONS
        )
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id AS customer_id, %s
                  FROM %s old JOIN %s now USING (id)
                 WHERE %s
              ORDER BY GREATEST(old.rated_revenue, now.rated_revenue) DESC NULLS LAST,
                       id
                 LIMIT %s
                """,
                columns,
                BEFORE,
                AFTER,
                self._sql_moved(),
                MOVERS,
            )
        )
