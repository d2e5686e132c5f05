from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import crm_customer_timeline_counts
from .timeline import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineKindCounts(TimelineCommon):
    """The numbers on the kinds: what a click on them would show."""

    def _get_counts(self, user=None, **asked):
        Timeline = self.Timeline.with_user(user) if user else self.Timeline
        counts = Timeline.get_counts(self.customer.id, **asked)
        return {
            kind: found["count"] for kind, found in counts.items() if found["count"]
        }

    def _count_pages(self, user=None, **asked):
        """Count the entries that the pages show."""
        counts = {}
        for entry in self._page(user=user, limit=500, **asked)["entries"]:
            counts[entry["kind"]] = counts.get(entry["kind"], 0) + 1
        return counts

    def test_they_agree_with_the_pages_for_every_user_and_filter(self):
        self._make_story(self.hormuz)
        self._make_order(self.hormuz, user_id=self.omid.id)
        self._make_meeting(self.hormuz, user_id=self.nika.id, privacy="private")
        self.customer.user_id = self.omid
        for user in (self.env.user, self.sara, self.nika, self.omid):
            for asked in (
                {},
                {"search": "Call"},
                {"date_from": self._ago(20).date().isoformat()},
                {"date_to": self._ago(10).date().isoformat(), "search": "e"},
            ):
                expected = self._count_pages(user, **asked)
                self.assertEqual(self._get_counts(user, **asked), expected, user.login)
        self.assertGreater(len(self._get_counts(self.nika)), 8)
        self.assertNotIn("payment", self._get_counts(self.omid))

    def test_documents_of_colleagues_are_not_even_counted(self):
        self._make_order(self.hormuz, user_id=self.omid.id)
        self._make_order(self.hormuz, user_id=self.nika.id)
        self.customer.user_id = self.omid
        self.assertEqual(self._get_counts(self.omid)["order"], 1)
        self.assertEqual(self._get_counts(self.nika)["order"], 2)

    def test_every_kind_of_the_screen_has_a_number(self):
        counts = self.Timeline.with_user(self.omid).get_counts(self.customer.id)
        kinds = self.Timeline.with_user(self.omid).get_kinds()
        self.assertEqual(set(counts), {kind["kind"] for kind in kinds})

    def test_more_than_is_counted_is_said(self):
        for _turn in range(4):
            self._make_interaction(self.hormuz)
        self._make_order(self.hormuz)
        with patch.object(crm_customer_timeline_counts, "COUNT_MAX", 3):
            counts = self.Timeline.get_counts(self.customer.id)
        self.assertTrue(counts["call"]["more"])
        self.assertGreaterEqual(counts["call"]["count"], 3)
        self.assertEqual(counts["order"], {"count": 1, "more": False})

    def test_the_number_of_statements_is_constant(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_counts(self.nika)
            return self.env.cr.sql_log_count - before

        self._make_story(self.hormuz)
        self._get_counts(self.nika)
        few = count()
        for _turn in range(10):
            self._make_interaction(self.hormuz)
            self._make_lead(self.hormuz)
            self._make_meeting(self.hormuz)
            self._post(
                self.hormuz,
                body="Again",
                message_type="email",
                author_id=self.hormuz.id,
            )
        self.env.flush_all()
        self.assertEqual(count(), few)

    def test_nobody_counts_what_he_may_not_see_and_wrong_dates_are_refused(self):
        self.customer.user_id = self.nika
        self.env.flush_all()
        for user in (self.omid, self.leila, self.bahar, self.portal, self.public):
            with self.assertRaises(AccessError, msg=user.login):
                self._get_counts(user)
        with self.assertRaises(UserError):
            self._get_counts(date_from="yesterday")


@tagged("post_install", "-at_install")
class TestTimelineShared(TimelineCommon):
    """Which comment is a note of colleagues, and which a mail to somebody outside."""

    def setUp(self):
        super().setUp()
        self.hormuz.email = "info@hormuz.example.com"
        self.note = {"message_type": "comment", "subtype_xmlid": "mail.mt_note"}

    def _kinds_of(self, message):
        rows = self._page(limit=500)["entries"]
        return [r["kind"] for r in rows if r["res_id"] == message.id]

    def test_a_note_for_colleagues_is_a_note(self):
        message = self._post(self.hormuz, body="Careful", **self.note)
        self.assertEqual(self._kinds_of(message), ["note"])
        asked = self._post(
            self.hormuz,
            body="Please look",
            partner_ids=self.sara.partner_id.ids,
            **self.note,
        )
        self.assertEqual(self._kinds_of(asked), ["note"])

    def test_a_note_that_somebody_outside_got_is_a_mail(self):
        message = self._post(
            self.hormuz, body="Read this", partner_ids=self.reza.ids, **self.note
        )
        self.assertEqual(self._kinds_of(message), ["mail"])
        message.notification_ids.unlink()
        self.assertEqual(self._kinds_of(message), ["mail"], "named as a recipient")

    def test_a_note_that_a_follower_outside_was_notified_of_is_a_mail(self):
        message = self._post(self.hormuz, body="Careful", **self.note)
        self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": self.reza.id,
                "notification_type": "email",
            }
        )
        self.assertEqual(self._kinds_of(message), ["mail"])

    def test_a_note_that_somebody_outside_wrote_is_a_mail(self):
        message = self._post(
            self.hormuz, body="From the portal", author_id=self.reza.id, **self.note
        )
        self.assertEqual(self._kinds_of(message), ["mail"])
