from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError

from .common import LifecycleCommon


class TestOwnerAlarm(LifecycleCommon):
    """Customers whom nobody answers for alarm, once, until somebody does."""

    def setUp(self):
        super().setUp()
        self.company = self.arvand
        self.company.crm_owner_alarm_hours = 24
        self.customer = self._make_waiting(self.hormuz, hours=30)

    def _make_waiting(self, partner, hours, company=None):
        customer = self.Customer.create(
            {"partner_id": partner.id, "company_id": (company or self.arvand).id}
        )
        since = fields.Datetime.now() - timedelta(hours=hours)
        customer._write_unseen({"first_contact_at": since})
        return customer

    def _alarms(self, customer=None):
        alarm = self.env.ref("crm_lifecycle.mail_activity_type_unowned")
        activities = (customer or self.customer).activity_ids
        return activities.filtered(lambda a: a.activity_type_id == alarm)

    def test_who_waits_longer_than_the_limit_alarms_once(self):
        patient = self._make_waiting(self.caspian, hours=3)
        for _night in range(2):
            self.Customer._cron_alarm_unowned()
        self.assertEqual(len(self._alarms()), 1)
        self.assertFalse(self._alarms(patient))
        self.assertTrue(self.customer.is_overdue)
        self.assertFalse(patient.is_overdue)
        self.assertTrue(patient.is_waiting)

    def test_the_search_agrees_with_what_the_form_shows(self):
        self._make_waiting(self.caspian, hours=3)
        self.reza.parent_id = False
        self._make_waiting(self.reza, hours=300).user_id = self.omid
        mine = self.Customer.search([("company_id", "=", self.arvand.id)])
        for name in ("is_waiting", "is_overdue"):
            for value in (True, False):
                found = self.Customer.search(
                    [("id", "in", mine.ids), (name, "=", value)]
                )
                self.assertEqual(
                    found, mine.filtered(lambda c, n=name, v=value: c[n] == v), name
                )

    def test_the_alarm_closes_itself_when_somebody_answers(self):
        self.Customer._cron_alarm_unowned()
        self.customer.with_user(self.nika).user_id = self.nika
        self.assertFalse(self._alarms())

    def test_an_archived_person_counts_as_nobody_and_his_deputy_is_told(self):
        self.customer.write({"user_id": self.omid.id, "deputy_id": self.nika.id})
        self.assertFalse(self.customer.is_waiting)
        self.omid.active = False
        self.assertTrue(self.customer.is_overdue)
        self.assertIn(self.customer, self.Customer.search([("is_waiting", "=", True)]))
        self.Customer._cron_alarm_unowned()
        self.assertEqual(self._alarms().user_id, self.nika)
        self.omid.active = True
        self.Customer._cron_alarm_unowned()
        self.assertFalse(self._alarms())

    def test_the_leader_of_the_team_is_told_else_who_is_set_else_a_manager(self):
        self.company.crm_owner_alarm_user_id = self.nika
        self.Customer._cron_alarm_unowned()
        self.assertEqual(self._alarms().user_id, self.nika)
        self._alarms().unlink()
        team = self.teams[0]
        team.user_id = self.sara
        self.customer.team_id = team
        self.Customer._cron_alarm_unowned()
        self.assertEqual(self._alarms().user_id, self.sara)
        self._alarms().unlink()
        self.customer.team_id = False
        self.company.crm_owner_alarm_user_id = False
        person = self.Customer._get_alarm_user(self.company)
        self.assertTrue(person.has_group("crm_lifecycle.group_manager"))
        self.assertIn(self.company, person.company_ids)

    def test_each_company_has_its_own_patience(self):
        self.bahar_company.crm_owner_alarm_hours = 48
        theirs = self._make_waiting(self.hormuz, 30, self.bahar_company)
        self.Customer._cron_alarm_unowned()
        self.assertFalse(self._alarms(theirs))
        self.bahar_company.crm_owner_alarm_hours = 24
        self.Customer._cron_alarm_unowned()
        self.assertEqual(self._alarms(theirs).user_id.company_ids, self.bahar_company)

    def test_a_negative_limit_is_refused(self):
        manager = self.sara
        manager.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        settings = self.env["res.config.settings"].with_user(manager)
        with self.assertRaises(ValidationError):
            settings.create({"crm_owner_alarm_hours": -1})

    def test_many_alarms_are_made_in_one_go(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Waiting {number}"} for number in range(20)]
        )
        for partner in partners:
            self._make_waiting(partner, hours=50)
        self.env.flush_all()
        alarmed = self.Customer._alarm_company(self.arvand)
        self.assertGreaterEqual(len(alarmed), 21)
        self.assertFalse(self.Customer._alarm_company(self.arvand) & alarmed)
