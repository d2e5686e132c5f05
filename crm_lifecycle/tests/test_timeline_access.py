from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .timeline import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineAccess(TimelineCommon):
    """Each entry only for those who may read its document."""

    def test_documents_of_colleagues_stay_hidden(self):
        mine = self._make_order(self.hormuz, user_id=self.omid.id)
        self._make_order(self.hormuz, user_id=self.nika.id)
        self._make_lead(self.hormuz, user_id=self.nika.id)
        seen = self._entries(user=self.omid)
        self.assertEqual([entry["res_id"] for entry in seen], [mine.id])
        self.assertEqual(len(self._entries(user=self.nika)), 3)

    def test_who_may_not_read_payments_sees_none(self):
        self._make_payment(self.hormuz)
        self.assertEqual(self._kinds(user=self.omid), [])
        kinds = self.Timeline.with_user(self.omid).get_kinds()
        self.assertNotIn("payment", [kind["kind"] for kind in kinds])
        clerk = new_test_user(
            self.env,
            "le_timeline_clerk",
            groups="sales_team.group_sale_salesman,account.group_account_invoice",
            company_id=self.arvand.id,
            company_ids=[Command.set(self.arvand.ids)],
        )
        self.assertEqual(self._kinds(user=clerk), ["payment"])

    def test_a_salesperson_sees_his_invoices_not_those_of_others(self):
        mine = self._make_invoice(self.hormuz, 70.0, invoice_user_id=self.omid.id)
        self._make_invoice(self.hormuz, 900.0, invoice_user_id=self.nika.id)
        seen = self._entries(user=self.omid)
        self.assertEqual(
            [(entry["res_id"], entry["amount"]) for entry in seen], [(mine.id, 70.0)]
        )

    def test_private_meetings_are_for_those_who_take_part(self):
        self._make_meeting(self.hormuz, user_id=self.nika.id, privacy="private")
        self.assertEqual(self._kinds(user=self.omid), [])
        self.assertEqual(self._kinds(user=self.nika), ["meeting"])

    def test_meetings_of_a_private_calendar_are_private(self):
        self.nika.with_user(self.nika).calendar_default_privacy = "private"
        meeting = self._make_meeting(self.hormuz, user_id=self.nika.id)
        self.assertFalse(meeting.privacy)
        self.assertEqual(self._kinds(user=self.omid), [])
        self.assertEqual(self._kinds(user=self.nika), ["meeting"])

    def test_a_page_is_filled_up_behind_what_may_not_be_read(self):
        oldest = self._make_order(self.hormuz, user_id=self.omid.id, date=self._ago(90))
        for days in range(1, 31):
            self._make_order(self.hormuz, user_id=self.nika.id, date=self._ago(days))
        page = self._page(user=self.omid, kinds=["order"], limit=2)
        self.assertEqual([entry["res_id"] for entry in page["entries"]], [oldest.id])
        self.assertFalse(page["next"])

    def test_where_hardly_anything_may_be_read_the_search_stops_and_goes_on(self):
        oldest = self._make_order(self.hormuz, user_id=self.omid.id, date=self._ago(90))
        for days in range(1, 31):
            self._make_order(self.hormuz, user_id=self.nika.id, date=self._ago(days))
        self.patch(type(self.Timeline), "_filter_visible", self._see_only(oldest.id))
        self.assertEqual(
            self._read_all(1, kinds=["order"]),
            [f"{self.customer.id}-order-{oldest.id}"],
        )

    def _see_only(self, res_id):
        def filter_visible(_timeline, entries, _sources):
            return [entry for entry in entries if entry.res_id == res_id]

        return filter_visible

    def test_nobody_without_the_customer_gets_anything(self):
        self._make_order(self.hormuz)
        self.customer.user_id = self.nika
        self.env.flush_all()
        for user in (self.omid, self.leila, self.bahar, self.portal, self.public):
            with self.assertRaises(AccessError, msg=user.login):
                self._page(user=user)
            with self.assertRaises(AccessError, msg=user.login):
                self.customer.with_user(user).get_header()
            domain = [("customer_id", "=", self.customer.id)]
            with self.assertRaises(AccessError, msg=user.login):
                self.Timeline.with_user(user).search_read(domain)

    def test_nobody_writes_in_it(self):
        for operation in ("create", "write", "unlink"):
            self.assertFalse(
                self.Timeline.with_user(self.sara).has_access(operation), operation
            )
