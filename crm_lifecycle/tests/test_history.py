from datetime import datetime, time

from psycopg2 import IntegrityError

from odoo.tools import mute_logger

from .common import LifecycleCommon


class TestHistory(LifecycleCommon):
    def test_stages_follow_each_other_from_first_contact_in_event_time(self):
        ordered, paid = self._days_ago(60), self._days_ago(40)
        order = self._make_order(self.hormuz, date=ordered)
        invoice = order._create_invoices()
        invoice.invoice_date = paid
        invoice.action_post()
        self._pay(invoice, payment_date=paid)
        self._process()
        customer = self._customer_of(self.hormuz)
        history = customer.history_ids.sorted("date_from")
        self.assertEqual(self._stages_of(customer), ["acquire", "develop"])
        self.assertEqual(history[0].date_from, datetime.combine(ordered, time()))
        self.assertEqual(history[1].date_from, datetime.combine(paid, time()))
        self.assertEqual(history[0].date_to, history[1].date_from)
        self.assertEqual(
            history[1].rule_id, self.env.ref("crm_lifecycle.crm_lifecycle_rule_develop")
        )
        self.assertEqual(customer.stage_since, history[1].date_from)
        self.assertAlmostEqual(history[0].duration, 20, places=0)

    def test_an_event_before_the_present_stage_takes_effect_when_known(self):
        self._make_lead(self.hormuz, type="opportunity")
        self._process()
        invoice = self._make_invoice(self.hormuz, invoice_date=self._days_ago(90))
        self._pay(invoice, payment_date=self._days_ago(80))
        self._process()
        history = self._customer_of(self.hormuz).history_ids.sorted("date_from")
        self.assertEqual(history.mapped("stage_id.code"), ["acquire", "develop"])
        self.assertEqual(history[1].date_from.date(), self._days_ago(0))
        self.assertEqual(history[0].date_to, history[1].date_from)

    def test_the_database_refuses_overlaps_and_two_open_intervals(self):
        self._make_lead(self.hormuz)
        self._process()
        customer = self._customer_of(self.hormuz)
        values = {
            "customer_id": customer.id,
            "company_id": customer.company_id.id,
            "stage_id": customer.stage_id.id,
        }
        since = customer.stage_since
        for wrong in (
            {"date_from": since, "date_to": "2100-01-01"},
            {"date_from": "2100-01-01"},
            {"date_from": "2001-01-01", "date_to": "2000-01-01"},
        ):
            with (
                self.subTest(wrong=wrong),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.env["crm.lifecycle.history"].create({**values, **wrong})
                self.env.flush_all()

    def test_the_open_interval_is_the_stage_of_the_customer(self):
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian, type="opportunity")
        self._process()
        self._make_invoice(self.hormuz)
        self._customer_of(self.caspian).stage_id = self._stage("lost")
        self._process()
        for partner in (self.hormuz, self.caspian):
            customer = self._customer_of(partner)
            last = customer.history_ids.filtered(lambda h: not h.date_to)
            self.assertEqual(last.stage_id, customer.stage_id)
            self.assertEqual(last.date_from, customer.stage_since)
