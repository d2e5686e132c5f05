from odoo.tests import tagged

from .common import ServiceContractCase


@tagged("post_install", "-at_install")
class TestCustomer(ServiceContractCase):
    """What the customer's row in crm_lifecycle learns from contracts."""

    def customer(self, partner=None):
        partner = partner or self.hormuz
        self.env.flush_all()
        customers = self.env["crm.customer"]
        customers._refresh_facts()
        return customers.search([("partner_id", "=", partner.id)])

    def test_a_running_contract_makes_a_contractual_customer(self):
        contract = self.make_contract()
        self.assertFalse(self.customer())
        contract.action_confirm()
        self.assertTrue(self.customer().is_contractual)
        self.assertEqual(self.customer().service_contract_count, 1)

    def test_a_customer_is_contractual_until_the_last_contract_ends(self):
        first, second = self.make_running(), self.make_running()
        first._terminate("2026-01-10", "Sold")
        self.assertTrue(self.customer().is_contractual)
        second._terminate("2026-01-10", "Sold")
        self.assertFalse(self.customer().is_contractual)

    def test_a_contact_counts_for_his_company(self):
        contact = self.make_partner("Leila", parent_id=self.hormuz.id)
        self.make_running(partner_id=contact.id)
        self.assertTrue(self.customer().is_contractual)
        self.assertEqual(self.hormuz.service_contract_count, 1)

    def test_contracts_of_another_company_do_not_count(self):
        self.make_running()
        customer = self.customer()
        self.assertEqual(customer.company_id, self.company.root_id)
        self.assertEqual(len(customer), 1)

    def test_confirming_queues_an_event_for_the_customer(self):
        self.make_running()
        self.env.cr.precommit.run()
        events = self.env["crm.customer.event"].search(
            [("partner_id", "=", self.hormuz.id)]
        )
        self.assertTrue(events)

    def test_the_button_opens_the_contracts_of_the_customer(self):
        contract = self.make_running()
        action = self.customer().action_view_service_contracts()
        found = self.env["service.contract"].search(action["domain"])
        self.assertEqual(found, contract)
