"""Merging two customers of the whole suite: no row of any addon is lost."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_lifecycle.tests.merge_rows import MergeRows

ADDONS = {"crm_lifecycle", "crm_loyalty", "crm_service_contract", "crm_strategy_kpi"}


@tagged("post_install", "-at_install")
class TestMergeSuite(MergeRows, TransactionCase):
    def setUp(self):
        super().setUp()
        context = {**self.env.context, "tracking_disable": True}
        self.env = self.env(context=context)

    def test_the_whole_suite_is_looked_at(self):
        addons = {model._original_module for model in self._get_own_models()}
        self.assertEqual(addons & ADDONS, ADDONS)

    def test_every_row_of_every_addon_survives(self):
        seen = self.check_every_row_survives()
        for name in (
            "crm.interaction",
            "crm.lifecycle.history",
            "crm.loyalty.history",
            "crm.purchase.history",
            "service.contract",
        ):
            self.assertTrue(seen[name], name)

    def test_every_relation_of_every_addon_survives(self):
        self.check_every_relation_survives()

    def test_rows_that_are_unique_per_customer_are_merged(self):
        self.check_unique_rows_are_merged()
