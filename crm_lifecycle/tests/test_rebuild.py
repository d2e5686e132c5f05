from datetime import datetime, time

from odoo.exceptions import AccessError
from odoo.tools import SQL

from .test_rule_kinds import RuleCase


class TestRebuild(RuleCase):
    """Past stages told again from documents; what persons decided stays."""

    def setUp(self):
        super().setUp()
        invoice = self._make_invoice(self.hormuz, invoice_date=self._days_ago(600))
        self._pay(invoice, payment_date=self._days_ago(580))
        self._process()
        self.customer = self._customer_of(self.hormuz)
        self.told = [("acquire", 600), ("develop", 580), ("lost", 235)]

    def _get_days(self):
        today = self._days_ago(0)
        return [
            (h.stage_id.code, (today - h.date_from.date()).days)
            for h in self.customer.history_ids.sorted("date_from")
        ]

    def _spoil(self):
        """As a history from before the rules were what they are."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_lifecycle_history WHERE customer_id = %s",
                self.customer.id,
            )
        )
        now = self.customer._now()
        self.customer._write_unseen(
            {"stage_id": self._stage("identify").id, "stage_since": now}
        )
        self.env["crm.lifecycle.history"].create(
            {
                "customer_id": self.customer.id,
                "company_id": self.arvand.id,
                "stage_id": self._stage("identify").id,
                "date_from": now,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def _rebuild(self):
        self.customer.with_user(self.sara).action_rebuild_history()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_a_new_customer_begins_with_the_history_that_documents_tell(self):
        self.assertEqual(self._get_days(), self.told)

    def test_rebuilding_tells_the_same_from_nothing(self):
        self._spoil()
        self._rebuild()
        self.assertEqual(self._get_days(), self.told)
        self.assertEqual(self.customer.stage_id.code, "lost")
        self.assertEqual(self.customer.stage_since.date(), self._days_ago(235))

    def test_rebuilding_what_is_right_writes_nothing(self):
        before = self.customer.history_ids.ids
        self._rebuild()
        self.assertEqual(self.customer.history_ids.ids, before)

    def test_a_pinned_customer_stays_where_he_is(self):
        self._spoil()
        self.customer.write({"stage_pinned": True})
        self._rebuild()
        self.assertEqual(self.customer.stage_id.code, "identify")
        self.assertEqual(self._get_days(), [*self.told, ("identify", 0)])

    def test_what_a_person_decided_keeps_its_time(self):
        """Somebody had put him in retain from 500 until 300 days ago."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_lifecycle_history WHERE customer_id = %s",
                self.customer.id,
            )
        )
        moments = [
            datetime.combine(self._days_ago(days), time(10)) for days in (500, 300)
        ]
        values = {"customer_id": self.customer.id, "company_id": self.arvand.id}
        History = self.env["crm.lifecycle.history"]
        decided, _later = History.create(
            [
                {
                    **values,
                    "stage_id": self._stage("retain").id,
                    "date_from": moments[0],
                    "date_to": moments[1],
                    "user_id": self.omid.id,
                    "reason": "Old friend",
                },
                {
                    **values,
                    "stage_id": self._stage("lost").id,
                    "date_from": moments[1],
                },
            ]
        )
        self._rebuild()
        self.assertEqual(
            self._get_days(),
            [("acquire", 600), ("develop", 580), ("retain", 500), ("develop", 300)]
            + [("lost", 235)],
        )
        self.assertEqual(decided.date_from, moments[0])
        self.assertEqual(decided.reason, "Old friend")

    def test_a_win_back_is_found_in_the_past(self):
        order = self._make_order(self.hormuz, date=self._days_ago(50))
        self.assertTrue(order)
        self._spoil()
        self._rebuild()
        self.assertEqual(self._get_days()[-2:], [("lost", 235), ("develop", 50)])
        self.assertEqual(self.customer.won_back_date, self._days_ago(50))

    def test_companies_of_a_contact_do_not_mix(self):
        self._make_lead(self.hormuz, company_id=self.bahar_company.id)
        self._process()
        other = self._customer_of(self.hormuz, self.bahar_company)
        before = other.history_ids.ids
        self._spoil()
        self._rebuild()
        self.assertEqual(other.history_ids.ids, before)
        self.assertEqual(self._get_days(), self.told)

    def test_only_managers_of_the_company_rebuild(self):
        for user in (self.omid, self.nika, self.leila, self.bahar, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.customer.with_user(user).action_rebuild_history()
