from odoo.tests import tagged

from .common import ServiceContractCase


@tagged("post_install", "-at_install")
class TestTimeline(ServiceContractCase):
    """Contracts in the timeline of the customer."""

    def setUp(self):
        super().setUp()
        self.customer = self.env["crm.customer"].create(
            {"partner_id": self.hormuz.id, "company_id": self.company.root_id.id}
        )

    def _entries(self, user=None):
        Timeline = self.env["crm.customer.timeline"].with_user(user or self.env.user)
        page = Timeline.get_page(
            self.customer.id, kinds=["contract", "contract_end"], date_to="2036-01-01"
        )
        return page["entries"]

    def test_a_contract_shows_on_the_day_it_begins_not_as_a_draft(self):
        contract = self.make_contract()
        self.assertFalse(self._entries())
        contract.action_confirm()
        [entry] = self._entries()
        self.assertEqual(entry["date"][:10], contract.date_start.isoformat())
        self.assertEqual(entry["state"], "Running")
        self.assertIn(contract.name, entry["summary"])

    def test_its_end_is_an_entry_of_its_own_even_on_the_same_day(self):
        contract = self.make_running()
        contract._terminate(contract.date_start, "Sold the plant")
        kinds = [entry["kind"] for entry in self._entries()]
        self.assertEqual(sorted(kinds), ["contract", "contract_end"])
        self.assertIn("Sold the plant", self._entries()[0]["state"])
        Timeline = self.env["crm.customer.timeline"]
        first = Timeline.get_page(self.customer.id, kinds=kinds, limit=1)
        second = Timeline.get_page(
            self.customer.id, kinds=kinds, limit=1, after=first["next"]
        )
        self.assertNotEqual(first["entries"][0]["id"], second["entries"][0]["id"])
        self.assertFalse(second["next"])

    def test_contracts_of_another_company_do_not_show(self):
        self.make_running()
        other = self.env["crm.customer"].create(
            {"partner_id": self.hormuz.id, "company_id": self.other_company.id}
        )
        self.customer = other
        self.assertFalse(self._entries())
