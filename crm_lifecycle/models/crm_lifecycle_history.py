from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_COLUMNS = (
    "customer_id",
    "company_id",
    "stage_id",
    "date_from",
    "date_to",
    "rule_id",
    "user_id",
    "reason",
    "cause",
)


class CrmLifecycleHistory(models.Model):
    """Which stage a customer was in, from when to when, and why.

    The intervals of a customer follow each other without gap or overlap; the last
    one is open. They are written by the engine in the same step as the stage.

    The database sees to it, by B-tree indexes alone (an EXCLUDE constraint costs ten
    times as much and allows gaps): a stage that was left is followed by one that was
    entered at that moment (foreign key), no two of a customer begin or end together,
    one is open at most, and each lasts some time. So the followers of any interval
    lead to the one that is open, and no two have the same follower: it is one chain.
    """

    _name = "crm.lifecycle.history"
    _description = "Lifecycle History"
    _order = "date_from desc, id desc"
    _rec_name = "stage_id"

    # _begin_unique serves as its index
    customer_id = fields.Many2one(
        "crm.customer", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    stage_id = fields.Many2one(
        "crm.lifecycle.stage", required=True, ondelete="restrict", readonly=True
    )
    date_from = fields.Datetime("Entered", required=True, readonly=True)
    date_to = fields.Datetime("Left", readonly=True, help="Empty: still in the stage.")
    duration = fields.Float(
        "Days",
        compute="_compute_duration",
        search="_search_duration",
        aggregator="avg",
        help="Days in the stage; until now where the customer is still in it.",
    )
    cause = fields.Selection(
        [
            ("entry", "First contact"),
            ("rule", "Rule"),
            ("person", "Person"),
            ("merge", "Merged customers"),
            ("none", "No rule applies"),
        ],
        required=True,
        readonly=True,
        default="entry",
        help="What brought the customer into the stage: his first document, a rule, "
        "a person, the merging of two customers, or that no rule applies to him.",
    )
    rule_id = fields.Many2one("crm.lifecycle.rule", ondelete="set null", readonly=True)
    user_id = fields.Many2one("res.users", "Changed by", readonly=True)
    reason = fields.Char(readonly=True)

    _order_of_dates = models.Constraint(
        "CHECK (date_to > date_from)",
        "A stage cannot be left before it is entered.",
    )
    _begin_unique = models.UniqueIndex(
        "(customer_id, date_from)", "A customer is in one stage at a time."
    )
    _end_unique = models.UniqueIndex(
        "(customer_id, COALESCE(date_to, 'infinity'::timestamp))",
        "A customer is in one stage at a time.",
    )
    # Odoo takes a foreign key whose first column is customer_id for its own
    _no_gap = models.Constraint(
        "FOREIGN KEY (date_to, customer_id)"
        " REFERENCES crm_lifecycle_history (date_from, customer_id)"
        " DEFERRABLE INITIALLY DEFERRED",
        "The stages of a customer follow each other without a gap.",
    )
    _period_idx = models.Index("(stage_id, date_from, date_to)")

    @api.depends("date_from", "date_to")
    def _compute_duration(self):
        now = fields.Datetime.now()
        for interval in self:
            if not interval.date_from:
                interval.duration = 0.0
                continue
            spent = (interval.date_to or now) - interval.date_from
            interval.duration = spent.total_seconds() / 86400

    def _search_duration(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s %s", self._sql_duration(alias), SQL(operator), float(value)
            )
        )

    def init(self):
        """Let the database know the cause of an interval that names none."""
        self.env.cr.execute(
            SQL("ALTER TABLE crm_lifecycle_history ALTER cause SET DEFAULT 'entry'")
        )

    def _init_column(self, column_name):
        """Tell the cause of intervals from before there was that column."""
        if column_name == "cause":
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE crm_lifecycle_history
                       SET cause = CASE WHEN rule_id IS NOT NULL THEN 'rule'
                                        WHEN user_id IS NOT NULL THEN 'person'
                                        ELSE 'entry' END
                     WHERE cause IS NULL
                    """
                )
            )
            return
        super()._init_column(column_name)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let the database add up and sort durations."""
        if field_expr == "duration":
            return self._sql_duration(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _sql_duration(self, alias):
        return SQL(
            "(EXTRACT(EPOCH FROM COALESCE(%s, now() AT TIME ZONE 'UTC') - %s) / 86400)",
            SQL.identifier(alias, "date_to"),
            SQL.identifier(alias, "date_from"),
        )

    @api.model
    def _record_moves(self, moves):
        """Close the open intervals and open new ones.

        :param moves: SQL of a SELECT with customer_id, company_id, stage_id,
            date_from, rule_id, user_id, reason: one row per customer that changed.

        An interval that would have lasted no time at all is replaced: the customer
        came straight into the next stage.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH moves AS MATERIALIZED (%(moves)s),
                replaced AS (
                    DELETE FROM crm_lifecycle_history h USING moves m
                     WHERE h.customer_id = m.customer_id AND h.date_to IS NULL
                       AND h.date_from >= m.date_from
                    RETURNING h.customer_id, h.date_from
                ), closed AS (
                    UPDATE crm_lifecycle_history h
                       SET date_to = m.date_from, write_uid = %(uid)s,
                           write_date = now() AT TIME ZONE 'UTC'
                      FROM moves m
                     WHERE h.customer_id = m.customer_id AND h.date_to IS NULL
                       AND h.date_from < m.date_from
                    RETURNING h.customer_id
                )
                INSERT INTO crm_lifecycle_history (
                    %(columns)s, create_uid, write_uid, create_date, write_date)
                SELECT m.customer_id, m.company_id, m.stage_id,
                       COALESCE(replaced.date_from, m.date_from), NULL,
                       m.rule_id, m.user_id, m.reason,
                       CASE WHEN m.rule_id IS NOT NULL THEN 'rule'
                            WHEN m.user_id IS NOT NULL THEN 'person'
                            WHEN closed.customer_id IS NOT NULL THEN 'none'
                            ELSE 'entry' END,
                       %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM moves m
                  LEFT JOIN replaced ON replaced.customer_id = m.customer_id
                  LEFT JOIN closed ON closed.customer_id = m.customer_id
                """,
                moves=moves,
                uid=self.env.uid,
                columns=SQL(", ").join(map(SQL.identifier, _COLUMNS)),
            )
        )
        self.invalidate_model()

    @api.model
    def _insert_intervals(self, rows):
        """Insert whole histories of customers who have none yet.

        :param rows: SQL of a SELECT with customer_id, company_id, stage_id,
            date_from, date_to, rule_id, user_id, reason. The intervals of a customer
            follow each other and the last one is open, else the commit is refused;
            those that last no time are left out.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lifecycle_history (
                    %(columns)s, create_uid, write_uid, create_date, write_date)
                SELECT r.customer_id, r.company_id, r.stage_id, r.date_from, r.date_to,
                       r.rule_id, r.user_id, r.reason,
                       CASE WHEN r.rule_id IS NOT NULL THEN 'rule'
                            WHEN r.user_id IS NOT NULL THEN 'person'
                            WHEN lag(1) OVER (PARTITION BY r.customer_id
                                              ORDER BY r.date_from) = 1 THEN 'none'
                            ELSE 'entry' END,
                       %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (%(rows)s) r
                 WHERE r.date_to IS NULL OR r.date_to > r.date_from
                """,
                rows=rows,
                uid=self.env.uid,
                columns=SQL(", ").join(map(SQL.identifier, _COLUMNS)),
            )
        )
        self.invalidate_model()
