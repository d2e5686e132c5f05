from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.assessment import Target
from ..lib.periods import month_of


class CrmKpiTarget(models.Model):
    """What a KPI shall reach in one month of one company."""

    _name = "crm.kpi.target"
    _description = "KPI Target"
    _order = "period_start desc, id desc"
    _rec_name = "kpi_id"
    _check_company_auto = True

    kpi_id = fields.Many2one(
        "crm.kpi",
        string="KPI",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
        help="The KPI that shall reach this.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The company for which this target holds.",
    )
    period_start = fields.Date(
        string="Month",
        required=True,
        default=fields.Date.context_today,
        help="Any day of the month; it is stored as the first.",
    )
    period_end = fields.Date(compute="_compute_period_end", store=True, precompute=True)
    target = fields.Float(
        required=True,
        help="What is to be reached, in the unit of the KPI (percent as 95, not 0.95)."
        " For a range this is its lower limit.",
    )
    upper_limit = fields.Float(help="The upper limit of a range; else unused.")
    direction = fields.Selection(related="kpi_id.direction")

    _cell_unique = models.UniqueIndex(
        "(kpi_id, company_id, period_start, period_end)",
        "This KPI has a target for this month already.",
    )

    @api.depends("kpi_id")
    def _compute_company_id(self):
        for target in self:
            target.company_id = (
                target.kpi_id.company_id or target.company_id or self.env.company
            )

    @api.depends("period_start")
    def _compute_period_end(self):
        for target in self:
            start = target.period_start
            target.period_end = month_of(start).end if start else False

    @api.constrains("target", "upper_limit", "kpi_id")
    def _check_range(self):
        for target in self:
            if target.direction == "range" and target.upper_limit < target.target:
                raise ValidationError(
                    self.env._(
                        "The upper limit of %(kpi)s lies below its lower limit.",
                        kpi=target.kpi_id.display_name,
                    )
                )

    @api.depends("kpi_id", "period_start")
    def _compute_display_name(self):
        for target in self:
            month = target.period_start
            target.display_name = f"{target.kpi_id.name} {month:%Y-%m}" if month else ""

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create([self._normalized(vals) for vals in vals_list])
        targets._get_values()._judge()
        return targets

    def write(self, vals):
        before = self._get_values()
        result = super().write(self._normalized(vals))
        (before | self._get_values())._judge()
        return result

    def unlink(self):
        values = self._get_values()
        result = super().unlink()
        values._judge()
        return result

    @api.model
    def _normalized(self, vals):
        """Return `vals` with the month's first day for any day of it."""
        if not vals.get("period_start"):
            return vals
        day = fields.Date.to_date(vals["period_start"])
        return {**vals, "period_start": month_of(day).start}

    def _get_values(self):
        """Return the values that these targets judge, whoever asks."""
        # The figures must follow their target even where the editor sees no figure.
        values = self.env["crm.kpi.value"].sudo()
        if not self:
            return values
        cells = {
            (target.kpi_id.id, target.company_id.id, target.period_start)
            for target in self
        }
        return values.search(
            [
                ("kpi_id", "in", self.kpi_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("period_start", "in", self.mapped("period_start")),
            ]
        ).filtered(
            lambda value: (
                (value.kpi_id.id, value.company_id.id, value.period_start) in cells
            )
        )

    def _as_target(self):
        """Return this record as the pure value that `assess` takes."""
        self.ensure_one()
        upper = self.upper_limit if self.direction == "range" else None
        return Target(self.target, upper)
