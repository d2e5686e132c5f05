from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ServiceContractCase


@tagged("post_install", "-at_install")
class TestCustomerStanding(ServiceContractCase):
    """A contract sets the service standing beside the stage, and is an event."""

    def refresh(self):
        self.env.flush_all()
        customers = self.env["crm.customer"].sudo()
        customers._refresh(self.hormuz.ids)
        self.env.invalidate_all()
        return customers.search([("partner_id", "=", self.hormuz.id)])

    def test_a_running_contract_serves_without_moving_the_stage(self):
        contract = self.make_running()
        customer = self.refresh()
        stage, intervals = customer.stage_id, len(customer.history_ids)
        self.assertEqual(customer.service_standing, "served")
        contract._terminate("2026-01-10", "Sold")
        customer = self.refresh()
        self.assertEqual(customer.service_standing, "none")
        self.assertEqual(
            (customer.stage_id, len(customer.history_ids)), (stage, intervals)
        )

    def test_a_worse_voice_wins_and_the_contract_speaks_again_afterwards(self):
        self.make_running()
        self.refresh().service_standing = "trouble"
        self.assertEqual(self.refresh().service_standing, "trouble")
        self.refresh().service_standing = "none"
        self.assertEqual(self.refresh().service_standing, "served")

    def test_trouble_told_by_another_addon_beats_the_contract(self):
        self.make_running()
        customer = self.refresh()
        query = SQL(
            "SELECT company_id, partner_id, 'trouble' FROM crm_customer WHERE id = %s",
            customer.id,
        )
        sources = self.env.registry["crm.customer"]._service_standing_sources

        def with_trouble(model):
            return sources(model) + [lambda scope: query]

        self.patch(
            self.env.registry["crm.customer"], "_service_standing_sources", with_trouble
        )
        self.assertEqual(self.refresh().service_standing, "trouble")

    def test_a_rule_may_wait_for_a_contract_to_start(self):
        stage = self.env.ref("crm_lifecycle.crm_lifecycle_stage_retain")
        self.env["crm.lifecycle.rule"].create(
            {
                "name": "Contract",
                "kind": "event",
                "event": "contract",
                "sequence": 1,
                "stage_id": stage.id,
            }
        )
        contract = self.make_running()
        customer = self.refresh()
        self.assertEqual(customer.stage_id, stage)
        start = min(contract.date_start, fields.Date.today())
        self.assertEqual(customer.stage_since.date(), start)
