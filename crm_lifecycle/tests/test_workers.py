from unittest.mock import patch

from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL

from ..models import crm_customer_event
from ..models.crm_customer_event import LANES
from .workers import Worker, environment

SIZE = 12  # customers of one story
CODES = ("identify", "select", "acquire", "develop", "retain", "lost")


@tagged("post_install", "-at_install", "database_breaking")
class TestWorkers(BaseCase):
    """Several workers at once, killed and run twice: as if there had been one.

    The workers are processes, and what they and the test write is committed; it is
    removed afterwards.
    """

    def setUp(self):
        super().setUp()
        self.database = get_db_name()
        self.partner_ids = []
        with environment(self.database) as env:
            env["crm.customer.event"].search([]).unlink()
        self.addCleanup(self._remove)

    def _remove(self):
        with environment(self.database) as env:
            partners = env["res.partner"].browse(self.partner_ids).exists()
            leads = env["crm.lead"].with_context(active_test=False)
            leads.search([("partner_id", "in", partners.ids)]).unlink()
            partners.unlink()
        with environment(self.database) as env:
            env["crm.customer.event"].search([]).unlink()

    def _tell(self):
        """Tell a story of SIZE customers: each has a few leads, told one by one.

        So that each has several events in the queue, and two workers can hold events
        of the same customer.
        """
        with environment(self.database) as env:
            ids = (
                env["res.partner"]
                .create(
                    [{"name": f"W{n}", "is_company": True} for n in range(SIZE * LANES)]
                )
                .ids
            )
        self.partner_ids += ids
        ids = [key for key in ids if key % LANES < 2][:SIZE]
        for turn in range(3):
            with environment(self.database) as env:
                env["crm.lead"].create(
                    [
                        {
                            "name": f"Lead {turn}",
                            "type": "opportunity" if number % 2 else "lead",
                            "partner_id": key,
                            "user_id": False,
                        }
                        for number, key in enumerate(ids)
                        if number % 3 <= turn
                    ]
                )
        return ids

    def _see(self, ids):
        """What the engine made of a story, whoever did it."""
        with environment(self.database) as env:
            customers = env["crm.customer"].search([("partner_id", "in", ids)])
            self.assertEqual(len(customers), len(ids))
            by_partner = {c.partner_id.id: c for c in customers}
            return [self._describe(by_partner[key]) for key in ids]

    def _describe(self, customer):
        history = customer.history_ids.sorted("date_from")
        for before, after in zip(history, history[1:], strict=False):
            self.assertEqual(before.date_to, after.date_from)
        self.assertFalse(history[-1].date_to)
        self.assertEqual(history[-1].stage_id, customer.stage_id)
        return (
            customer.lead_count,
            customer.qualified_lead_count,
            customer.stage_id.code,
            customer.active,
        )

    def _versions(self, ids):
        with environment(self.database) as env:
            return env.execute_query(
                SQL(
                    """
                    SELECT 'customer', id, xmin::text FROM crm_customer
                     WHERE partner_id = ANY(%(ids)s)
                    UNION ALL
                    SELECT 'history', history.id, history.xmin::text
                      FROM crm_lifecycle_history history
                      JOIN crm_customer customer ON customer.id = history.customer_id
                     WHERE customer.partner_id = ANY(%(ids)s)
                     ORDER BY 1, 2
                    """,
                    ids=ids,
                )
            )

    def _waiting(self):
        with environment(self.database) as env:
            return env["crm.customer.event"].search_count([])

    def _run(self, lanes, chunk=2):
        """Run a worker for each lane in the list at once."""

        def work(lane):
            def consume(env, _pause):
                crm_customer_event.CHUNK = chunk
                crm_customer_event.CONFLICTS = 100  # as many workers as customers
                env["crm.customer.event"]._cron_consume(lane)

            return consume

        workers = [Worker(self.database, work(lane)) for lane in lanes]
        for worker in workers:
            worker.go()
        self.assertEqual([worker.join() for worker in workers], [""] * len(lanes))

    def _run_killed(self, lane, model, method, before=True):
        """Run a worker that is killed when it calls a method, before or after."""

        def work(env, pause):
            crm_customer_event.CHUNK = 2
            original = getattr(env.registry[model], method)

            def stop(records, *args, **kwargs):
                if not before:
                    original(records, *args, **kwargs)
                pause()

            with patch.object(env.registry[model], method, stop):
                env["crm.customer.event"]._cron_consume(lane)

        worker = Worker(self.database, work)
        worker.go()
        self.assertEqual(worker.hear(), "paused")
        worker.kill()

    def test_two_workers_in_a_lane_and_others_beside_do_what_one_does(self):
        alone = self._tell()
        for lane in range(LANES):
            self._run([lane])
        self.assertFalse(self._waiting())
        together = self._tell()
        self._run([0, 0, 1, 1, 2, 3])
        self._run([0, 1])  # what the one left to the other who met it too often
        self.assertFalse(self._waiting())
        self.assertEqual(self._see(together), self._see(alone))
        self.assertIn("acquire", {code for _n, _q, code, _a in self._see(together)})

    def test_killed_at_any_moment_the_next_worker_completes_the_work(self):
        alone = self._tell()
        self._run(range(LANES))
        moments = (
            (
                "crm.lifecycle.history",
                "_insert_intervals",
                True,
            ),  # stage without history
            ("crm.lifecycle.history", "_insert_intervals", False),
            ("ir.cron", "_commit_progress", True),  # all written, nothing committed
            ("ir.cron", "_commit_progress", False),  # between two chunks
        )
        for model, method, before in moments:
            with self.subTest(method=method, before=before):
                killed = self._tell()
                waiting = self._waiting()
                lane = killed[1] % LANES  # of an opportunity, who moves
                self._run_killed(lane, model, method, before)
                left = self._waiting()
                if (method, before) == ("_commit_progress", False):
                    self.assertEqual(left, waiting - 2)
                else:
                    self.assertEqual(left, waiting)  # nothing is lost
                self._run([0, 0, 1, 1])
                self.assertFalse(self._waiting())
                self.assertEqual(self._see(killed), self._see(alone))

    def test_run_twice_nothing_is_written(self):
        ids = self._tell()
        self._run([0, 0, 1, 1])
        before = self._versions(ids)
        self._run([0, 0, 1, 1])  # an empty queue
        with environment(self.database) as env:
            env["crm.customer"]._queue_events("test", [(False, key) for key in ids])
        self.assertTrue(self._waiting())
        self._run([0, 0, 1, 1])  # events that say nothing new
        self.assertFalse(self._waiting())
        self.assertEqual(self._versions(ids), before)
