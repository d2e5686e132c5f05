import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ..lib.assessment import THRESHOLD_AT_RISK, THRESHOLD_ON_TRACK
from ..lib.figures import PERCENT
from ..lib.periods import months_back
from .crm_kpi_value import STATUSES
from .measures.base import MEASURES

# The months that a line on the screen shows before the running one.
MONTHS_SHOWN = 12

JUDGING_FIELDS = {"direction", "threshold_on_track", "threshold_at_risk"}


class CrmKpi(models.Model):
    """An indicator: what is measured, where it should go, and how it stands now."""

    _name = "crm.kpi"
    _description = "Key Performance Indicator"
    _inherit = ["mail.thread"]
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True,
        translate=True,
        tracking=True,
        help="What people call the figure.",
    )
    code = fields.Char(
        required=True,
        copy=False,
        help="A short name without spaces, such as REVENUE; other software and formulas"
        " know the KPI by it.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: measured for every company, each with its own figures.",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="Who answers for this figure.",
    )
    measure = fields.Selection(
        "_selection_measure",
        required=True,
        help="How the figure is counted; the definition below says it in full.",
    )
    definition = fields.Text(
        compute="_compute_definition",
        help="What counts, what does not, and where it is read.",
    )
    unit = fields.Char(
        compute="_compute_from_measure",
        store=True,
        readonly=False,
        precompute=True,
        help="The unit shown after the figure. Empty for money: then it is the"
        " currency of the company.",
    )
    direction = fields.Selection(
        [
            ("up", "Higher is better"),
            ("down", "Lower is better"),
            ("range", "Within a range"),
        ],
        compute="_compute_from_measure",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Decides how attainment is counted: 100% is the target in each case.",
    )
    threshold_on_track = fields.Float(
        string="On Track From",
        default=THRESHOLD_ON_TRACK * 100.0,
        required=True,
        help="Attainment in percent from which the KPI is on track.",
    )
    threshold_at_risk = fields.Float(
        string="At Risk From",
        default=THRESHOLD_AT_RISK * 100.0,
        required=True,
        help="Attainment in percent from which the KPI is at risk; off track below.",
    )
    objective_ids = fields.Many2many(
        "crm.strategy.objective",
        "crm_kpi_objective_rel",
        "kpi_id",
        "objective_id",
        string="Objectives",
        check_company=True,
        help="The objectives that are judged by this KPI.",
    )
    target_ids = fields.One2many(
        "crm.kpi.target",
        "kpi_id",
        string="Targets",
        help="What each month shall reach.",
    )
    value_ids = fields.One2many(
        "crm.kpi.value",
        "kpi_id",
        string="Values",
        help="What was measured, the latest first.",
    )
    measure_state = fields.Selection(
        [
            ("new", "Not Measured"),
            ("ready", "Measured"),
            ("not_installed", "Not Installed"),
            ("error", "Error"),
        ],
        compute="_compute_measure_state",
        help="Whether the figure can be measured here.",
    )
    missing = fields.Char(
        compute="_compute_measure_state",
        help="The models that this measure needs and that no installed app offers.",
    )
    error = fields.Text(
        readonly=True, copy=False, help="Why the last measuring failed."
    )
    measured_at = fields.Datetime(
        string="Last Measured",
        readonly=True,
        copy=False,
        help="When it was measured last, by night or by hand.",
    )
    nightly_at = fields.Datetime(string="Last Nightly Run", readonly=True, copy=False)

    # How the KPI stands for this reader in the current company
    current_value_id = fields.Many2one(
        "crm.kpi.value", string="Current Record", compute="_compute_current"
    )
    current_period = fields.Char(
        compute="_compute_current",
        string="Period",
        help="The last whole month measured, or the running one if there is none.",
    )
    current_value = fields.Float(
        compute="_compute_current", help="The figure of that month."
    )
    current_display = fields.Char(
        compute="_compute_current",
        string="Actual",
        help="The figure of that month with its unit.",
    )
    current_target = fields.Char(
        compute="_compute_current",
        string="Target",
        help="What was to be reached in that month.",
    )
    current_attainment = fields.Float(
        compute="_compute_current",
        string="Attainment",
        help="How far the target is reached; 100% is the target in each direction.",
    )
    status = fields.Selection(
        STATUSES,
        compute="_compute_current",
        search="_search_status",
        help="On track, at risk or off track, by the thresholds of this KPI.",
    )
    trend = fields.Text(
        compute="_compute_current", help="The last months, drawn as a line."
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another KPI of this company has this code.",
    )
    _thresholds_check = models.Constraint(
        "CHECK(0 <= threshold_at_risk AND threshold_at_risk <= threshold_on_track)",
        "A KPI is at risk below the threshold from which it is on track.",
    )

    @api.model
    def _selection_measure(self):
        return [(code, measure.label(self.env)) for code, measure in MEASURES.items()]

    @api.depends("measure")
    def _compute_definition(self):
        for kpi in self:
            measure = kpi._get_measure()
            kpi.definition = measure and measure.definition(self.env)

    @api.depends("measure")
    def _compute_from_measure(self):
        for kpi in self:
            measure = kpi._get_measure()
            kpi.direction = measure.direction if measure else kpi.direction or "up"
            kpi.unit = "%" if measure and measure.unit == "percent" else False

    @api.depends("measure", "error", "measured_at")
    def _compute_measure_state(self):
        for kpi in self:
            measure = kpi._get_measure()
            missing = measure.missing(self.env) if measure else []
            kpi.missing = ", ".join(missing)
            if missing:
                kpi.measure_state = "not_installed"
            elif kpi.error:
                kpi.measure_state = "error"
            else:
                kpi.measure_state = "ready" if kpi.measured_at else "new"

    @api.depends("value_ids.value", "value_ids.status", "measure", "unit")
    @api.depends_context("company", "uid", "lang")
    def _compute_current(self):
        today = fields.Date.context_today(self)
        by_kpi = self._get_recent_values(today).grouped("kpi_id")
        empty = self.env["crm.kpi.value"]
        for kpi in self:
            values = by_kpi.get(kpi, empty)
            whole = values.filtered(lambda value: value.period_end < today)
            current = whole[:1] or values[:1]
            kpi.current_value_id = current
            kpi.current_period = current and current._period_name()
            kpi.current_value = current.value
            kpi.current_display = current.value_display
            kpi.current_target = current.target_display
            kpi.current_attainment = current.attainment
            kpi.status = current.status or "no_data"
            kpi.trend = kpi._prepare_trend(values)

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        kpis = self.search([("active", "in", [True, False])])
        return [("id", "in", kpis.filtered(lambda kpi: kpi.status in value).ids)]

    @api.constrains("code")
    def _check_code(self):
        for kpi in self:
            if not kpi.code.replace("_", "a").isalnum():
                raise ValidationError(
                    self.env._(
                        "The code %(code)s may hold letters, digits and _ only.",
                        code=kpi.code,
                    )
                )

    def write(self, vals):
        # What was measured by one definition cannot stand under another.
        redefined = [name for name in ("measure", "company_id") if name in vals]
        for kpi in self.filtered("value_ids") if redefined else ():
            if any(kpi[name] != kpi._as_record(name, vals[name]) for name in redefined):
                raise UserError(
                    self.env._(
                        "%(kpi)s has values already: archive it and create another"
                        " KPI for another measure or company.",
                        kpi=kpi.display_name,
                    )
                )
        result = super().write(vals)
        if JUDGING_FIELDS & vals.keys():
            # Every value follows, whoever may see it.
            self.sudo().value_ids._judge()
        return result

    def copy_data(self, default=None):
        return [
            {"code": f"{kpi.code}_COPY", **vals}
            for kpi, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def action_open_values(self):
        """Open the figures of this KPI as a chart by month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_strategy_kpi.crm_kpi_value_action"
        )
        views = sorted(action["views"], key=lambda view: view[1] != "graph")
        return {
            **action,
            "name": self.display_name,
            "views": views,
            "domain": [("kpi_id", "=", self.id)],
            "context": {
                "graph_measure": "value",
                "graph_groupbys": ["period_start:month"],
            },
        }

    def action_drill_down(self):
        """Open the records behind the current figure."""
        self.ensure_one()
        if not self.current_value_id:
            raise UserError(self.env._("This KPI has no figure that you may see."))
        return self.current_value_id.action_drill_down()

    def _get_recent_values(self, today):
        """Return this reader's values of the last months, the latest first.

        An executive sees the company's figures, everyone else the own ones.
        """
        executive = self.env.user.has_group("crm_strategy_kpi.group_executive")
        return self.env["crm.kpi.value"].search(
            [
                ("kpi_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("period_start", ">=", months_back(today, MONTHS_SHOWN)),
                ("period_start", "<=", today),
                ("team_id", "=", False),
                ("user_id", "=", False if executive else self.env.uid),
            ],
            order="period_start desc",
        )

    def _prepare_trend(self, values):
        """Return the sparkline's data: `values`, latest first, as JSON."""
        points = [
            {
                "x": format_date(self.env, value.period_start, date_format="MMM yyyy"),
                "y": value.value,
            }
            for value in reversed(values)
            if value.state == "measured"
        ]
        data = {"values": points, "key": self.name, "is_sample_data": False}
        return json.dumps([data]) if points else False

    def _get_targets(self, cells):
        """Return {(company id, first day): Target} for (company id, Period) keys."""
        targets = self.env["crm.kpi.target"].search(
            [
                ("kpi_id", "=", self.id),
                ("company_id", "in", [company_id for company_id, _ in cells]),
                ("period_start", "in", [period.start for _, period in cells]),
            ]
        )
        return {
            (target.company_id.id, target.period_start): target._as_target()
            for target in targets
        }

    def _get_measure(self):
        """Return the measure, None where it is not chosen or not shipped any more."""
        return MEASURES.get(self.measure)

    def _is_ratio(self):
        measure = self._get_measure()
        return bool(measure and measure.is_ratio)

    def _kind(self):
        """Return monetary, percent or number: how the figure is written."""
        measure = self._get_measure()
        return measure.unit if measure else "number"

    def _scale(self):
        return PERCENT if self._kind() == "percent" else 1.0

    def _number_format(self):
        """Return Excel's format for this figure."""
        return {"percent": "0.0%", "monetary": "#,##0"}.get(self._kind(), "#,##0.00")

    def _as_record(self, name, value):
        """Return `value` as the field `name` of a record holds it."""
        return self._fields[name].convert_to_record(
            self._fields[name].convert_to_cache(value, self), self
        )
