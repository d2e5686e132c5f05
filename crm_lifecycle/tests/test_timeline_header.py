from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .timeline import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineHeader(TimelineCommon):
    """What was last, and what is next."""

    def _values(self, user=None):
        customer = self.customer.with_user(user or self.env.user)
        customer.invalidate_recordset()
        return {value["key"]: value for value in customer.get_header()["values"]}

    def test_the_last_contact_is_the_latest_talk_not_the_latest_document(self):
        self._make_interaction(self.hormuz, date=self._ago(20))
        talk = self._make_meeting(self.reza, start=self._ago(5))
        self._make_order(self.hormuz)
        self._make_invoice(self.hormuz)
        self.assertEqual(self.customer.last_contact_kind, "meeting")
        self.assertEqual(self.customer.last_contact_at, talk.start)

    def test_plans_notes_and_private_meetings_are_no_contact(self):
        self._make_meeting(self.hormuz, start=self._ago(-5))
        self._make_meeting(self.hormuz, privacy="private", user_id=self.nika.id)
        self._post(
            self.hormuz,
            body="Note",
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        self.assertFalse(self.customer.last_contact_at)
        self.assertFalse(self.customer.last_contact_kind)

    def test_the_next_step_is_the_earliest_plan_on_customer_people_or_leads(self):
        today = fields.Date.today()
        for record, days, text in (
            (self.customer, 9, "Visit"),
            (self._make_lead(self.reza), 4, "Offer"),
            (self._make_lead(self.caspian), 1, "Somebody else"),
        ):
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                today + timedelta(days=days),
                text,
                user_id=self.sara.id,
            )
        self.assertEqual(self.customer.next_step, "Offer")
        self.assertEqual(self.customer.next_step_date, today + timedelta(days=4))
        self._make_meeting(self.hormuz, name="Lunch", start=self._ago(-2))
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.next_step, "Lunch")

    def test_a_plan_that_one_may_not_read_does_not_show(self):
        lead = self._make_lead(self.hormuz, user_id=self.nika.id)
        lead.activity_schedule(
            "mail.mail_activity_data_todo", summary="Secret", user_id=self.nika.id
        )
        self.customer.user_id = self.omid
        self.assertFalse(self.customer.with_user(self.omid).next_step)
        self.assertEqual(self.customer.with_user(self.nika).next_step, "Secret")

    def test_an_overdue_step_and_an_open_balance_are_marked(self):
        self.customer.activity_schedule(
            "mail.mail_activity_data_todo",
            fields.Date.today() - timedelta(days=3),
            "Late",
            user_id=self.sara.id,
        )
        self.customer.sudo().balance_due = 70  # a figure that the engine writes
        values = self._values()
        self.assertEqual(values["next_step"]["tone"], "danger")
        self.assertEqual(values["balance_due"]["tone"], "danger")
        self.assertIn("70", values["balance_due"]["text"])
        self.assertEqual(values["last_contact_at"]["text"], "—")
