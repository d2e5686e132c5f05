from datetime import timedelta

from odoo import api, fields, models

CHECK_AFTER = 30
"""Days after which the owner is asked whether a change had its effect."""

TODO = "mail.mail_activity_data_todo"


class CrmProcessAction(models.Model):
    """A change of a process: who does what until when, and whether it helped."""

    _name = "crm.process.action"
    _description = "Change of a Process"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, date_deadline, id"

    name = fields.Char("What", required=True, tracking=True)
    process_id = fields.Many2one(
        "crm.process", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="process_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Who",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    date_deadline = fields.Date("Due", required=True, tracking=True)
    state = fields.Selection(
        [
            ("todo", "To do"),
            ("doing", "In progress"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="todo",
        tracking=True,
        group_expand=True,
    )
    date_done = fields.Date("Done on", readonly=True, copy=False)
    expected_effect = fields.Char(help="What customers will notice.")
    effect_check = fields.Selection(
        [
            ("open", "Not checked yet"),
            ("full", "As expected"),
            ("part", "Less than expected"),
            ("none", "No effect"),
        ],
        "Effect",
        required=True,
        default="open",
        tracking=True,
        copy=False,
    )
    effect_note = fields.Char("How it was checked")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    @api.depends("date_deadline", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_late = bool(
                action.state in ("todo", "doing")
                and action.date_deadline
                and action.date_deadline < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "in", ("todo", "doing")) & fields.Domain(
            "date_deadline", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        for action in actions.filtered(lambda a: a.state in ("todo", "doing")):
            action._plan(action.name, action.date_deadline, action.user_id)
        return actions

    def write(self, vals):
        finished = self.browse()
        if vals.get("state") in ("done", "cancelled"):
            finished = self.filtered(lambda a: a.state in ("todo", "doing"))
        result = super().write(vals)
        if finished:
            finished._finish(vals["state"])
        elif vals.keys() & {"date_deadline", "user_id"}:
            for action in self.filtered(lambda a: a.state in ("todo", "doing")):
                action.activity_reschedule(
                    [TODO],
                    date_deadline=action.date_deadline,
                    new_user_id=action.user_id.id,
                )
        return result

    def action_done(self):
        """The change has been made; its effect is checked later."""
        self.write({"state": "done"})

    def _plan(self, summary, date, user):
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            TODO, date, summary, user_id=user.id
        )

    def _finish(self, state):
        """Close the reminders; a change that was made has to be checked."""
        self.activity_unlink([TODO])
        if state != "done":
            return
        today = fields.Date.context_today(self)
        self.filtered(lambda a: not a.date_done).date_done = today
        for action in self:
            action._plan(
                self.env._("Did it help? %(change)s", change=action.name),
                today + timedelta(days=CHECK_AFTER),
                action.process_id.owner_id,
            )
