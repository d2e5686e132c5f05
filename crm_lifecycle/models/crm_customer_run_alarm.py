from datetime import datetime, time

from markupsafe import Markup

from odoo import api, fields, models

ALARM_PARAMETER = "crm_lifecycle.engine_alarm"
ALARM_TYPE = "crm_lifecycle.mail_activity_type_engine"
SCREEN = "/odoo/crm-customer-engine"


class CrmCustomerRun(models.Model):
    """A stuck engine is told to those who manage the lifecycle, once a day.

    Each gets one activity that says what is wrong, the same things as the engine's
    screen; it goes by itself once all is well. Whoever marks it as done has peace until
    tomorrow. This is a scheduled action, too: where none of them runs at all, only the
    screen can tell.
    """

    _inherit = "crm.customer.run"

    @api.model
    def _cron_alarm_engine(self):
        """Tell the managers what is wrong, or take the activities away."""
        problems = []
        if self._is_alarm_wanted():
            problems = self.get_engine_status()["alarms"]
        activities = self._get_alarm_activities()
        if not problems:
            activities.filtered("active").unlink()
            return
        note = self._get_alarm_note(problems)
        activities.filtered(lambda a: a.active and a.note != note).write({"note": note})
        midnight = datetime.combine(fields.Date.today(), time.min)
        told = activities.filtered(lambda a: a.active or a.create_date >= midnight)
        self._tell_managers(self._get_managers() - told.user_id, note)

    @api.model
    def _is_alarm_wanted(self):
        # a setting that only administrators read by themselves
        text = self.env["ir.config_parameter"].sudo().get_param(ALARM_PARAMETER)
        return (text or "").lower() in ("true", "1")

    @api.model
    def _get_alarm_activities(self):
        """Return the open activities, and those that were done."""
        kind = self.env.ref(ALARM_TYPE)
        activities = self.env["mail.activity"].with_context(active_test=False)
        return activities.search([("activity_type_id", "=", kind.id)])

    @api.model
    def _get_alarm_note(self, problems):
        items = Markup().join(Markup("<li>%s</li>") % problem for problem in problems)
        link = Markup('<p><a href="%s">%s</a></p>') % (
            SCREEN,
            self.env._("Open the engine's screen"),
        )
        return Markup("<ul>%s</ul>%s") % (items, link)

    @api.model
    def _get_managers(self):
        users = self.env.ref("crm_lifecycle.group_manager").all_user_ids
        return users.filtered(lambda user: user.active and not user.share)

    @api.model
    def _tell_managers(self, users, note):
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": self.env.ref(ALARM_TYPE).id,
                    "user_id": user.id,
                    "summary": self.env._("Customers are not kept up to date"),
                    "note": note,
                    "date_deadline": fields.Date.context_today(user),
                }
                for user in users
            ]
        )
