import threading
from contextlib import closing

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
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

    def bill(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["service.contract"].browse(self.contract_id).action_bill()

    def bill_at_once(self):
        """Bill in two transactions that began before either of them billed.

        Returns how many of them PostgreSQL refused. Odoo starts a refused request
        over; so does this, in the thread that holds the lock of the registry.
        """
        barrier, refused, errors = threading.Barrier(2), [], []

        def work(env):
            try:
                with env.cr as cr:  # commits at the end
                    cr.execute("SELECT count(*) FROM service_contract_period")
                    barrier.wait(timeout=20)
                    env["service.contract"].browse(self.contract_id).action_bill_again()
            except SerializationFailure as error:
                refused.append(error)
            except Exception as error:  # pylint: disable=broad-exception-caught
                errors.append(error)

        threads = [
            threading.Thread(
                target=work,
                args=[api.Environment(self.registry.cursor(), SUPERUSER_ID, {})],
            )
            for _number in range(2)
        ]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        self.assertEqual(errors, [])
        for _error in refused:
            self.bill()
        return len(refused)

    def test_two_transactions_at_once_bill_once(self):
        refused = self.bill_at_once()
        self.assertEqual(self.count(), (1, 1))
        self.assertEqual(refused, 1)

    def test_a_transaction_that_dies_leaves_nothing_behind(self):
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["service.contract"].browse(self.contract_id).action_bill()
            cr.rollback()
        self.assertEqual(self.count(), (0, 0))
        self.bill()
        self.assertEqual(self.count(), (1, 1))

    def test_a_reopened_period_is_billed_again_only_once(self):
        self.bill()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["service.contract"].browse(self.contract_id).move_ids.unlink()
        self.bill_at_once()
        self.assertEqual(self.count(), (1, 1))
