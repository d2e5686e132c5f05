from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.crm_lifecycle.tests.workers import Worker, environment

from ..models import service_contract_billing
from ..models.service_contract_billing import LANES

SIZE = 5  # contracts of one story
PERIODS = 3  # that wait to be billed, of each


@tagged("post_install", "-at_install", "database_breaking")
class TestBillingWorkers(BaseCase):
    """Real processes against a real database: each period is billed exactly once.

    What they and the test write is committed, and removed afterwards.
    """

    def setUp(self):
        super().setUp()
        self.database = get_db_name()
        self.addCleanup(self._remove)
        start = fields.Date.today().replace(day=1)
        with environment(self.database) as env:
            product = env["product.product"].create(
                {"name": "Worker visit", "type": "service", "list_price": 10}
            )
            partners = env["res.partner"].create(
                [{"name": f"Billed {n}"} for n in range(SIZE * LANES)]
            )
            # all in one lane, so that workers meet
            partners = partners.filtered(lambda p: not p.id % LANES)[:SIZE]
            contracts = env["service.contract"].create(
                [
                    {
                        "name": "Worker",
                        "partner_id": partner.id,
                        "date_start": fields.Date.add(start, months=1 - PERIODS),
                        "line_ids": [Command.create({"product_id": product.id})] * 2,
                    }
                    for partner in partners
                ]
            )
            contracts.action_confirm()
            self.ids = contracts.ids

    def _remove(self):
        with environment(self.database) as env:
            contracts = env["service.contract"].browse(self.ids)
            products = contracts.line_ids.product_id
            contracts.move_ids.unlink()
            contracts.period_ids._drop()
            contracts.write({"state": "draft"})
            contracts.unlink()
            partners = env["res.partner"].search([("name", "=like", "Billed %")])
            env["crm.customer"].search([("partner_id", "in", partners.ids)]).unlink()
            partners.unlink()
            products.product_tmpl_id.unlink()

    def _start(self, work):
        worker = Worker(self.database, work)
        worker.go()
        return worker

    def _run_cron(self, env, _pause):
        service_contract_billing.BATCH_SIZE = 2
        service_contract_billing.CONFLICTS = 100
        env["service.contract"]._cron_bill(0)

    def _click(self, env, _pause):
        for key in self.ids:
            for _attempt in range(100):
                try:
                    env["service.contract"].browse(key).action_bill()
                    env.cr.commit()
                    break
                except Exception:  # pylint: disable=broad-exception-caught
                    env.cr.rollback()
                    env.invalidate_all(flush=False)

    def _assert_billed_once(self):
        with environment(self.database) as env:
            contracts = env["service.contract"].browse(self.ids)
            for contract in contracts:
                self.assertEqual(len(contract.move_ids), PERIODS)
                lines = contract.move_ids.invoice_line_ids
                self.assertEqual(len(lines), 2 * PERIODS)
                self.assertEqual(len(lines.service_period_id), 2 * PERIODS)
                self.assertEqual(set(contract.period_ids.mapped("state")), {"billed"})
                self.assertEqual(contract.period_ids.move_line_id, lines)
            orphans = env["account.move.line"].search_count(
                [("product_id", "=", contracts.line_ids.product_id.id)]
            )
            self.assertEqual(orphans, SIZE * 2 * PERIODS)

    def _join(self, *workers):
        self.assertEqual([worker.join() for worker in workers], [""] * len(workers))

    def test_the_run_twice_bills_once(self):
        self._join(self._start(self._run_cron))
        self._join(self._start(self._run_cron))
        self._assert_billed_once()

    def test_two_workers_and_a_click_at_once_bill_once(self):
        self._join(
            self._start(self._run_cron),
            self._start(self._run_cron),
            self._start(self._click),
        )
        self._assert_billed_once()

    def test_killed_at_any_moment_the_next_run_completes_the_work(self):
        moments = (
            ("account.move", "create", False),  # invoices made, ledger not closed
            ("service.contract.period", "_link_lines", True),
            ("ir.cron", "_commit_progress", True),  # all written, nothing committed
            ("ir.cron", "_commit_progress", False),  # between two batches
        )
        for model, method, before in moments:
            with self.subTest(method=method, before=before):
                self._kill_at(model, method, before)
        self._join(self._start(self._run_cron))
        self._assert_billed_once()

    def _kill_at(self, model, method, before):
        def work(env, pause):
            original = getattr(env.registry[model], method)

            def stop(records, *args, **kwargs):
                if not before:
                    original(records, *args, **kwargs)
                pause()

            with patch.object(env.registry[model], method, stop):
                self._run_cron(env, pause)

        worker = self._start(work)
        self.assertEqual(worker.hear(), "paused")
        worker.kill()
