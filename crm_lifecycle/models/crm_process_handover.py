from collections import defaultdict

from pytz import utc

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.intervals import hours_within
from ..lib.process import share


class CrmProcessHandover(models.Model):
    """Where a process passes from one team to the next, within which time.

    Targets are hours of the working calendar, nights and holidays left out.
    """

    _name = "crm.process.handover"
    _description = "Handover between Teams"
    _order = "process_id, sequence, id"

    process_id = fields.Many2one(
        "crm.process", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="process_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    from_team = fields.Char("From", required=True, translate=True)
    to_team = fields.Char("To", required=True, translate=True)
    what = fields.Char("What is handed over", translate=True)
    target_hours = fields.Float(
        "Within (hours)",
        required=True,
        default=8.0,
        help="Working hours until the next team has taken it up.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Empty: the working hours of the company.",
    )
    log_ids = fields.One2many("crm.process.handover.log", "handover_id", "Measured")
    log_count = fields.Integer("Measured cases", compute="_compute_actual")
    average_hours = fields.Float("Took (hours)", compute="_compute_actual")
    kept_share = fields.Float("Kept (%)", compute="_compute_actual")

    _target_positive = models.Constraint(
        "CHECK (target_hours > 0)", "A time target has to be above zero."
    )

    @api.depends("from_team", "to_team")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = f"{handover.from_team} → {handover.to_team}"

    @api.depends("log_ids.hours", "log_ids.is_kept")
    def _compute_actual(self):
        groups = self.env["crm.process.handover.log"]._read_group(
            [("handover_id", "in", self.ids)],
            ["handover_id", "is_kept"],
            ["__count", "hours:sum"],
        )
        totals = defaultdict(lambda: [0, 0.0, 0])
        for handover, is_kept, count, hours in groups:
            total = totals[handover.id]
            total[0] += count
            total[1] += hours
            total[2] += count if is_kept else 0
        for handover in self:
            count, hours, kept = totals[handover._origin.id]
            handover.log_count = count
            handover.average_hours = hours / count if count else 0.0
            handover.kept_share = share(kept, count) or 0.0

    def action_view_logs(self):
        """Open the measured cases of this handover."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "crm.process.handover.log",
            "view_mode": "list,form",
            "domain": [("handover_id", "=", self.id)],
            "context": {"default_handover_id": self.id},
        }


class CrmProcessHandoverLog(models.Model):
    """One case that was handed over: when it was given, when it was taken up."""

    _name = "crm.process.handover.log"
    _description = "Measured Handover"
    _order = "date_from desc, id desc"

    handover_id = fields.Many2one(
        "crm.process.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="handover_id.company_id", store=True, index=True
    )
    name = fields.Char("Case", required=True, help="Which order, offer or request.")
    date_from = fields.Datetime("Given", required=True)
    date_to = fields.Datetime("Taken up", required=True, default=fields.Datetime.now)
    target_hours = fields.Float(
        readonly=True, help="What held when the case was written down."
    )
    hours = fields.Float("Working hours", compute="_compute_hours", store=True)
    is_kept = fields.Boolean("In time", compute="_compute_hours", store=True)

    @api.depends("date_from", "date_to", "target_hours")
    def _compute_hours(self):
        """Work intervals are fetched once per calendar."""
        by_calendar = defaultdict(self.browse)
        for log in self:
            handover = log.handover_id
            calendar = handover.calendar_id or handover.company_id.resource_calendar_id
            by_calendar[calendar] += log
        for calendar, logs in by_calendar.items():
            logs = logs.filtered(lambda log: log.date_from and log.date_to)
            working = logs._get_working(calendar)
            for log in logs:
                start, end = utc.localize(log.date_from), utc.localize(log.date_to)
                spans = [(start, end)] if working is None else working
                log.hours = hours_within(spans, start, end)
                log.is_kept = log.hours <= log.target_hours + 1e-6

    def _get_working(self, calendar):
        """Return working intervals over the logs; None without a calendar."""
        if not calendar or not self:
            return None
        first = utc.localize(min(self.mapped("date_from")))
        last = utc.localize(max(self.mapped("date_to")))
        if last <= first:
            return []
        intervals = calendar._work_intervals_batch(first, last)[False]
        return [(start, stop) for start, stop, _records in intervals]

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(log.date_to < log.date_from for log in self):
            raise ValidationError(
                self.env._("A case cannot be taken up before it was given.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        Handover = self.env["crm.process.handover"]
        for vals in vals_list:
            handover = Handover.browse(vals.get("handover_id"))
            vals["target_hours"] = handover.target_hours
        return super().create(vals_list)
