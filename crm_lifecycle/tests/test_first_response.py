from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .common import LifecycleCommon


class TestFirstResponse(LifecycleCommon):
    """How long customers wait for the first answer by one of us."""

    def setUp(self):
        super().setUp()
        self.phone = self.env.ref("crm_lifecycle.crm_channel_phone")
        self.start = fields.Datetime.now() - timedelta(hours=30)
        self.hormuz.email = "info@hormuz.example.com"
        self.lead = self._make_lead(self.hormuz)
        self.lead.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                self.start,
                self.lead.id,
            )
        )
        self._process()
        self.customer = self._customer_of(self.hormuz)

    def _note(self, hours, partner=None, **values):
        return self.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": (partner or self.reza).id,
                "company_id": self.arvand.id,
                "channel_id": self.phone.id,
                "date": self.start + timedelta(hours=hours),
                "direction": "out",
                "user_id": self.omid.id,
                **values,
            }
        )

    def _write_mail(self, hours, author=None, document=None, **values):
        author = author or self.omid
        message = (document or self.lead).message_post(
            **{
                "body": "Dear customer",
                "author_id": author.partner_id.id,
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "partner_ids": self.hormuz.ids,
                **values,
            }
        )
        message.date = self.start + timedelta(hours=hours)
        return message

    def _get_hours(self):
        """Measure again; None where nothing is known."""
        self.Customer._refresh_facts()
        self.env.flush_all()
        query = "SELECT hours_to_response FROM crm_customer WHERE id = %s"
        hours = self.env.execute_query(SQL(query, self.customer.id))[0][0]
        return hours if hours is None else round(hours, 2)

    def test_time_runs_from_the_first_contact_to_the_first_answer(self):
        self.assertIsNone(self._get_hours())
        self._note(9)
        self._note(5)
        self.assertEqual(self._get_hours(), 5)
        self.assertEqual(
            self.customer.first_response_at, self.start + timedelta(hours=5)
        )

    def test_what_we_did_before_the_first_contact_is_no_answer(self):
        self._note(-5)
        self.assertIsNone(self._get_hours())

    def test_a_mail_that_a_colleague_wrote_is_an_answer(self):
        self._write_mail(3)
        self.assertEqual(self._get_hours(), 3)

    def test_another_companys_answer_on_a_shared_contact_does_not_count(self):
        there = self.hormuz.with_company(self.bahar_company)
        self._write_mail(3, author=self.bahar, document=there)
        self.assertIsNone(self._get_hours())
        self._write_mail(4, document=self.hormuz)
        self.assertEqual(self._get_hours(), 4)

    def test_notes_automatic_mails_and_the_customers_own_mails_are_no_answers(self):
        self._write_mail(1, subtype_xmlid="mail.mt_note", partner_ids=[])
        self._write_mail(2, message_type="auto_comment")
        self.reza.email = "reza@example.com"
        reader = {"author_id": self.reza.id, "message_type": "email"}
        self._write_mail(3, **reader)
        self._note(4, user_id=False)
        self.assertIsNone(self._get_hours())

    def test_a_call_marked_as_done_is_an_answer_a_todo_is_not(self):
        for kind in ("todo", "call"):
            activity = self.lead.activity_schedule(
                f"mail.mail_activity_data_{kind}", user_id=self.omid.id
            )
            activity.with_user(self.omid).action_feedback("Done")
            hours = self._get_hours()
            self.assertEqual(hours is None, kind == "todo", kind)
        self.assertAlmostEqual(hours, 30, places=1)

    def test_a_conversation_is_answered_at_once_a_missed_call_is_not(self):
        self._note(-2, direction="in")
        self.assertIsNone(self._get_hours())
        self._note(-3, direction="in", duration=4)
        self.assertEqual(self._get_hours(), 0)
        self.assertEqual(self.customer.response_text, "answered at once")

    def test_a_meeting_that_took_place_is_an_answer(self):
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": self.start + timedelta(hours=20),
                "stop": self.start + timedelta(hours=21),
                "user_id": self.omid.id,
                "partner_ids": (self.omid.partner_id | self.reza).ids,
            }
        )
        self.assertEqual(self._get_hours(), 20)

    def test_the_form_says_it_in_words(self):
        self.assertEqual(
            self.customer.response_text, "not answered yet, 30 hours waiting"
        )
        self._note(0.5)
        self._get_hours()
        self.assertEqual(self.customer.response_text, "answered after 30 minutes")
        silent = self.Customer.create({"partner_id": self.caspian.id})
        self.assertFalse(silent.response_text)

    def test_an_answer_wakes_the_engine_and_the_second_one_does_not(self):
        self._write_mail(3)
        self._process()
        self.assertAlmostEqual(self.customer.hours_to_response, 3, places=1)
        self._write_mail(4)
        self.env.flush_all()
        self.env.cr.precommit.run()
        waiting = self.env["crm.customer.event"].search_count(
            [("partner_id", "=", self.hormuz.id), ("kind", "=", "answer")]
        )
        self.assertFalse(waiting)

    def test_groups_show_the_median_of_the_hours_that_are_known(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(4)]
        )
        for number, partner in enumerate(partners):
            self._note(0, partner, direction="in")
            if number:  # the first one is not answered
                self._note(number**3, partner)
        customers = self.Customer.create(
            [{"partner_id": p.id, "user_id": self.omid.id} for p in partners]
        )
        unowned = self.Customer.create({"partner_id": self.caspian.id})
        self.Customer._refresh_facts()
        found = self.Customer.with_user(self.sara)._read_group(
            [("id", "in", (customers | unowned).ids)],
            ["user_id"],
            ["hours_to_response:avg", "__count"],
        )
        nobody = self.env["res.users"]
        figures = {user: (median, count) for user, median, count in found}
        self.assertEqual(figures, {self.omid: (8.0, 4), nobody: (False, 1)})

    def test_pivot_and_graph_ask_for_the_median(self):
        field = self.Customer.fields_get(["hours_to_response"])["hours_to_response"]
        self.assertEqual(field["aggregator"], "avg", "Odoo's screens know no other")
        self._note(6)
        self._get_hours()
        rows = self.Customer.formatted_read_grouping_sets(
            [("id", "=", self.customer.id)],
            [["team_id"], []],
            ["hours_to_response:avg"],
        )
        self.assertEqual([r[0]["hours_to_response:avg"] for r in rows], [6.0, 6.0])

    def test_who_was_not_answered_is_found(self):
        view = self.env.ref("crm_lifecycle.crm_customer_view_search")
        arch = self.Customer.get_view(view.id, "search")["arch"]
        self.assertIn('name="unanswered"', arch)
        domain = [("first_contact_at", "!=", False), ("first_response_at", "=", False)]
        self.assertIn(self.customer, self.Customer.search(domain))
        self._note(6)
        self._get_hours()
        self.assertNotIn(self.customer, self.Customer.search(domain))
