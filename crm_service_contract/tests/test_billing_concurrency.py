import threading
from contextlib import closing
from functools import partial

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "database_breaking")
class TestBillingConcurrency(BaseCase):
    """Two real transactions at once. What is made here is committed and removed."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            product = env["product.product"].create(
                {"name": "Concurrent visit", "type": "service", "list_price": 10}
            )
            contract = env["service.contract"].create(
                {
                    "name": "Concurrent",
                    "partner_id": env["res.partner"].create({"name": "Twice"}).id,
                    "date_start": fields.Date.today(),
                    "line_ids": [Command.create({"product_id": product.id})],
                }
            )
            contract.action_confirm()
            self.contract_id = contract.id
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            contract = env["service.contract"].browse(self.contract_id)
            partner, product = contract.partner_id, contract.line_ids.product_id
            contract.move_ids.unlink()
            contract.action_cancel()
            contract.unlink()
            env["crm.customer"].search([("partner_id", "=", partner.id)]).unlink()
            partner.unlink()
            product.product_tmpl_id.unlink()

    def count(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            contract = env["service.contract"].browse(self.contract_id)
            return len(contract.move_ids), len(contract.period_ids)

    def bill_at_once(self, method):
        """Run it in two transactions whose snapshots are older than either's work."""
        barrier, errors, attempts = threading.Barrier(2), [], []

        def work(env):
            try:
                with closing(env.cr) as cr:
                    cr.execute("SELECT count(*) FROM service_contract_period")
                    barrier.wait(timeout=20)
                    retrying(partial(self.attempt, env, method, attempts), env)
                    cr.commit()
            except Exception as error:  # pylint: disable=broad-exception-caught
                errors.append(error)

        # Made in this thread: Odoo's runner holds the lock of the registry in it.
        envs = [
            api.Environment(self.registry.cursor(), SUPERUSER_ID, {})
            for _number in range(2)
        ]
        threads = [threading.Thread(target=work, args=[env]) for env in envs]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        self.assertEqual(errors, [])
        return len(attempts)

    def attempt(self, env, method, attempts):
        attempts.append(method)
        getattr(env["service.contract"].browse(self.contract_id), method)()

    def test_two_transactions_at_once_bill_once(self):
        attempts = self.bill_at_once("action_bill")
        self.assertEqual(self.count(), (1, 1))
        self.assertEqual(attempts, 3, "the second one must have been started over")

    def test_a_transaction_that_dies_leaves_nothing_behind(self):
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["service.contract"].browse(self.contract_id).action_bill()
            cr.rollback()
        self.assertEqual(self.count(), (0, 0))
        self.bill_at_once("action_bill")
        self.assertEqual(self.count(), (1, 1))

    def test_a_reopened_period_is_billed_again_only_once(self):
        self.bill_at_once("action_bill")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["service.contract"].browse(self.contract_id).move_ids.unlink()
        self.bill_at_once("action_bill")
        self.assertEqual(self.count(), (1, 1))
