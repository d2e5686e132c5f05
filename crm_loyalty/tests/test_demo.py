"""The demo file, on the demo company or on stand-ins for it."""

import re

from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file, file_path

DEMO = "demo/crm_loyalty_demo.xml"


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    def _ensure(self, name, model, values):
        """The record crm_lifecycle.`name`, made where demo data are not loaded."""
        record = self.env.ref(f"crm_lifecycle.{name}", raise_if_not_found=False)
        if not record:
            record = self.env[model].create(values)
            self.env["ir.model.data"].create(
                {
                    "module": "crm_lifecycle",
                    "name": name,
                    "model": model,
                    "res_id": record.id,
                }
            )
        return record

    def test_all_its_purchases_come_in_and_are_rated(self):
        with open(file_path(f"crm_loyalty/{DEMO}")) as file:
            rows = re.findall(r"\((\d+), \d+, '(\w+)', -?\d+\)", file.read())
        company = self._ensure("demo_company", "res.company", {"name": "Arvand"})
        for key in {key for _number, key in rows}:
            self._ensure(f"demo_partner_{key}", "res.partner", {"name": key})
        self.env["crm.loyalty.policy"]._create_missing()
        convert_file(self.env(su=True), "crm_loyalty", DEMO, {}, "init", True)
        purchases = self.env["crm.purchase.history"].search(
            [("company_id", "=", company.id), ("source", "=", "old ledger")]
        )
        self.assertEqual(len(purchases), len(rows))
        hormuz = self.env.ref("crm_lifecycle.demo_partner_hormuz")
        customer = self.env["crm.customer"].search(
            [("partner_id", "=", hormuz.id), ("company_id", "=", company.id)]
        )
        self.assertEqual((customer.abc_class, customer.revenue_rank), ("a", 1))
        self.assertTrue(customer.loyalty_history_ids)
        data = (
            self.env["ir.model.data"]
            .search([("module", "=", "crm_loyalty"), ("res_id", "in", purchases.ids)])
            .filtered(lambda one: one.model == "crm.purchase.history")
        )
        self.assertEqual(len(data), len(rows))
        self.assertTrue(all(data.mapped("noupdate")), "an update would delete them")
