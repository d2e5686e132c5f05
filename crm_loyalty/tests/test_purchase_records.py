"""The purchases as records: what an analyst sees is what customers are rated by."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPurchaseRecords(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._buy(cls.hormuz, "2020-01-01", 80)
        cls._buy(cls.hormuz, "2020-01-01", -30)
        cls._buy(cls.caspian, "2021-05-01", 15)
        cls._buy(cls.hormuz, "2020-01-01", 7, company_id=cls.bahar.id)
        cls.env["crm.customer"]._refresh_facts()
        cls._customer(cls.hormuz).user_id = cls.omid
        cls._customer(cls.caspian).user_id = cls.nika

    def _seen(self, user):
        purchases = self.env["crm.purchase"].with_user(user)
        context = {"allowed_company_ids": user.company_ids.ids}
        return purchases.with_context(**context).search([])

    def test_the_button_of_a_customer_shows_his_purchases(self):
        customer = self._customer(self.hormuz)
        action = customer.action_open_purchases()
        rows = self.env["crm.purchase"].search(action["domain"])
        self.assertEqual(sorted(rows.mapped("amount")), [-30, 80])
        self.assertEqual(sum(rows.mapped("amount")), customer.purchase_revenue)
        self.assertEqual(rows.customer_id, customer)
        self.assertEqual(set(rows.mapped("kind")), {"sale", "return"})
        self.assertEqual(set(rows.mapped("source")), {"history"})
        opened = rows[0].action_open_document()
        self.assertEqual(opened["res_model"], "crm.purchase.history")
        self.assertEqual(opened["res_id"], rows[0].history_id.id)

    def test_a_new_row_is_there_at_once(self):
        self._buy(self.hormuz, "2022-01-01", 11)
        groups = self.env["crm.purchase"]._read_group(
            [("company_id", "=", self.arvand.id)], ["day:year"], ["amount:sum"]
        )
        self.assertEqual([amount for _year, amount in groups], [50, 15, 11])

    def test_purchases_are_grouped_by_the_class_of_the_customer(self):
        self.policy.cut_a = 0.5
        self._run()
        domain = [("company_id", "=", self.arvand.id)]
        purchases = self.env["crm.purchase"].with_user(self.sara)
        groups = purchases._read_group(domain, ["crm_abc_class"], ["amount:sum"])
        self.assertEqual(groups, [("a", 50), ("b", 15)])
        found = purchases.search([*domain, ("crm_abc_class", "=", "b")])
        self.assertEqual(found.partner_id, self.caspian)

    def test_salespeople_see_those_of_their_customers(self):
        self.assertEqual(self._seen(self.omid).partner_id, self.hormuz)
        for user in (self.nika, self.sara):
            self.assertEqual(len(self._seen(user)), 3)
        self.assertEqual(self._seen(self.bahar_manager).mapped("amount"), [7])

    def test_others_see_none_and_nobody_writes(self):
        for user in (self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self._seen(user)
        row = self._seen(self.sara)[:1]
        with self.assertRaises(AccessError):
            row.write({"amount": 1})
        with self.assertRaises(AccessError):
            row.unlink()
