from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRuleTour(HttpCase):
    """A manager tries a rule on the screen before he switches it on."""

    def test_a_manager_tries_a_rule_and_switches_it_on(self):
        company = self.env.ref("base.main_company")
        new_test_user(
            self.env,
            "tour_manager",
            "sales_team.group_sale_manager",
            company_id=company.id,
        )
        partner = self.env["res.partner"].create(
            {"name": "Tour Mill", "is_company": True}
        )
        product = self.env["product.product"].create({"name": "Pump"})
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        order.date_order = fields.Datetime.now() - timedelta(days=200)
        self.env.flush_all()
        Customer = self.env["crm.customer"].sudo()
        Customer._refresh(partner.ids)
        customer = Customer.search([("partner_id", "=", partner.id)])
        self.assertEqual(customer.stage_id.code, "acquire")
        self.start_tour(
            "/odoo/crm-lifecycle-rules", "crm_lifecycle_try_rule", login="tour_manager"
        )
        rule = self.env["crm.lifecycle.rule"].search(
            [("name", "=", "Half a year without an order")]
        )
        self.assertTrue(rule.active)
        self.assertEqual((rule.kind, rule.event, rule.days), ("silence", "order", 180))
        Customer._refresh(partner.ids)
        customer.invalidate_recordset()
        self.assertEqual(customer.stage_id.code, "lost")
