from odoo import api, fields, models

from ..lib import workbook
from .crm_kpi_value import STATUSES

# The status of an objective is the first of these that one of its KPIs has.
WORST_FIRST = ("off_track", "at_risk", "on_track", "no_data", "no_target")


class CrmStrategyObjective(models.Model):
    _name = "crm.strategy.objective"
    _description = "Strategic Objective"
    _order = "strategy_id, sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    strategy_id = fields.Many2one(
        "crm.strategy",
        required=True,
        ondelete="cascade",
        index=True,
        help="The strategy that this objective serves.",
    )
    company_id = fields.Many2one(
        related="strategy_id.company_id", store=True, index=True
    )
    name = fields.Char(
        required=True, help="What is to be reached, as a result and not an activity."
    )
    perspective = fields.Selection(
        [
            ("financial", "Financial"),
            ("customer", "Customers"),
            ("process", "Internal Processes"),
            ("learning", "Learning and Growth"),
        ],
        required=True,
        default="customer",
        help="Learning and growth make processes better, these serve customers better,"
        " and that shows in the finances.",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Who answers for this objective.",
    )
    weight = fields.Float(
        default=25.0,
        help="Share of this objective in the strategy, in percent.",
    )
    description = fields.Text(
        help="What the objective means, and how to tell that it is reached."
    )
    kpi_ids = fields.Many2many(
        "crm.kpi",
        "crm_kpi_objective_rel",
        "objective_id",
        "kpi_id",
        string="KPIs",
        check_company=True,
        help="The indicators by which this objective is judged.",
    )
    status = fields.Selection(
        STATUSES,
        compute="_compute_status",
        help="The worst status among the KPIs of this objective.",
    )

    _weight_check = models.Constraint(
        "CHECK(weight >= 0 AND weight <= 100)",
        "The weight of an objective lies between 0 and 100 percent.",
    )

    @api.depends("kpi_ids.status")
    @api.depends_context("company", "uid")
    def _compute_status(self):
        for objective in self:
            found = set(objective.kpi_ids.mapped("status"))
            objective.status = next(
                (status for status in WORST_FIRST if status in found), "no_data"
            )

    def _prepare_report_line(self, kpi, months, values):
        """Return the workbook's line for `kpi` under this objective.

        `values`: {(KPI, first day of period): crm.kpi.value}.
        """
        labels = dict(self._fields["status"]._description_selection(self.env))
        empty = self.env["crm.kpi.value"]
        points = [values.get((kpi, month.start), empty) for month in months]
        return workbook.Line(
            name=kpi.name,
            objective=self.name,
            unit=kpi.unit or self.company_id.currency_id.name,
            number_format=kpi._number_format(),
            divisor=kpi._scale(),
            is_range=kpi.direction == "range",
            points=[value._prepare_point(labels) for value in points],
        )
