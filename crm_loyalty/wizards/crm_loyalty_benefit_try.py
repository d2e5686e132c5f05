from odoo import Command, api, fields, models

VERBS = {
    "give": "gets it",
    "block": "is held back: set by hand",
    "resume": "keeps it: the class is back",
    "lose": "loses it after the time of grace",
    "take": "loses it now",
    "let": "is left alone: changed by hand",
}


class CrmLoyaltyBenefitTry(models.TransientModel):
    """What a benefit would do if it ran now; nothing is written."""

    _name = "crm.loyalty.benefit.try"
    _description = "Dry Run of a Benefit"

    benefit_id = fields.Many2one("crm.loyalty.benefit", required=True)
    line_ids = fields.One2many("crm.loyalty.benefit.try.line", "try_id")
    give_count = fields.Integer("Would Get It", compute="_compute_counts")
    block_count = fields.Integer("Held Back", compute="_compute_counts")

    @api.depends("line_ids.verb")
    def _compute_counts(self):
        for wizard in self:
            for verb in ("give", "block"):
                lines = wizard.line_ids.filtered(lambda line, v=verb: line.verb == v)
                wizard[f"{verb}_count"] = len(lines.customer_id)

    @api.model
    def _open(self, benefit):
        """Return the action that shows the plan of a benefit."""
        # the plan reads contacts' terms, which a loyalty manager may not see alone
        Grant = self.env["crm.loyalty.grant"].sudo().with_company(benefit.company_id)
        steps = [
            step
            for step in Grant._plan(benefit.company_id, trial=benefit)
            if step[2] == benefit
        ]
        texts = Grant._get_texts(steps)
        wizard = self.create(
            {
                "benefit_id": benefit.id,
                "line_ids": [
                    Command.create(
                        {
                            "customer_id": customer.id,
                            "item": key,
                            "verb": step.verb,
                            "before": texts[key, step.old],
                            "after": texts[key, step.value],
                        }
                    )
                    for key, customer, _benefit, _grant, step in steps
                ]
                + [
                    Command.create(
                        {
                            "customer_id": customer.id,
                            "item": key,
                            "verb": "give",
                            "after": gift.display_name,
                        }
                    )
                    for key, gift, customers in Grant._plan_once(benefit)
                    for customer in customers
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What %(benefit)s would do", benefit=benefit.name),
            "res_model": self._name,
            "view_mode": "form",
            "res_id": wizard.id,
            "target": "new",
        }

    def action_start(self):
        """Let the benefit run."""
        self.ensure_one()
        self.benefit_id.action_start()
        return {"type": "ir.actions.act_window_close"}


class CrmLoyaltyBenefitTryLine(models.TransientModel):
    _name = "crm.loyalty.benefit.try.line"
    _description = "Step of a Dry Run"

    try_id = fields.Many2one("crm.loyalty.benefit.try", ondelete="cascade")
    customer_id = fields.Many2one("crm.customer", ondelete="cascade")
    item = fields.Selection(
        lambda self: self.env["crm.loyalty.grant"]._fields["item"].selection, "What"
    )
    verb = fields.Selection(list(VERBS.items()), "Would Happen")
    before = fields.Char()
    after = fields.Char()
