from odoo import Command, api, fields, models
from odoo.tools import SQL

SHOWN = 200
"""Customers that the list of a trial shows of each kind."""


class CrmLifecycleRuleTry(models.TransientModel):
    """What would happen if a rule were switched on, told without doing it.

    Both the rules as they are and the rules with this one judge the present facts of
    all customers of the companies that the rule concerns; those whom the two want in
    different stages are counted. So the count holds what the rule does through other
    rules, too: one that stands first takes customers from those below it, and the
    first rule of a company's own ends the shared ones there.
    """

    _name = "crm.lifecycle.rule.try"
    _description = "Trial of a Lifecycle Rule"

    rule_id = fields.Many2one("crm.lifecycle.rule", required=True, ondelete="cascade")
    line_ids = fields.One2many("crm.lifecycle.rule.try.line", "try_id", readonly=True)
    moved_count = fields.Integer("Would move", readonly=True)
    pinned_count = fields.Integer(
        "Stay, set by hand", readonly=True, help="Rules leave them alone."
    )
    held_count = fields.Integer(
        "Wait", readonly=True, help="They have only just come from there; see the hold."
    )
    customer_ids = fields.Many2many(
        "crm.customer", string="Customers who would move", readonly=True
    )
    pinned_ids = fields.Many2many(
        "crm.customer",
        "crm_lifecycle_rule_try_pinned_rel",
        string="Customers who stay",
        readonly=True,
    )
    is_first_own = fields.Boolean(
        readonly=True, help="The company's shared rules would end."
    )
    is_active = fields.Boolean(related="rule_id.active", string="Switched on")

    @api.model_create_multi
    def create(self, vals_list):
        trials = super().create(vals_list)
        for trial in trials:
            trial._run()
        return trials

    def action_switch_on(self):
        """Switch the tried rule on."""
        self.rule_id.action_switch_on()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _run(self):
        """Judge all customers and keep the outcome on this trial."""
        self.env.flush_all()
        companies = self._get_companies()
        # all are counted; whom the manager may not see is not listed
        self.env["crm.customer"].sudo()._try_rule(self.rule_id, companies.ids)
        lines = self.env.execute_query(
            SQL(
                """
                SELECT kind, old_stage_id, wanted, count(*) FROM crm_customer_trial
                 GROUP BY 1, 2, 3 ORDER BY 4 DESC, 2, 3
                """
            )
        )
        total = {"move": 0, "pinned": 0, "held": 0}
        for kind, _old, _new, count in lines:
            total[kind] += count
        self.write(
            {
                "moved_count": total["move"],
                "pinned_count": total["pinned"],
                "held_count": total["held"],
                "customer_ids": [Command.set(self._get_shown("move"))],
                "pinned_ids": [Command.set(self._get_shown("pinned"))],
                "is_first_own": self._is_first_own(),
                "line_ids": [
                    Command.create(
                        {"from_stage_id": old, "to_stage_id": new, "count": count}
                    )
                    for kind, old, new, count in lines
                    if kind == "move"
                ],
            }
        )

    def _get_companies(self):
        """Return the companies of the manager that the rule concerns."""
        roots = self.env.companies.sudo().root_id  # a branch user lacks the root
        if self.rule_id.company_id:
            return roots & self.rule_id.sudo().company_id
        Rule = self.env["crm.lifecycle.rule"].sudo()  # which companies have own rules
        own = Rule.search([("company_id", "in", roots.ids)]).company_id
        return roots - own

    def _is_first_own(self):
        company = self.rule_id.company_id
        if not company or self.rule_id.active:
            return False
        return not self.env["crm.lifecycle.rule"].search_count(
            [("company_id", "=", company.id)]
        )

    def _get_shown(self, kind):
        """Return the first customers of a kind whom the user may see, as ids."""
        rows = self.env.execute_query(
            SQL(
                "SELECT customer_id FROM crm_customer_trial WHERE kind = %s"
                " ORDER BY customer_id LIMIT %s",
                kind,
                SHOWN,
            )
        )
        Customer = self.env["crm.customer"].with_context(active_test=False)
        return Customer.search([("id", "in", [row[0] for row in rows])]).ids


class CrmLifecycleRuleTryLine(models.TransientModel):
    _name = "crm.lifecycle.rule.try.line"
    _description = "Moves that a Trial Counted"

    try_id = fields.Many2one(
        "crm.lifecycle.rule.try", required=True, ondelete="cascade"
    )
    from_stage_id = fields.Many2one("crm.lifecycle.stage", "From")
    to_stage_id = fields.Many2one("crm.lifecycle.stage", "To")
    count = fields.Integer("Customers", aggregator="sum")


class CrmCustomer(models.Model):
    _inherit = "crm.customer"

    @api.model
    def _try_rule(self, rule, company_ids):
        """Fill the temporary table crm_customer_trial with whom a rule would move.

        Nothing else is written. Its columns: customer_id, old_stage_id (today), wanted
        (the stage), kind: move, pinned or held. A rule that is on is tried against the
        rules without it.
        """
        engine = self._at_one_moment()
        Rule = self.env["crm.lifecycle.rule"]
        after, before = (
            engine._sql_outcomes(Rule._get_rule_sets(company_ids, **how))
            for how in ({"draft": rule}, {"without": rule})
        )
        self.env.cr.execute("DROP TABLE IF EXISTS crm_customer_trial")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_customer_trial AS
                SELECT customer.id AS customer_id,
                       customer.stage_id AS old_stage_id, after.wanted,
                       CASE WHEN customer.stage_pinned THEN 'pinned'
                            WHEN after.held THEN 'held' ELSE 'move' END AS kind
                  FROM (%s) after
                  LEFT JOIN (%s) before ON before.customer_id = after.customer_id
                  JOIN crm_customer customer ON customer.id = after.customer_id
                 WHERE after.wanted IS DISTINCT FROM before.wanted
                """,
                after,
                before,
            )
        )

    @api.model
    def _sql_outcomes(self, rule_sets):
        """Return the SELECT of who is wanted elsewhere, pinned ones too."""
        everybody = self._get_scope(None)
        verdicts = [
            SQL(
                "SELECT customer_id, wanted, held FROM (%s) verdict",
                self._sql_verdict(rules, company_ids, everybody, judge_pinned=True),
            )
            for company_ids, rules in rule_sets
        ]
        nobody = SQL(
            "SELECT NULL::int AS customer_id, NULL::int AS wanted, FALSE AS held"
        )
        return SQL(" UNION ALL ").join([*verdicts, SQL("%s WHERE FALSE", nobody)])
