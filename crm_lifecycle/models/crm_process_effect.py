from odoo import api, fields, models


class CrmProcessEffect(models.Model):
    """How much a process serves a goal of the company, judged with a reason."""

    _name = "crm.process.effect"
    _description = "Effect of a Process on a Goal"
    _order = "process_id, goal_id"
    _rec_name = "goal_id"

    process_id = fields.Many2one("crm.process", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="process_id.company_id", store=True, index=True
    )
    goal_id = fields.Many2one("crm.process.goal", required=True, ondelete="restrict")
    effect = fields.Selection(
        [("0", "None"), ("1", "Little"), ("2", "Clear"), ("3", "Decisive")],
        required=True,
        default="1",
    )
    reason = fields.Char(required=True)

    _goal_once = models.UniqueIndex(
        "(process_id, goal_id)", "The effect on this goal has been judged already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        effects = super().create(vals_list)
        effects.process_id._refresh_scores()
        return effects

    def write(self, vals):
        result = super().write(vals)
        self.process_id._refresh_scores()
        return result

    def unlink(self):
        processes = self.process_id
        result = super().unlink()
        processes._refresh_scores()
        return result
