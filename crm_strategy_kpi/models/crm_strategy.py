from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..lib import workbook
from ..lib.periods import months_between


class CrmStrategy(models.Model):
    _name = "crm.strategy"
    _description = "Strategy"
    _inherit = ["mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        tracking=True,
        help="The direction in a few words: 'Grow profitable service business'.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The company whose strategy this is; others do not see it.",
    )
    date_start = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
        help="First day of the strategy. The workbook starts with its month.",
    )
    date_end = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=12, day=31),
        help="Last day of the strategy.",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
        domain=[("share", "=", False)],
        help="Who answers for this strategy as a whole.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("closed", "Closed")],
        required=True,
        default="draft",
        tracking=True,
        copy=False,
        help="Draft: being written, seen by executives only. Running: everyone who uses"
        " the Strategy app sees it. Closed: kept for the record.",
    )
    description = fields.Html(
        string="Vision", help="Why this strategy, and what it gives up."
    )
    objective_ids = fields.One2many(
        "crm.strategy.objective",
        "strategy_id",
        copy=True,
        help="What is to be reached, seen from four perspectives.",
    )
    kpi_ids = fields.Many2many(
        "crm.kpi",
        compute="_compute_kpi_ids",
        string="KPIs",
        help="The indicators of all objectives.",
    )
    kpi_count = fields.Integer(
        compute="_compute_kpi_ids",
        string="KPI Count",
        help="How many KPIs the objectives have.",
    )

    _dates_check = models.Constraint(
        "CHECK(date_start <= date_end)",
        "A strategy cannot end before it starts.",
    )

    @api.depends("objective_ids.kpi_ids")
    def _compute_kpi_ids(self):
        for strategy in self:
            strategy.kpi_ids = strategy.objective_ids.kpi_ids
            strategy.kpi_count = len(strategy.kpi_ids)

    def action_start(self):
        return self.write({"state": "running"})

    def action_close(self):
        return self.write({"state": "closed"})

    def action_draft(self):
        return self.write({"state": "draft"})

    def action_measure(self):
        """Measure the KPIs of these strategies over their periods, up to today."""
        today = fields.Date.context_today(self)
        for strategy in self:
            kpis = strategy.kpi_ids.with_context(
                allowed_company_ids=strategy.company_id.ids
            )
            if kpis:  # no KPI at all would mean every KPI
                kpis.action_measure(
                    min(strategy.date_start, today), min(strategy.date_end, today)
                )
        return self.env["crm.kpi"]._notify_measured(self.kpi_ids)

    def action_open_kpis(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_strategy_kpi.crm_kpi_action"
        )
        return {**action, "domain": [("id", "in", self.kpi_ids.ids)], "context": {}}

    def action_open_values(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_strategy_kpi.crm_kpi_value_action"
        )
        return {**action, "domain": list(self._get_value_domain()), "context": {}}

    def action_workbook(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_strategy_kpi/{self.id}/workbook",
            "target": "download",
        }

    def _get_value_domain(self):
        return Domain(
            [
                ("kpi_id", "in", self.kpi_ids.ids),
                ("company_id", "=", self.company_id.id),
                ("team_id", "=", False),
                ("user_id", "=", False),
                ("period_end", ">=", self.date_start),
                ("period_start", "<=", self.date_end),
            ]
        )

    def _workbook(self):
        """Return the Excel workbook as bytes, with what this user may read."""
        return workbook.build(self._prepare_report())

    def _prepare_report(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        months = months_between(self.date_start, min(self.date_end, today))
        values = {
            (value.kpi_id, value.period_start): value
            for value in self.env["crm.kpi.value"].search(self._get_value_domain())
        }
        return workbook.Report(
            title=self.name,
            subtitle=self._prepare_report_subtitle(),
            months=[
                format_date(self.env, month.start, date_format="MMM yyyy")
                for month in months
            ],
            lines=[
                objective._prepare_report_line(kpi, months, values)
                for objective in self.objective_ids
                for kpi in objective.kpi_ids
            ],
            labels=self._prepare_report_labels(),
            right_to_left=self.env["res.lang"]
            ._get_data(code=self.env.user.lang or "en_US")
            .direction
            == "rtl",
        )

    def _prepare_report_subtitle(self):
        return self.env._(
            "%(company)s, %(date_from)s to %(date_to)s, owner %(owner)s",
            company=self.company_id.name,
            date_from=format_date(self.env, self.date_start),
            date_to=format_date(self.env, self.date_end),
            owner=self.owner_id.name,
        )

    def _prepare_report_labels(self):
        return workbook.Labels(
            sheet=self.env._("Figures"),
            charts=self.env._("Charts"),
            kpi=self.env._("KPI"),
            objective=self.env._("Objective"),
            figure=self.env._("Figure"),
            actual=self.env._("Actual"),
            target=self.env._("Target"),
            upper=self.env._("Upper limit"),
            attainment=self.env._("Attainment"),
            status=self.env._("Status"),
        )
