from odoo import api, fields, models

from ..lib.calendars import aligned


class ServiceContractRhythm(models.Model):
    """From which day, and in which calendar, the periods of a contract are counted."""

    _inherit = "service.contract"

    period_calendar = fields.Selection(
        [("gregorian", "Gregorian"), ("jalali", "Persian solar")],
        string="Months Of",
        required=True,
        default=lambda self: self.env.company.service_period_calendar,
        help="Months, quarters and years of the Persian solar calendar begin and end "
        "with those of Iran: Farvardin has 31 days, Esfand 29 or 30.",
    )
    period_alignment = fields.Selection(
        [
            ("start", "Day of the start"),
            ("month", "Calendar month"),
            ("quarter", "Calendar quarter"),
            ("year", "Calendar year"),
        ],
        string="Periods Begin With",
        required=True,
        default="start",
        help="Calendar months bill from the first to the last day of a month; the "
        "first period is then prorated to the day.",
    )
    date_anchor = fields.Date(
        string="Periods Counted From",
        compute="_compute_date_anchor",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Period n begins n months (weeks, years) after this day. It is never "
        "counted from the period before: 31 January, 29 February, 31 March.",
    )

    @api.depends("date_start", "period_alignment", "period_calendar")
    def _compute_date_anchor(self):
        for contract in self:
            start, alignment = contract.date_start, contract.period_alignment
            if start and alignment and alignment != "start":
                start = aligned(start, alignment, contract.period_calendar)
            contract.date_anchor = start
