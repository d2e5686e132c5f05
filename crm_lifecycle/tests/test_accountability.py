from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .common import LifecycleCommon


class TestAccountability(LifecycleCommon):
    """Who answers for a customer, since when, and how long the customer waited."""

    def setUp(self):
        super().setUp()
        self.phone = self.env.ref("crm_lifecycle.crm_channel_phone")
        self.start = fields.Datetime.now() - timedelta(hours=30)

    def _backdate_lead(self, lead, created, opened=None):
        lead.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET create_date = %s, date_open = %s WHERE id = %s",
                created,
                opened,
                lead.id,
            )
        )
        lead.invalidate_recordset()

    def _call(self, partner, date, **values):
        return self.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": partner.id,
                "company_id": self.arvand.id,
                "channel_id": self.phone.id,
                "date": date,
                "direction": "in",
                **values,
            }
        )

    def test_time_runs_from_the_first_contact_to_the_first_person(self):
        self._backdate_lead(self._make_lead(self.hormuz), self.start)
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.first_contact_at, self.start)
        self.assertFalse(customer.first_owner_at)
        customer.user_id = self.omid
        self._process()
        self.assertAlmostEqual(customer.hours_to_owner, 30, places=1)
        customer.user_id = self.nika
        self._process()
        self.assertAlmostEqual(customer.hours_to_owner, 30, places=1)

    def test_no_data_is_not_zero_hours(self):
        self._make_lead(self.hormuz)
        self._process()
        customer = self._customer_of(self.hormuz)
        query = SQL("SELECT hours_to_owner FROM crm_customer WHERE id=%s", customer.id)
        self.assertEqual(self.env.execute_query(query), [(None,)])
        average = self.Customer._read_group(
            [("id", "=", customer.id)], [], ["hours_to_owner:avg"]
        )
        self.assertFalse(average[0][0])
        self._make_order(self.caspian)
        self._process()
        self.assertFalse(self._customer_of(self.caspian).first_contact_at)

    def test_the_person_of_the_lead_counts(self):
        lead = self._make_lead(self.hormuz, user_id=self.omid.id)
        self._backdate_lead(lead, self.start, self.start + timedelta(hours=4))
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertAlmostEqual(customer.hours_to_owner, 4, places=2)

    def test_a_call_before_the_lead_is_the_first_contact(self):
        self._call(self.reza, self.start)
        self._call(self.reza, self.start - timedelta(days=9), direction="out")
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.first_contact_at, self.start)
        self.assertAlmostEqual(customer.hours_to_owner, 30, places=1)

    def test_who_was_accountable_before_the_first_contact_makes_it_zero(self):
        customer = self.Customer.create(
            {"partner_id": self.hormuz.id, "user_id": self.omid.id}
        )
        self._call(self.hormuz, fields.Datetime.now() + timedelta(minutes=5))
        self._process()
        self.assertTrue(customer.first_owner_at)
        self.assertEqual(customer.hours_to_owner, 0.0)

    def test_a_mail_of_the_customer_on_a_document_of_the_company_counts(self):
        lead = self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        customer = self._customer_of(self.hormuz)
        message = lead.message_post(
            author_id=self.reza.id, message_type="email", body="Hello"
        )
        message.date = self.start
        self.assertTrue(
            self.env.cr.precommit.data.get("crm.customer.events"), "not looked at"
        )
        self._process()
        self.assertEqual(customer.first_contact_at, self.start)
        note = self.hormuz.message_post(
            author_id=self.reza.id, message_type="email", body="Nobody's"
        )
        note.date = self.start - timedelta(days=2)
        self.Customer._refresh_facts()
        self.assertEqual(customer.first_contact_at, self.start)

    def test_a_meeting_counts_once_it_took_place(self):
        customer = self.Customer.create({"partner_id": self.hormuz.id})
        people = (self.omid.partner_id | self.reza).ids
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": self.start + timedelta(days=9),
                "stop": self.start + timedelta(days=9, hours=1),
                "user_id": self.omid.id,
                "partner_ids": people,
            }
        )
        self.Customer._refresh_facts()
        self.assertFalse(customer.first_contact_at)
        meeting.write({"start": self.start, "stop": self.start + timedelta(hours=1)})
        self.Customer._refresh_facts()
        self.assertEqual(customer.first_contact_at, self.start)

    def test_the_history_keeps_everybody_with_the_reason(self):
        self._make_lead(self.hormuz)
        self._process()
        customer = self._customer_of(self.hormuz)
        wizard = self.env["crm.customer.assign"].with_user(self.sara)
        wizard.create(
            {
                "customer_ids": customer.ids,
                "user_id": self.omid.id,
                "deputy_id": self.nika.id,
                "reason": "Knows the plant",
            }
        ).action_assign()
        customer.user_id = False
        lines = customer.owner_ids
        self.assertEqual(lines.mapped("user_id"), self.omid)
        self.assertEqual(len(lines), 2)
        self.assertEqual(lines[1].reason, "Knows the plant")
        self.assertEqual(lines[1].assigned_by, self.sara)
        self.assertEqual(customer.deputy_id, self.nika)
        self.assertEqual(customer.owner_since, lines[0].date_from)

    def test_assigning_hands_over_the_open_leads_of_the_former_person_only(self):
        mine = self._make_lead(self.hormuz, user_id=self.omid.id)
        others = self._make_lead(self.hormuz, user_id=self.sara.id)
        foreign = self._make_lead(self.hormuz, company_id=self.bahar_company.id)
        self._process()
        customer = self._customer_of(self.hormuz)
        customer.user_id = self.omid
        self.env["crm.customer.assign"].create(
            {
                "customer_ids": customer.ids,
                "user_id": self.nika.id,
                "reason": "Omid moves to the south",
            }
        ).action_assign()
        self.assertEqual(mine.user_id, self.nika)
        self.assertEqual(others.user_id, self.sara)
        self.assertFalse(foreign.user_id)

    def test_nobody_is_his_own_deputy(self):
        with self.assertRaises(UserError):
            self.env["crm.customer.assign"].create(
                {
                    "customer_ids": [],
                    "user_id": self.nika.id,
                    "deputy_id": self.nika.id,
                    "reason": "?",
                }
            )

    def test_the_history_is_written_by_the_engine_only(self):
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        line = self._customer_of(self.hormuz).owner_ids
        self.assertEqual(line.user_id, self.omid)
        for user in (self.omid, self.sara):
            with self.assertRaises(AccessError):
                line.with_user(user).write({"reason": "Forged"})
            with self.assertRaises(AccessError):
                line.with_user(user).unlink()

    def test_who_was_there_before_the_record_does_not_count_as_quick(self):
        self.hormuz.user_id = self.omid
        lead = self._make_lead(self.hormuz)
        self._backdate_lead(lead, datetime(2020, 1, 1))
        self._process()
        customer = self._customer_of(self.hormuz)
        self.assertEqual(customer.user_id, self.omid)
        self.assertTrue(customer.owner_ids.is_estimated)
        self.assertFalse(customer.first_owner_at)

    def test_merged_customers_keep_both_histories(self):
        for partner in (self.hormuz, self.caspian):
            self._make_lead(partner, user_id=self.omid.id)
        self._process()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.hormuz | self.caspian).ids, self.caspian
        )
        self._process()
        self.assertEqual(len(self._customer_of(self.caspian).owner_ids), 2)

    def test_facts_of_many_customers_take_no_more_queries(self):
        def refresh(count):
            partners = self.env["res.partner"].create(
                [{"name": f"P{number}"} for number in range(count)]
            )
            for partner in partners:
                self._make_lead(partner)
            self._process()
            self.env.cr.precommit.data.clear()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Customer._collect_fact_changes(partners.ids)
            return self.env.cr.sql_log_count - before

        self.assertEqual(refresh(2), refresh(20))
