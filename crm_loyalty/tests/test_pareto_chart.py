"""The figures behind the Pareto chart."""

from odoo.tests import tagged

from ..models.crm_customer import PARETO_POINTS
from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestParetoChart(LoyaltyCommon):
    def _pareto(self, user=None, **values):
        customer = self.env["crm.customer"].with_user(user or self.sara)
        return customer.get_pareto(**values)

    def _buy_many(self, amounts):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(len(amounts))]
        )
        self.env["crm.purchase.history"].create(
            [
                {
                    "company_id": self.arvand.id,
                    "partner_id": partner.id,
                    "date": "2019-01-01",
                    "amount": amount,
                    "reference": str(partner.id),
                }
                for partner, amount in zip(partners, amounts, strict=True)
            ]
        )
        self._run()

    def test_few_customers_are_named_one_by_one(self):
        self._buy_many([80, 15, 5])
        pareto = self._pareto()
        self.assertEqual(
            [(p["name"], p["revenue"], p["abc_class"]) for p in pareto["points"]],
            [("Customer 0", 80, "a"), ("Customer 1", 15, "b"), ("Customer 2", 5, "c")],
        )
        curve = [round(point["cumulative"], 6) for point in pareto["points"]]
        self.assertEqual(curve, [0.8, 0.95, 1])
        self.assertEqual(pareto["company"]["id"], self.arvand.id)

    def test_many_customers_come_in_a_bounded_number_of_groups(self):
        self._buy_many(list(range(1, 452)))
        pareto = self._pareto()
        points = pareto["points"]
        self.assertEqual(len(points), PARETO_POINTS)
        self.assertEqual(sum(point["customers"] for point in points), 451)
        self.assertLessEqual({point["customers"] for point in points}, {4, 5})
        self.assertNotIn("name", points[0])
        self.assertEqual(pareto["revenue"], sum(range(1, 452)))
        revenues = [point["revenue"] / point["customers"] for point in points]
        self.assertEqual(revenues, sorted(revenues, reverse=True))

    def test_classes_add_up_to_all_rated_customers(self):
        self._buy_many([80, 15, 5, 0, -3])
        pareto = self._pareto()
        self.assertEqual(sum(one["customers"] for one in pareto["classes"]), 4)
        self.assertEqual([one["abc_class"] for one in pareto["classes"]], [*"abc"])
        self.assertEqual(pareto["classes"][0]["share"], 0.8)

    def test_an_empty_company_has_an_empty_chart(self):
        pareto = self._pareto()
        self.assertEqual((pareto["customers"], pareto["points"]), (0, []))
        self.assertIsNone(pareto["top_share"])

    def test_one_company_is_drawn_at_a_time(self):
        self._buy(self.hormuz, "2019-01-01", 7, company_id=self.bahar.id)
        self._buy_many([80])
        self.env["crm.loyalty.policy"].create({"company_id": self.bahar.id})._run()
        self.sara.company_ids += self.bahar
        both = {"allowed_company_ids": (self.arvand + self.bahar).ids}
        customer = self.env["crm.customer"].with_user(self.sara).with_context(**both)
        self.assertEqual(customer.get_pareto()["revenue"], 80)
        self.assertEqual(customer.get_pareto(self.bahar.id)["revenue"], 7)
        self.assertEqual(len(customer.get_pareto()["companies"]), 2)
        alone = self._pareto(company_id=self.bahar.id)
        self.assertEqual(alone["company"]["id"], self.arvand.id)

    def test_the_number_of_queries_is_constant(self):
        self._buy_many(list(range(1, 60)))
        self._pareto()
        few = self._count_queries()
        self._buy_many(list(range(1, 300)))
        self.assertEqual(self._count_queries(), few)

    def _count_queries(self):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._pareto()
        return self.env.cr.sql_log_count - before
