from odoo import fields, models
from odoo.fields import Domain


class CrmProcessGoal(models.Model):
    """A goal of the relationship with customers that processes have an effect on."""

    _name = "crm.process.goal"
    _description = "Goal of Processes"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    weight = fields.Float(
        required=True,
        default=1.0,
        help="How much the goal counts beside the others.",
    )
    description = fields.Text(translate=True)

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "The weight of a goal has to be above zero."
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"weight", "active"}:
            # figures of every company that uses the goal
            self.env["crm.process"].sudo().search(Domain.TRUE)._refresh_scores()
        return result
