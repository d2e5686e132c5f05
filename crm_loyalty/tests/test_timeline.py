from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestTimeline(LoyaltyCommon):
    """Purchases before Odoo and classes in the timeline; the class in the header."""

    def setUp(self):
        super().setUp()
        self._buy(self.hormuz, "2026-02-03", 500.0)
        self.customer = self.env["crm.customer"].create(
            {"partner_id": self.hormuz.id, "company_id": self.arvand.id}
        )
        self.customer.user_id = self.omid
        self.policy.action_run()

    def _entries(self, user):
        Timeline = self.env["crm.customer.timeline"].with_user(user)
        entries = Timeline.get_page(self.customer.id)["entries"]
        return {entry["kind"]: entry for entry in entries}

    def test_purchases_and_classes_are_entries(self):
        entries = self._entries(self.omid)
        self.assertEqual(entries["purchase"]["amount"], 500.0)
        self.assertEqual(entries["purchase"]["date"][:10], "2026-02-03")
        self.assertTrue(entries["purchase"]["dated"])
        self.assertTrue(entries["class"]["summary"].startswith("A"))

    def test_the_header_has_the_class(self):
        header = self.customer.with_user(self.omid).get_header()
        keys = [value["key"] for value in header["values"]]
        self.assertEqual(keys[:3], ["revenue_total", "balance_due", "abc_class"])
