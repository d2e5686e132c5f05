from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .common import LifecycleCommon


class TestEngineAlarm(LifecycleCommon):
    """A stuck engine is told to who manages the lifecycle, until it runs again."""

    def setUp(self):
        super().setUp()
        self.Run = self.env["crm.customer.run"]
        self.env["crm.customer.event"].search([]).unlink()
        self.Run.search([]).unlink()
        self.Run._get_alarm_activities().unlink()

    def _stick(self, **values):
        return self.env["crm.customer.event"].create(
            {
                "kind": "lead",
                "root_company": self.arvand.id,
                "partner_id": self.hormuz.id,
                "date": fields.Datetime.now() - timedelta(hours=3),
                **values,
            }
        )

    def _get_open(self, user=None):
        activities = self.Run._get_alarm_activities().filtered("active")
        return activities.filtered(lambda a: a.user_id == (user or self.sara))

    def test_every_manager_gets_one_activity_however_often_it_is_looked(self):
        self._stick()
        for _hour in range(3):
            self.Run._cron_alarm_engine()
        activity = self._get_open()
        self.assertEqual(len(activity), 1)
        self.assertIn("Events wait for more than 30 minutes", activity.note)
        self.assertIn("/odoo/crm-customer-engine", activity.note)
        self.assertEqual(activity.date_deadline, fields.Date.context_today(self.sara))
        self.assertEqual(len(self._get_open(self.bahar)), 1)
        for user in (self.omid, self.nika, self.leila, self.portal):
            self.assertFalse(self._get_open(user), user.login)
        activity.with_user(self.sara).read(["summary", "note"])

    def test_it_goes_by_itself_when_all_is_well(self):
        event = self._stick()
        self.Run._cron_alarm_engine()
        event.unlink()
        self.Run._cron_alarm_engine()
        self.assertFalse(self._get_open())

    def test_whoever_marks_it_as_done_has_peace_until_tomorrow(self):
        self._stick()
        self.Run._cron_alarm_engine()
        activity = self._get_open()
        activity.with_user(self.sara).action_done()
        self.Run._cron_alarm_engine()
        self.assertFalse(self._get_open())
        done = self.Run._get_alarm_activities().filtered(
            lambda a: a.user_id == self.sara
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mail_activity SET create_date = create_date - interval '1 day'"
                " WHERE id = ANY(%s)",
                done.ids,
            )
        )
        self.env.invalidate_all()
        self.Run._cron_alarm_engine()
        self.assertEqual(len(self._get_open()), 1)

    def test_the_activity_tells_what_is_wrong_now(self):
        event = self._stick()
        self.Run._cron_alarm_engine()
        event.write({"error": "Broken", "attempts": 5})
        self.Run._cron_alarm_engine()
        activity = self._get_open()
        self.assertEqual(len(activity), 1)
        self.assertIn("1 events failed", activity.note)
        self.assertNotIn("Events wait", activity.note)

    def test_it_can_be_switched_off_in_the_settings(self):
        self._stick()
        self.Run._cron_alarm_engine()
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.crm_engine_alarm)
        settings.crm_engine_alarm = False
        settings.execute()
        self.Run._cron_alarm_engine()
        self.assertFalse(self._get_open())
