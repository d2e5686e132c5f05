from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tools import mute_logger

from .common import LifecycleCommon


class TestEvents(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self.env["crm.customer.event"].search([]).unlink()
        self.Event = self.env["crm.customer.event"]

    def _commit(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _events(self):
        return [
            (event.kind, event.root_company, event.partner_id)
            for event in self.Event.search([])
        ]

    def test_one_transaction_writes_one_event_a_customer_and_kind(self):
        lead = self._make_lead(self.reza)
        self._make_lead(self.hormuz)
        lead.type = "opportunity"
        self.assertFalse(self._events())
        self._commit()
        self.assertEqual(self._events(), [("lead", self.arvand.id, self.hormuz.id)])

    def test_one_insert_and_one_trigger_for_one_customer(self):
        lane = self.hormuz.id % 4
        cron = self.env.ref(f"crm_lifecycle.ir_cron_lane_{lane}")
        Trigger = self.env["ir.cron.trigger"]
        before = Trigger.search_count([("cron_id", "=", cron.id)])
        self._make_lead(self.hormuz)
        self._make_order(self.hormuz)
        self._commit()
        after = Trigger.search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after - before, 1)

    def test_the_users_transaction_writes_no_customer(self):
        self._make_order(self.hormuz)
        self._commit()
        self.assertFalse(self._customer_of(self.hormuz))

    def test_a_change_that_says_nothing_new_queues_nothing(self):
        lead = self._make_lead(self.hormuz)
        self._process()
        lead.write({"name": "Another title", "expected_revenue": 5})
        self.hormuz.comment = "Nice people"
        self.caspian.email = "nobody@example.com"
        self._commit()
        self.assertFalse(self._events())

    def test_payment_and_its_removal_queue_the_customer(self):
        invoice = self._bill(self._make_order(self.hormuz))
        self._process()
        self._pay(invoice)
        self._commit()
        self.assertIn(("invoice", self.arvand.id, self.hormuz.id), self._events())
        self._process()
        invoice.line_ids.remove_move_reconcile()
        self._commit()
        self.assertIn(("invoice", self.arvand.id, self.hormuz.id), self._events())

    def test_events_of_contacts_that_are_gone_do_no_harm(self):
        partner = self.env["res.partner"].create({"name": "Gone"})
        self.Customer._queue_events("test", [(self.arvand.id, partner.id)])
        self._commit()
        partner.unlink()
        self._process()
        self.assertFalse(self._events())

    def test_a_failing_customer_stands_alone_and_shows_why(self):
        partners = self.hormuz
        for number in range(6):  # all in one lane, so that they share a chunk
            while True:
                partner = self.env["res.partner"].create({"name": f"P{number}"})
                if partner.id % 4 == self.hormuz.id % 4:
                    break
            partners |= partner
        for partner in partners:
            self._make_lead(partner)
        self._commit()
        sick = partners[3]
        with self._sick(sick), mute_logger("odoo.addons.crm_lifecycle.models"):
            self._run_lane(sick.id % 4)
        for partner in partners - sick:
            self.assertEqual(self._customer_of(partner).lead_count, 1)
        event = self.Event.search([("partner_id", "=", sick.id)])
        self.assertIn("ZeroDivisionError: sick", event.error)
        self.assertEqual(event.attempts, 1)
        event.action_retry()
        self._run_lane(sick.id % 4)
        self.assertFalse(event.exists())
        self.assertEqual(self._customer_of(sick).lead_count, 1)

    def test_a_chunk_that_was_overtaken_is_tried_again_then_left_to_the_cron(self):
        self._make_lead(self.hormuz)
        self._commit()
        refresh = self.env.registry["crm.customer"]._refresh
        answers = [SerializationFailure("too old")] * 2 + [None]

        def _refresh(customers, partner_ids):
            error = answers.pop(0)
            if error:
                raise error
            return refresh(customers, partner_ids)

        registry = self.env.registry["crm.customer"]
        with patch.object(registry, "_refresh", _refresh):
            self._run_lane(self.hormuz.id % 4)
        self.assertEqual(self._customer_of(self.hormuz).lead_count, 1)
        self.Customer._queue_events("test", [(False, self.hormuz.id)])
        self._commit()
        answers += [SerializationFailure("too old")] * 10
        with (
            patch.object(registry, "_refresh", _refresh),
            self.assertRaises(SerializationFailure),
        ):
            self._run_lane(self.hormuz.id % 4)
        self.assertEqual(self.Event.search([]).mapped("error"), [False])

    def _sick(self, partner):
        refresh = self.env.registry["crm.customer"]._refresh

        def _refresh(customers, partner_ids):
            if partner.id in partner_ids:
                raise ZeroDivisionError("sick")
            return refresh(customers, partner_ids)

        return patch.object(self.env.registry["crm.customer"], "_refresh", _refresh)

    def _run_lane(self, lane):
        """Run a lane without its commits."""
        commit = patch.object(
            self.env.registry["ir.cron"], "_commit_progress", return_value=60.0
        )
        with commit, patch.object(self.env.cr, "rollback"):
            self.Event._cron_consume(lane)
        self.env.invalidate_all()

    def test_the_night_retries_what_failed_a_few_times(self):
        self._make_lead(self.hormuz)
        self._commit()
        event = self.Event.search([])
        event.write({"error": "x", "attempts": 4})
        self.Event._retry_failed()
        self.assertFalse(event.error)
        event.write({"error": "x", "attempts": 5})
        self.Event._retry_failed()
        self.assertTrue(event.error)
