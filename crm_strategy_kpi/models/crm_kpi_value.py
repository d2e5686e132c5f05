from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ..lib.figures import Figure
from ..lib.periods import Period
from ..lib.workbook import Point

STATUSES = [
    ("on_track", "On Track"),
    ("at_risk", "At Risk"),
    ("off_track", "Off Track"),
    ("no_target", "No Target"),
    ("no_data", "No Data"),
]

FIRST_VERSION = 1


class CrmKpiValue(models.Model):
    """One measured figure. Never typed in: no group may create or write one."""

    _name = "crm.kpi.value"
    _description = "KPI Value"
    _order = "period_start desc, kpi_id, id desc"
    _rec_name = "kpi_id"

    kpi_id = fields.Many2one(
        "crm.kpi",
        string="KPI",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
        help="The KPI measured.",
    )
    period_start = fields.Date(
        string="Period", required=True, readonly=True, help="First day measured."
    )
    period_end = fields.Date(required=True, readonly=True, help="Last day measured.")
    period_name = fields.Char(
        string="Month", compute="_compute_period_name", help="The month measured."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        help="The company measured, its branches included.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_id = fields.Many2one(
        "crm.team", readonly=True, help="Empty: the figure of the whole company."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        readonly=True,
        help="Empty: the figure of the whole team or company.",
    )
    numerator = fields.Float(
        readonly=True, help="What was counted; for a ratio, its upper part."
    )
    denominator = fields.Float(
        readonly=True, help="The lower part of a ratio; empty where there is none."
    )
    value = fields.Float(
        string="Actual",
        readonly=True,
        aggregator="avg",
        help="The figure in the unit of the KPI (percent as 95). Empty in the database"
        " when there are no data: see the state.",
    )
    value_display = fields.Char(
        string="Figure",
        compute="_compute_displays",
        help="The figure with its unit, or that there are no data.",
    )
    target = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The target that held when this figure was judged.",
    )
    upper_limit = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The upper limit of a range when this figure was judged.",
    )
    target_display = fields.Char(
        string="Target Text",
        compute="_compute_displays",
        help="The target with its unit; both limits of a range.",
    )
    attainment = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How far the target is reached; 100% is the target, for a KPI where less"
        " is better too.",
    )
    status = fields.Selection(
        STATUSES, readonly=True, help="The attainment against the KPI's thresholds."
    )
    state = fields.Selection(
        [("measured", "Measured"), ("no_data", "No Data")],
        required=True,
        readonly=True,
        help="No data means that there was nothing to measure, which is not 0.",
    )
    version = fields.Integer(
        required=True,
        readonly=True,
        default=FIRST_VERSION,
        aggregator=False,
        help="Counts restatements of the same figure.",
    )

    _cell_unique = models.UniqueIndex(
        "(kpi_id, period_start, period_end, company_id,"
        " COALESCE(team_id, 0), COALESCE(user_id, 0), version)"
    )
    _company_period_idx = models.Index("(company_id, period_start)")

    @api.depends("value", "target", "upper_limit", "state", "status")
    def _compute_displays(self):
        for value in self:
            if value.state == "no_data":
                value.value_display = self.env._("No data")
            else:
                value.value_display = value._format(value.value)
            has_target = value.status not in ("no_target", "no_data") or value.target
            text = value._format(value.target) if has_target else ""
            if has_target and value.kpi_id.direction == "range":
                text = f"{text} – {value._format(value.upper_limit)}"
            value.target_display = text

    @api.depends("period_start")
    @api.depends_context("lang")
    def _compute_period_name(self):
        for value in self:
            value.period_name = value._period_name()

    @api.depends("kpi_id", "period_start")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.kpi_id.name}, {value._period_name()}"

    def _read_group_select(self, aggregate_spec, query):
        """Gather figures of one KPI as their kind demands; of several, nothing.

        A ratio is weighted by its denominators, which divides the sums; a sum is
        summed, and so is its target.
        """
        name = aggregate_spec.partition(":")[0]
        if aggregate_spec not in ("value:avg", "target:avg", "upper_limit:avg"):
            return super()._read_group_select(aggregate_spec, query)
        column = self._field_to_sql(self._table, name, query)
        weight = self._field_to_sql(self._table, "denominator", query)
        kpi = self._field_to_sql(self._table, "kpi_id", query)
        weighted = SQL(
            "SUM(%(column)s * %(weight)s) / NULLIF(SUM(%(weight)s), 0)",
            column=column,
            weight=weight,
        )
        ratio = weighted if name == "value" else SQL("AVG(%s)", column)
        return SQL(
            "CASE WHEN MIN(%(kpi)s) = MAX(%(kpi)s) THEN"
            " CASE WHEN COUNT(%(weight)s) > 0 THEN %(ratio)s"
            " ELSE SUM(%(column)s) END END",
            kpi=kpi,
            weight=weight,
            ratio=ratio,
            column=column,
        )

    def action_drill_down(self):
        """Open the records behind this figure, as far as this user may read them."""
        self.ensure_one()
        self.check_access("read")
        measure = self.kpi_id._get_measure()
        if measure is None or measure.missing(self.env):
            raise UserError(
                self.env._("The records behind this figure are not installed any more.")
            )
        domain = list(self._get_drill_domain(measure))
        records = self.env[measure.drill_model]
        records.check_access("read")
        hidden = records.sudo().search_count(domain) - records.search_count(domain)
        search = measure.drill_search
        return {
            "type": "ir.actions.act_window",
            "name": self._drill_name(hidden),
            "res_model": measure.drill_model,
            "domain": domain,
            "views": [
                (self.env.ref(view).id if view else False, kind)
                for kind, view in measure.drill_views
            ]
            or [(False, "list"), (False, "form")],
            "search_view_id": [self.env.ref(search).id] if search else False,
            "context": {"create": False},
        }

    def _drill_name(self, hidden):
        if not hidden:
            return self.display_name
        return self.env._(
            "%(figure)s (%(count)s records hidden by your rights)",
            figure=self.display_name,
            count=hidden,
        )

    def _get_drill_domain(self, measure):
        # The clock and the branches are read as when it was measured.
        period = self._period()
        scope = self.sudo().company_id._kpi_scope([period])
        return measure.drill_domain(self.env, scope, self.company_id.id, period)

    def _figure(self):
        """Return what was counted, None where there were no data."""
        if self.state == "no_data":
            return None
        denominator = self.denominator if self.kpi_id._is_ratio() else None
        return Figure(self.numerator, denominator)

    def _period(self):
        return Period(self.period_start, self.period_end)

    def _period_name(self):
        return format_date(self.env, self.period_start, date_format="MMMM yyyy")

    def _format(self, number):
        kind = self.kpi_id._kind()
        if kind == "monetary":
            return self.currency_id.format(number)
        text = formatLang(self.env, number, digits=1 if kind == "percent" else 2)
        unit = self.kpi_id.unit
        return f"{text} {unit}" if unit else text

    def _prepare_point(self, status_labels):
        """Return the workbook's cell for this value, empty for no value."""
        if not self:
            return Point(None, None, None, None, "no_data", status_labels["no_data"])
        judged = self.status in ("on_track", "at_risk", "off_track")
        return Point(
            value=None if self.state == "no_data" else self.value,
            target=self.target if judged else None,
            upper=self.upper_limit if judged else None,
            attainment=self.attainment if judged else None,
            status=self.status,
            status_label=status_labels[self.status],
        )
