from odoo import api, fields, models
from odoo.tools import SQL


class CrmLifecycleHistory(models.Model):
    """Which stage a customer was in, from when to when, and why.

    The intervals of a customer follow each other without gap or overlap; the last
    one is open. They are written by the engine in the same step as the stage.
    """

    _name = "crm.lifecycle.history"
    _description = "Lifecycle History"
    _order = "date_from desc, id desc"
    _rec_name = "stage_id"

    customer_id = fields.Many2one(
        "crm.customer", required=True, index=True, ondelete="cascade", readonly=True
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
        "Days", compute="_compute_duration", help="Until now for the open interval."
    )
    rule_id = fields.Many2one("crm.lifecycle.rule", ondelete="set null", readonly=True)
    user_id = fields.Many2one("res.users", "Changed by", readonly=True)
    reason = fields.Char(readonly=True)

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(customer_id, customer_id, '[]') WITH =, "
        "tsrange(date_from, date_to) WITH &&)",
        "A customer is in one stage at a time.",
    )
    _order_of_dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A stage cannot be left before it is entered.",
    )
    _one_open = models.UniqueIndex("(customer_id) WHERE date_to IS NULL")

    @api.depends("date_from", "date_to")
    def _compute_duration(self):
        now = fields.Datetime.now()
        for interval in self:
            if not interval.date_from:
                interval.duration = 0.0
                continue
            spent = (interval.date_to or now) - interval.date_from
            interval.duration = spent.total_seconds() / 86400

    @api.model
    def _record_moves(self, moves):
        """Close the open intervals and open new ones.

        :param moves: SQL of a SELECT with customer_id, company_id, stage_id,
            date_from, rule_id, user_id, reason: one row per customer that changed.

        An entry interval (no rule, no person) that lasted no time at all is dropped:
        the customer came straight into the next stage.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH moves AS MATERIALIZED (%s),
                dropped AS (
                    DELETE FROM crm_lifecycle_history h USING moves m
                     WHERE h.customer_id = m.customer_id AND h.date_to IS NULL
                       AND h.date_from = m.date_from
                       AND h.rule_id IS NULL AND h.user_id IS NULL
                )
                UPDATE crm_lifecycle_history h
                   SET date_to = m.date_from, write_uid = %s, write_date = now_utc.t
                  FROM moves m, (SELECT now() AT TIME ZONE 'UTC' AS t) now_utc
                 WHERE h.customer_id = m.customer_id AND h.date_to IS NULL
                   AND NOT (h.date_from = m.date_from
                            AND h.rule_id IS NULL AND h.user_id IS NULL)
                """,
                moves,
                self.env.uid,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lifecycle_history (
                    customer_id, company_id, stage_id, date_from, rule_id, user_id,
                    reason, create_uid, write_uid, create_date, write_date)
                SELECT m.customer_id, m.company_id, m.stage_id, m.date_from,
                       m.rule_id, m.user_id, m.reason, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (%(moves)s) m
                """,
                moves=moves,
                uid=self.env.uid,
            )
        )
        self.invalidate_model()
