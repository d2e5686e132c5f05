from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

AHEAD = 7
"""Days before a review is due on which the owner is reminded."""


class CrmProcess(models.Model):
    """When a process was looked at for each segment, and when it has to be again."""

    _inherit = "crm.process"

    last_review_date = fields.Date(compute="_compute_review_dates", store=True)
    next_review_date = fields.Date(
        "Next review",
        compute="_compute_review_dates",
        store=True,
        help="The earliest of the segments for which a review was agreed.",
    )
    review_reminder = fields.Date(
        readonly=True, copy=False, help="The review that the owner was reminded of."
    )
    is_review_overdue = fields.Boolean(compute="_compute_is_review_overdue")

    @api.depends("review_ids.date", "review_ids.next_date", "review_ids.segment_id")
    def _compute_review_dates(self):
        """Of each segment only the latest review counts."""
        for process in self:
            latest = {}
            for review in process.review_ids.sorted(lambda r: (r.date, r._origin.id)):
                latest[review.segment_id] = review
            dates = [r.next_date for r in latest.values() if r.next_date]
            process.next_review_date = min(dates, default=False)
            process.last_review_date = max(
                (review.date for review in latest.values()), default=False
            )

    @api.depends("next_review_date")
    def _compute_is_review_overdue(self):
        today = fields.Date.context_today(self)
        for process in self:
            due = process.next_review_date
            process.is_review_overdue = bool(due and due < today)

    @api.model
    def _cron_remind_reviews(self):
        """Remind owners of reviews that are due, once of each; safe to repeat."""
        limit = fields.Date.today() + timedelta(days=AHEAD)
        for process in self.search([("next_review_date", "<=", limit)]):
            due = process.next_review_date
            owner = process.owner_id
            if process.review_reminder == due or not owner.has_group(
                "sales_team.group_sale_salesman"
            ):
                continue
            process.activity_schedule(
                "mail.mail_activity_data_todo",
                due,
                self.env._("Review: %(process)s", process=process.name),
                user_id=owner.id,
            )
            process.review_reminder = due


class CrmProcessReview(models.Model):
    """What was found when a process was looked at, and what was decided."""

    _name = "crm.process.review"
    _description = "Review of a Process"
    _order = "date desc, id desc"
    _rec_name = "process_id"

    process_id = fields.Many2one(
        "crm.process", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="process_id.company_id", store=True, index=True
    )
    segment_id = fields.Many2one(
        "crm.segment",
        index=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: for all customers.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", "By", required=True, default=lambda self: self.env.user
    )
    findings = fields.Text(required=True)
    decision = fields.Text()
    next_date = fields.Date("Next review")

    @api.constrains("date", "next_date")
    def _check_dates(self):
        if any(r.next_date and r.next_date <= r.date for r in self):
            raise ValidationError(self.env._("The next review comes after this one."))

    @api.constrains("segment_id", "process_id")
    def _check_segment(self):
        for review in self.sudo():  # a segment that the user may not see counts too
            company = review.segment_id.company_id
            if company and company != review.process_id.company_id:
                raise ValidationError(
                    self.env._(
                        "The segment %(segment)s belongs to another company.",
                        segment=review.segment_id.name,
                    )
                )
