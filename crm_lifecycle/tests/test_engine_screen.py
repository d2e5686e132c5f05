from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError

from ..models import crm_customer_refresh
from .common import LifecycleCommon


class TestEngineScreen(LifecycleCommon):
    """What a manager sees of the engine, and what he can do."""

    def setUp(self):
        super().setUp()
        self.env["crm.customer.event"].search([]).unlink()
        self.env["crm.customer.run"].search([]).unlink()
        self.Event = self.env["crm.customer.event"]
        self.now = fields.Datetime.now()

    def _status(self, user=None):
        user = user or self.sara
        Run = self.env["crm.customer.run"].with_user(user)
        Run = Run.with_context(allowed_company_ids=user.company_id.ids)
        return Run.get_engine_status()

    def _queue(self, partner, minutes=0, company=None, **values):
        return self.Event.create(
            {
                "kind": "lead",
                "root_company": (company or self.arvand).id,
                "partner_id": partner.id,
                "date": self.now - timedelta(minutes=minutes),
                **values,
            }
        )

    def _make_run(self, **values):
        return self.env["crm.customer.run"].create({"date_start": self.now, **values})

    def test_an_idle_engine_says_so(self):
        status = self._status()
        self.assertEqual(status["waiting"], 0)
        self.assertIsNone(status["lag"])
        self.assertEqual((status["failures"], status["alarms"]), ([], []))
        self.assertIsNone(status["run"])
        self.assertEqual([lane["lane"] for lane in status["lanes"]], [1, 2, 3, 4])

    def test_the_queue_is_shown_by_lane_with_the_oldest_event(self):
        self._queue(self.hormuz, minutes=10)
        self._queue(self.hormuz, minutes=3)
        status = self._status()
        lane = status["lanes"][self.hormuz.id % 4]
        self.assertEqual(lane["waiting"], 2)
        self.assertEqual(status["waiting"], 2)
        self.assertAlmostEqual(status["lag"], 600, delta=30)
        self.assertFalse(status["alarms"])

    def test_another_company_does_not_see_our_events(self):
        self._queue(self.hormuz)
        self._queue(self.caspian, error="Sick")
        status = self._status(self.bahar)
        self.assertEqual((status["waiting"], status["failed"]), (0, 0))
        self.assertEqual(status["failures"], [])

    def test_a_lag_beyond_the_setting_raises_an_alarm(self):
        self._queue(self.hormuz, minutes=20)
        self.assertFalse(self._status()["alarms"])
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm_lifecycle.engine_lag_minutes", "15")
        [alarm] = self._status()["alarms"]
        self.assertIn("15 minutes", alarm)
        parameters.set_param("crm_lifecycle.engine_lag_minutes", "many")
        self.assertFalse(self._status()["alarms"])  # unreadable: the default

    def test_a_lane_that_is_switched_off_raises_an_alarm(self):
        self.env.ref("crm_lifecycle.ir_cron_lane_2").active = False
        status = self._status()
        self.assertEqual(
            [x["active"] for x in status["lanes"]], [True, True, False, True]
        )
        self.assertEqual(len(status["alarms"]), 1)

    def test_a_failed_or_old_pass_raises_an_alarm(self):
        run = self._make_run(state="done", date_end=self.now)
        self.assertFalse(self._status()["alarms"])
        run.write({"state": "failed", "error": "Boom"})
        self.assertEqual(len(self._status()["alarms"]), 1)
        self.assertEqual(self._status()["run"]["error"], "Boom")
        old = self.now - timedelta(days=3)
        run.write({"state": "done", "date_start": old, "date_end": old})
        self.assertEqual(len(self._status()["alarms"]), 1)

    def test_a_running_pass_shows_its_progress(self):
        for partner in (self.hormuz, self.caspian):
            self._make_lead(partner)
        self.env.flush_all()
        self.env.cr.precommit.clear()
        seen = []

        def commit(_cron, processed=0, **_values):
            seen.append(self._status()["run"])
            return 0.0 if len(seen) == 2 else 60.0

        registry = self.env.registry["ir.cron"]
        with (
            patch.object(crm_customer_refresh, "CHUNK", 1),
            patch.object(registry, "_commit_progress", commit),
            patch.object(self.env.cr, "rollback"),
        ):
            self.Customer._cron_refresh_all()
        self.assertEqual([run["state"] for run in seen], ["running"] * 2)
        self.assertEqual({run["part"] for run in seen}, {"fact_count"})
        self.assertEqual(seen[1]["total"] - seen[1]["remaining"], 1)

    def test_failures_show_who_and_why_and_are_tried_again(self):
        event = self._queue(self.hormuz, error="Sick", attempts=2)
        [failure] = self._status()["failures"]
        self.assertEqual(
            (failure["contact"], failure["error"], failure["attempts"]),
            ("Hormuz", "Sick", 2),
        )
        self.assertEqual(failure["kind"], "Lead")
        self.env["crm.customer.run"].with_user(self.sara).action_retry_failed()
        self.assertFalse(event.error)
        self.assertEqual(self._status()["waiting"], 1)

    def test_events_say_what_happened_and_unknown_kinds_their_code(self):
        events = self._queue(self.hormuz, kind="quality")
        events |= self._queue(self.hormuz, kind="of_another_addon")
        self.assertEqual(
            events.mapped("kind_name"), ["Customer data changed", "of_another_addon"]
        )

    def test_run_now_wakes_the_lanes_and_the_pass(self):
        Trigger = self.env["ir.cron.trigger"]
        crons = self.env.ref("crm_lifecycle.ir_cron_refresh")
        for lane in range(4):
            crons |= self.env.ref(f"crm_lifecycle.ir_cron_lane_{lane}")
        before = Trigger.search_count([("cron_id", "in", crons.ids)])
        self.env["crm.customer.run"].with_user(self.sara).action_run_now()
        after = Trigger.search_count([("cron_id", "in", crons.ids)])
        self.assertEqual(after - before, 5)

    def test_the_hour_counts_what_the_lanes_consumed(self):
        cron = self.env.ref("crm_lifecycle.ir_cron_lane_0")
        Progress = self.env["ir.cron.progress"].sudo()
        Progress.search([]).unlink()
        Progress.create({"cron_id": cron.id, "done": 7, "remaining": 0})
        self.assertEqual(self._status()["per_hour"], 7)

    def test_only_managers_see_and_steer_the_engine(self):
        for user in (self.omid, self.nika, self.leila, self.portal, self.public):
            Run = self.env["crm.customer.run"].with_user(user)
            for attempt in (
                Run.get_engine_status,
                Run.action_run_now,
                Run.action_retry_failed,
            ):
                with self.assertRaises(AccessError):
                    attempt()
