from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .timeline import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimeline(TimelineCommon):
    """One timeline of everything exchanged with a customer."""

    def test_every_kind_of_document_is_there_newest_first(self):
        self._make_story(self.hormuz)
        entries = self._page()["entries"]
        self.assertEqual(
            self._kinds(),
            [
                "rating",  # Odoo sets its date
                "meeting",
                "survey",
                "activity",
                "note",
                "mail",
                "payment",
                "refund",
                "invoice",
                "order",
                "quotation",
                "interaction",
                "visit",
                "call",
                "lead",
            ],
        )
        dates = [entry["date"] for entry in entries]
        self.assertEqual(dates, sorted(dates, reverse=True))
        self.assertIn("stage", [entry["kind"] for entry in entries])

    def test_an_entry_tells_what_who_and_how_much(self):
        order = self._make_order(self.hormuz, 250.0, client_order_ref="PO 7")
        order.user_id = self.omid
        [entry] = self._page(kinds=["order"])["entries"]
        self.assertEqual(entry["summary"], f"{order.name} · PO 7")
        self.assertEqual(entry["amount"], 250.0)
        self.assertEqual(entry["currency_id"], self.usd.id)
        self.assertEqual(entry["user_name"], self.omid.name)
        self.assertEqual(
            (entry["res_model"], entry["res_id"]), ("sale.order", order.id)
        )

    def test_a_credit_note_and_a_refunded_payment_are_negative(self):
        self._make_invoice(self.hormuz, 80.0, move_type="out_refund")
        self._make_payment(self.hormuz, 30.0, payment_type="outbound")
        amounts = {e["kind"]: e["amount"] for e in self._page()["entries"]}
        self.assertEqual(amounts["refund"], -80.0)
        self.assertEqual(amounts["payment"], -30.0)

    def test_every_contact_below_the_customer_counts(self):
        self._make_lead(self.reza)
        self.reza.active = False
        self.assertEqual(self._kinds(), ["lead"])

    def test_a_meeting_with_two_contacts_of_the_customer_is_one_entry(self):
        self._make_meeting(self.hormuz | self.reza)
        self.assertEqual(self._kinds(), ["meeting"])

    def test_drafts_and_cancelled_documents(self):
        self._make_invoice(self.hormuz, post=False)
        order = self._make_order(self.hormuz, confirm=False)
        order._action_cancel()
        [entry] = self._entries()
        self.assertEqual((entry["kind"], entry["state"]), ("quotation", "Cancelled"))

    def test_a_lead_says_how_it_ended(self):
        lead = self._make_lead(self.hormuz)
        self.assertEqual(self._page(kinds=["lead"])["entries"][0]["state"], "New")
        lead.type = "opportunity"
        self.assertEqual(self._page(kinds=["lead"])["entries"][0]["state"], "Qualified")
        lead.action_set_won()
        self.assertEqual(self._page(kinds=["lead"])["entries"][0]["state"], "Won")
        lead = self._make_lead(self.hormuz, name="Second")
        lead.action_set_lost()
        self.assertEqual(self._page(kinds=["lead"])["entries"][0]["state"], "Lost")

    def test_mails_to_and_from_a_contact_wherever_they_stand(self):
        order = self._make_order(self.hormuz)
        order.message_post(
            body="Your order", subject="Order", message_type="comment",
            subtype_xmlid="mail.mt_comment", partner_ids=self.reza.ids,
        )  # fmt: skip
        lead = self._make_lead(self.caspian)
        lead.message_post(
            body="Please call", message_type="email", author_id=self.reza.id
        )
        lead.message_post(body="Between us", message_type="comment")
        entries = self._page(kinds=["mail"])["entries"]
        self.assertEqual(
            {(entry["summary"], entry["direction"]) for entry in entries},
            {("Order", "out"), ("Please call", "in")},
        )

    def test_a_note_for_colleagues_is_a_note(self):
        for record, text in ((self.reza, "Likes tea"), (self.customer, "Pays late")):
            record.message_post(
                body=text, message_type="comment", subtype_xmlid="mail.mt_note"
            )
        self.customer.message_post(
            body="Sent", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        entries = self._entries()
        self.assertEqual(
            sorted((entry["kind"], entry["summary"]) for entry in entries),
            [("mail", "Sent"), ("note", "Likes tea"), ("note", "Pays late")],
        )

    def test_activities_done_on_customer_contact_lead_and_order(self):
        documents = (
            self.customer,
            self.reza,
            self._make_lead(self.reza),
            self._make_order(self.hormuz),
        )
        for document in documents:
            document.activity_schedule(
                "mail.mail_activity_data_call", summary="Ring", user_id=self.sara.id
            ).action_feedback()
        entries = self._page(kinds=["activity"])["entries"]
        self.assertEqual(len(entries), 4)
        self.assertEqual({entry["state"] for entry in entries}, {"Call"})

    def test_plans_of_the_next_three_months_show_further_ones_when_asked(self):
        now = fields.Datetime.now()
        self._make_meeting(self.hormuz, start=now + timedelta(days=10))
        self._make_meeting(self.hormuz, start=now + timedelta(days=200))
        [entry] = self._entries()
        self.assertEqual(entry["state"], "Planned")
        end = (now + timedelta(days=300)).date().isoformat()
        self.assertEqual(len(self._entries(date_to=end)), 2)

    # Filters

    def test_filter_by_kind_and_by_day(self):
        for days in (1, 10, 20):
            self._make_interaction(self.hormuz, date=self._ago(days))
            self._make_order(self.hormuz, date=self._ago(days))
        found = self._page(
            kinds=["call"],
            date_from=self._ago(12).date().isoformat(),
            date_to=self._ago(5).date().isoformat(),
        )["entries"]
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0]["date"][:10], self._ago(10).date().isoformat())
        self.assertFalse(self._page(kinds=[])["entries"])

    def test_a_day_is_the_users_day(self):
        self.env.user.tz = "Asia/Tehran"  # 3:30 before UTC
        self._make_interaction(self.hormuz, date=datetime(2026, 3, 9, 21, 0))
        self.assertFalse(self._kinds(date_from="2026-03-09", date_to="2026-03-09"))
        self.assertTrue(self._kinds(date_from="2026-03-10", date_to="2026-03-10"))

    def test_a_document_of_a_day_has_that_day_in_every_time_zone(self):
        invoice = self._make_invoice(self.hormuz, invoice_date="2026-03-10")
        for zone in ("Pacific/Honolulu", "Asia/Tehran", "Pacific/Auckland"):
            self.env.user.tz = zone
            for start, end, found in (
                ("2026-03-10", "2026-03-10", 1),
                ("2026-03-11", "2026-03-12", 0),
                ("2026-03-08", "2026-03-09", 0),
            ):
                entries = self._page(date_from=start, date_to=end)["entries"]
                self.assertEqual(len(entries), found, (zone, start))
        self.assertEqual(invoice.invoice_date.isoformat(), "2026-03-10")

    def test_search_looks_in_names_references_and_contents(self):
        self._make_order(self.hormuz, client_order_ref="PO 100% sure")
        self._make_interaction(self.hormuz, name="Asked for 1000 pumps")
        self.reza.message_post(body="Delivery of the pumps", message_type="email")
        self.assertEqual(self._kinds(search="100%"), ["order"])
        self.assertEqual(sorted(self._kinds(search="pumps")), ["call", "mail"])
        self.assertFalse(self._kinds(search="_"))

    # Paging

    def test_pages_follow_each_other_without_gap_or_repetition(self):
        moment = self._ago(3)
        for number in range(7):  # all at once: the hardest order
            self._make_interaction(self.hormuz, name=str(number), date=moment)
            self._make_order(self.hormuz, date=moment)
            self._make_invoice(self.hormuz, invoice_date=moment.date())
        whole = [entry["id"] for entry in self._page(limit=100)["entries"]]
        self.assertEqual(len(whole), 22)  # and the stage
        for size in (1, 4, 20, 21, 22):
            self.assertEqual(self._read_all(size), whole, size)

    def test_what_arrives_in_between_repeats_nothing(self):
        for days in range(1, 7):
            self._make_interaction(self.hormuz, date=self._ago(days))
        first = self._page(limit=3)
        self._make_interaction(self.hormuz, date=self._ago(0))
        second = self._page(limit=10, after=first["next"])
        ids = [entry["id"] for entry in first["entries"] + second["entries"]]
        self.assertEqual(len(set(ids)), len(ids))
        self.assertEqual(len(ids), 7)  # the six, and the stage
        self.assertFalse(second["next"])

    def test_an_empty_customer_has_an_empty_timeline(self):
        page = self._page(customer=self._make_customer(self.caspian), kinds=["mail"])
        self.assertEqual(page, {"entries": [], "next": False})

    # Companies

    def test_only_documents_of_the_customers_company(self):
        there = self._make_customer(self.hormuz, self.bahar_company)
        self._make_order(self.hormuz)
        self._make_lead(
            self.hormuz, company_id=False, user_id=self.omid.id, team_id=False
        )
        self._make_meeting(self.hormuz, user_id=self.omid.id)
        self._make_meeting(self.hormuz, user_id=self.bahar.id)
        self._post(self.hormuz, body="Here", message_type="email")
        self.assertEqual(sorted(self._kinds()), ["lead", "mail", "meeting", "order"])
        self.assertEqual(self._kinds(customer=there), ["meeting"])

    def test_documents_of_a_branch_are_the_companys(self):
        branch = self.env["res.company"].create(
            {"name": "Arvand South", "parent_id": self.arvand.id}
        )
        self.env.user.company_ids |= branch
        self._make_lead(self.hormuz, company_id=branch.id, team_id=False)
        self.assertEqual(self._kinds(), ["lead"])

    # What is asked wrongly

    def test_nonsense_is_refused_in_words(self):
        for asked in (
            {"date_from": "yesterday"},
            {"date_to": "2026-13-01"},
            {"after": ["x", "mail", 1]},
            {"after": [1]},
        ):
            with self.assertRaises(UserError, msg=asked):
                self._page(**asked)
        with self.assertRaises(UserError):
            self.Timeline.get_page(0)
