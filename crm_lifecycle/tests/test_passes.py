from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..models import crm_customer_refresh
from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestPasses(LifecycleCommon):
    """The pass over all customers, as the cron runs it."""

    def setUp(self):
        super().setUp()
        self.partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "is_company": True} for number in range(7)]
        )
        for partner in self.partners:
            self._make_lead(partner, type="opportunity")
        self.env.flush_all()
        self.env.cr.precommit.clear()  # nobody told the queue

    def _run(self, seconds=60.0):
        commits = patch.object(
            self.env.registry["ir.cron"], "_commit_progress", return_value=seconds
        )
        rollback = patch.object(self.env.cr, "rollback")
        with commits, rollback:
            self.Customer._cron_refresh_all()
        self.env.invalidate_all()
        return self.env["crm.customer.run"].search([], limit=1)

    def test_in_chunks_it_gives_the_same_as_in_one(self):
        with patch.object(crm_customer_refresh, "CHUNK", 2):
            run = self._run()
        customers = self.Customer.search([("partner_id", "in", self.partners.ids)])
        self.assertEqual(len(customers), 7)
        self.assertEqual(set(customers.mapped("lead_count")), {1})
        self.assertEqual(run.state, "done")
        self.assertEqual(run.fact_count, 7)
        self.assertEqual(set(customers.stage_id.mapped("code")), {"acquire"})

    def test_out_of_time_it_goes_on_where_it_stopped(self):
        with patch.object(crm_customer_refresh, "CHUNK", 2):
            first = self._run(seconds=0.0)
            self.assertEqual(first.state, "running")
            second = self._run()
        self.assertEqual(second, first)
        self.assertEqual(second.state, "done")
        self.assertEqual(second.fact_count, 7)

    def test_a_failing_chunk_is_noted_and_the_others_go_on(self):
        write = self.env.registry["crm.customer"]._write_fact_changes

        def fail_once(customers, first, last):
            if first == 2:
                raise ZeroDivisionError("sick")
            return write(customers, first, last)

        broken = patch.object(
            self.env.registry["crm.customer"], "_write_fact_changes", fail_once
        )
        with (
            patch.object(crm_customer_refresh, "CHUNK", 2),
            broken,
            mute_logger("odoo.addons.crm_lifecycle.models.crm_customer_pass"),
        ):
            run = self._run()
        self.assertEqual(run.state, "failed")
        self.assertIn("ZeroDivisionError: sick", run.error)
        self.assertEqual(run.fact_count, 5)

    def test_a_row_that_was_written_meanwhile_is_queued_not_overwritten(self):
        self.Customer._refresh_all()
        customer = self._customer_of(self.partners[0])
        self._make_lead(self.partners[0])
        self.env.flush_all()
        self.env.cr.precommit.clear()
        self.Customer._collect_fact_changes()
        with self.cr.savepoint():  # as good as another transaction
            customer.user_id = self.omid
            self.env.flush_all()
        self.assertFalse(self.Customer._write_fact_changes(0, 100))
        customer.invalidate_recordset()
        self.assertEqual(customer.lead_count, 1)
        self._process()
        self.assertEqual(customer.lead_count, 2)
        self.assertEqual(customer.user_id, self.omid)

    def test_only_one_pass_at_a_time(self):
        with self.registry.cursor() as other:
            other.execute(
                SQL("SELECT pg_advisory_xact_lock(hashtext('crm.customer.pass'))")
            )
            self.assertFalse(self._run())


class TestInstallation(TransactionCase):
    def test_the_backfill_is_queued_not_run(self):
        from ..hooks import post_init_hook

        cron = self.env.ref("crm_lifecycle.ir_cron_refresh")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        partner = self.env["res.partner"].create({"name": "Old"})
        self.env["crm.lead"].create({"name": "Old", "partner_id": partner.id})
        post_init_hook(self.env)
        after = self.env["ir.cron.trigger"].search_count(triggers)
        self.assertEqual(after, before + 1)
        customers = self.env["crm.customer"].search([("partner_id", "=", partner.id)])
        self.assertFalse(customers)

    def test_uninstalling_removes_filters_on_our_field(self):
        from ..hooks import uninstall_hook

        values = {"name": "Ours", "model_id": "res.partner", "user_ids": False}
        ours, theirs = self.env["ir.filters"].create(
            [
                {**values, "domain": "[('crm_customer_id', '!=', False)]"},
                {**values, "name": "Theirs", "domain": "[('name', '=', 'x')]"},
            ]
        )
        uninstall_hook(self.env)
        self.assertFalse(ours.exists())
        self.assertTrue(theirs.exists())
