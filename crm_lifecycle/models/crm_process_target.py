from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import process as process_lib


class CrmProcess(models.Model):
    """A measurable target, and how near the last measurement came to it."""

    _inherit = "crm.process"

    target_name = fields.Char(
        "Measure", translate=True, tracking=True, help="What is counted."
    )
    target_unit = fields.Char("Unit", translate=True)
    target_direction = fields.Selection(
        [("up", "At least"), ("down", "At most")],
        "Target is",
        default="down",
        required=True,
        tracking=True,
    )
    target_value = fields.Float("Target", digits=(16, 2), tracking=True)
    measurement_ids = fields.One2many(
        "crm.process.measurement", "process_id", "Measurements"
    )
    current_value = fields.Float(
        "Last value", digits=(16, 2), compute="_compute_target_state", store=True
    )
    current_date = fields.Date(
        "Measured on", compute="_compute_target_state", store=True
    )
    target_state = fields.Selection(
        [
            ("none", "No target"),
            ("unmeasured", "Not measured yet"),
            ("met", "Met"),
            ("missed", "Missed"),
        ],
        "Target state",
        compute="_compute_target_state",
        store=True,
    )
    target_progress = fields.Float(
        "Progress (%)",
        compute="_compute_target_state",
        store=True,
        aggregator=None,  # a mean would count processes without target as 0
        digits=(5, 1),
    )

    @api.depends(
        "target_name",
        "target_direction",
        "target_value",
        "measurement_ids.value",
        "measurement_ids.date",
    )
    def _compute_target_state(self):
        for process in self:
            last = process.measurement_ids.sorted(lambda m: (m.date, m._origin.id))[-1:]
            process.current_value = last.value
            process.current_date = last.date
            process.target_progress = 0.0
            if not process.target_name:
                process.target_state = "none"
            elif not last:
                process.target_state = "unmeasured"
            else:
                terms = (process.target_direction, process.target_value, last.value)
                met = process_lib.is_met(*terms)
                process.target_state = "met" if met else "missed"
                process.target_progress = process_lib.progress(*terms)


class CrmProcessMeasurement(models.Model):
    """The value of a process's measure on a day."""

    _name = "crm.process.measurement"
    _description = "Measurement of a Process"
    _order = "date desc, id desc"
    _rec_name = "date"

    process_id = fields.Many2one(
        "crm.process", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="process_id.company_id", store=True, index=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    value = fields.Float(required=True, digits=(16, 2), aggregator="avg")
    note = fields.Char(help="How it was measured.")
    user_id = fields.Many2one(
        "res.users", "Measured by", default=lambda self: self.env.user
    )

    @api.constrains("date")
    def _check_date(self):
        limit = fields.Date.add(fields.Date.today(), days=1)  # somewhere it is tomorrow
        if any(measurement.date > limit for measurement in self):
            raise ValidationError(self.env._("A measurement cannot lie in the future."))
