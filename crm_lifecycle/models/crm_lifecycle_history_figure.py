from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

LOST_CODE = "lost"
MONTHS = 12
"""How long a cohort is followed."""

OUTCOMES = ("retained", "lost")


class CrmLifecycleHistoryFigure(models.AbstractModel):
    """From each figure of the analysis to the records behind it."""

    _name = "crm.lifecycle.history.figure"
    _description = "Figures of the Lifecycle Analysis"

    @api.model
    @api.readonly
    def get_figure_action(self, filters, figure):
        """Return the window action with the records of a figure.

        :param dict filters: those of the analysis
        :param dict figure: ``kind`` and what it needs. Customers: count (stage_id),
            reached (stage_id), transition (before, after; empty before: new ones, None:
            any), cohort (month; optional number of months and outcome retained or
            lost). Intervals: left, entered (stage_id). leads.
        """
        kinds = {
            "count": self._get_count_figure,
            "reached": self._get_reached_figure,
            "transition": self._get_transition_figure,
            "cohort": self._get_cohort_figure,
            "left": self._get_interval_figure,
            "entered": self._get_interval_figure,
            "leads": self._get_leads_figure,
        }
        if not isinstance(figure, dict) or figure.get("kind") not in kinds:
            raise UserError(self.env._("There is no such figure."))
        scope = self._get_analysis_scope(filters)
        model, domain = kinds[figure["kind"]](filters, figure, scope)
        return {
            "type": "ir.actions.act_window",
            "name": self._get_figure_name(filters, figure),
            "res_model": model,
            "views": [[False, "list"], [False, "form"]],
            "domain": domain,
            # what is archived today was a customer then
            "context": {"active_test": False, "create": False},
            "target": "current",
        }

    @api.model
    def _get_figure_name(self, filters, figure):
        """Return what the list of records is called: stage and dates."""
        ids = [figure.get(name) for name in ("stage_id", "before", "after")]
        stages = self.env["crm.lifecycle.stage"].browse([key for key in ids if key])
        names = " → ".join(stages.sudo(False).mapped("name"))
        first, last = filters["date_from"], filters["date_to"]
        if figure["kind"] == "leads":
            names = self.env._("Leads without a contact")
        if figure["kind"] == "cohort":
            names = self.env._("Acquired in %(month)s", month=figure["month"][:7])
        if figure["kind"] in ("count", "reached", "leads"):
            return self.env._("%(what)s, %(date)s", what=names, date=last)
        return self.env._(
            "%(what)s, %(first)s to %(last)s",
            what=names or self.env._("Customers"),
            first=first,
            last=last,
        )

    @api.model
    def _get_at_domain(self, moment, stage_id=None):
        """Return the domain of customers who stood in a stage just before a moment."""
        text = fields.Datetime.to_string(moment)
        interval = [
            ("date_from", "<", text),
            "|",
            ("date_to", "=", False),
            ("date_to", ">=", text),
        ]
        if stage_id:
            interval = [("stage_id", "=", int(stage_id)), *interval]
        return [("history_ids", "any", interval)]

    @api.model
    def _get_count_figure(self, filters, figure, scope):
        at = self._get_at_domain(scope["until"], figure.get("stage_id"))
        return "crm.customer", [*self._get_analysis_domain(filters), *at]

    @api.model
    def _get_reached_figure(self, filters, figure, scope):
        stages = self._get_analysis_stages()
        path = [stage.id for stage in stages if stage.code != LOST_CODE]
        if figure.get("stage_id") not in path:
            raise UserError(self.env._("There is no such figure."))
        interval = [("date_from", "<", fields.Datetime.to_string(scope["until"]))]
        if path.index(figure["stage_id"]):  # everybody came to the first step
            further = path[path.index(figure["stage_id"]) :]
            interval.append(("stage_id", "in", further))
        came = ("history_ids", "any", interval)
        return "crm.customer", [*self._get_analysis_domain(filters), came]

    @api.model
    def _get_transition_figure(self, filters, figure, scope):
        domain = [
            *self._get_analysis_domain(filters),
            *self._get_at_domain(scope["until"], figure.get("after")),
        ]
        before = figure.get("before")
        if before:
            domain += self._get_at_domain(scope["since"], before)
        elif before is not None:
            since = fields.Datetime.to_string(scope["since"])
            domain.append(("history_ids", "not any", [("date_from", "<", since)]))
        return "crm.customer", domain

    @api.model
    def _get_interval_figure(self, filters, figure, scope):
        column = "date_to" if figure["kind"] == "left" else "date_from"
        customers = self._get_analysis_domain(filters)
        return self._name, [
            ("stage_id", "=", figure["stage_id"]),
            (column, ">=", fields.Datetime.to_string(scope["since"])),
            (column, "<", fields.Datetime.to_string(scope["until"])),
            *([("customer_id", "any", customers)] if customers else []),
        ]

    @api.model
    def _get_leads_figure(self, filters, figure, scope):
        return "crm.lead", self._get_lead_domain(filters)

    @api.model
    def _get_cohort_figure(self, filters, figure, scope):
        """The months of each customer begin on a day of his own: a list of ids."""
        number, outcome = figure.get("number") or 0, figure.get("outcome")
        columns = {None: SQL("TRUE"), **{n: SQL.identifier(n) for n in OUTCOMES}}
        if outcome not in columns or not 0 <= number <= MONTHS:
            raise UserError(self.env._("There is no such figure."))
        rows = self.env.execute_query(
            SQL(
                """
                WITH seen AS MATERIALIZED (%s), followed AS (%s)
                SELECT customer_id FROM followed
                 WHERE month = %s AND number = %s AND %s
                """,
                scope["seen"],
                self._sql_cohorts(scope),
                fields.Date.to_date(figure["month"]),
                number,
                columns[outcome],
            )
        )
        return "crm.customer", [("id", "in", [key for (key,) in rows])]
