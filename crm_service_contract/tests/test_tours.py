from odoo.tests import tagged

from .test_portal import PortalCase


@tagged("post_install", "-at_install")
class TestTours(PortalCase):
    def test_an_employee_makes_confirms_and_bills_a_contract(self):
        self.make_partner("Tour Customer")
        self.make_product("Tour visit", 420.0)
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        self.start_tour(
            "/odoo/service-contracts",
            "crm_service_contract_employee",
            login=self.manager.login,
        )
        contract = self.env["service.contract"].search([("name", "=", "Tour care")])
        self.assertEqual(len(contract.move_ids), 1)
        self.assertEqual(contract.move_ids.amount_untaxed, 840.0)

    def test_a_customer_reads_the_contract_and_its_invoices(self):
        self.start_tour("/my", "crm_service_contract_customer", login=self.leila.login)
