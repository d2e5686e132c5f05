"""The Pareto analysis by country, state, salesperson, team and product category."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..lib.pareto import concentration
from .common import LoyaltyCommon

FIGURES = ("gini", "top_share", "customers_for_80")


@tagged("post_install", "-at_install")
class TestParetoParts(LoyaltyCommon):
    """| customer | country | state | person | revenue |
    |----------|---------|-------|--------|---------|
    | Hormuz   | Iran    | Fars  | omid   | 80      |
    | Caspian  | Iran    | -     | nika   | 15      |
    | Zagros   | Iraq    | -     | nika   | 5       |
    | Alborz   | -       | -     | -      | 20      |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alborz = cls.env["res.partner"].create({"name": "Alborz"})
        cls.iran, cls.iraq = cls.env.ref("base.ir"), cls.env.ref("base.iq")
        cls.fars = cls.env["res.country.state"].create(
            {"name": "Fars", "code": "FRS", "country_id": cls.iran.id}
        )
        cls.hormuz.write({"country_id": cls.iran.id, "state_id": cls.fars.id})
        cls.caspian.country_id = cls.iran
        cls.zagros.country_id = cls.iraq
        for partner, amount in (
            (cls.hormuz, 80),
            (cls.caspian, 15),
            (cls.zagros, 5),
            (cls.alborz, 20),
        ):
            cls._buy(partner, "2020-01-01", amount)
        cls._run()
        cls.team = cls.env["crm.team"].create({"name": "South"})
        cls._customer(cls.hormuz).write(
            {"user_id": cls.omid.id, "team_id": cls.team.id}
        )
        (cls._customer(cls.caspian) + cls._customer(cls.zagros)).user_id = cls.nika

    def _customers(self, user=None):
        user = user or self.sara
        return (
            self.env["crm.customer"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def _parts(self, dimension, user=None):
        return self._customers(user).get_pareto_parts(dimension)

    def _sizes(self, dimension, user=None):
        parts = self._parts(dimension, user)["parts"]
        return [(one["id"], one["customers"], one["revenue"]) for one in parts]

    def test_countries_are_compared(self):
        self.assertEqual(
            self._sizes("country"),
            [(self.iran.id, 2, 95), (False, 1, 20), (self.iraq.id, 1, 5)],
        )
        iran, nowhere, _iraq = self._parts("country")["parts"]
        self.assertEqual(
            (iran["name"], nowhere["name"]), (self.iran.name, "No country")
        )
        self.assertAlmostEqual(iran["share"], 95 / 120)
        self.assertEqual(iran["count_a"], 1)

    def test_states_salespeople_and_teams_are_compared(self):
        self.assertEqual(self._sizes("state"), [(self.fars.id, 1, 80), (False, 3, 40)])
        self.assertEqual(
            self._sizes("salesperson"),
            [(self.omid.id, 1, 80), (self.nika.id, 2, 20), (False, 1, 20)],
        )
        self.assertEqual(self._sizes("team"), [(self.team.id, 1, 80), (False, 3, 40)])

    def test_the_figures_of_a_part_are_those_of_plain_arithmetic(self):
        for dimension in ("country", "state", "salesperson", "team", "category"):
            for part in self._parts(dimension)["parts"]:
                curve = self._customers().get_pareto(
                    dimension=dimension, value=part["id"]
                )
                revenues = [round(point["revenue"], 2) for point in curve["points"]]
                plain = concentration(revenues)
                for name in FIGURES:
                    expected = getattr(plain, name)
                    self.assertAlmostEqual(part[name], expected, msg=(part, name))
                    self.assertAlmostEqual(curve[name], expected, msg=(part, name))
                self.assertEqual(curve["customers"], part["customers"])
                self.assertAlmostEqual(curve["revenue"], part["revenue"])

    def test_a_part_opens_the_customers_that_it_counts(self):
        for dimension in ("country", "state", "salesperson", "team", "category"):
            answer = self._parts(dimension)
            for part in answer["parts"]:
                domain = [*answer["domain"], (answer["path"], "in", [part["id"]])]
                self.assertEqual(
                    self._customers().search_count(domain), part["customers"], part
                )
                curve = self._customers().get_pareto(
                    dimension=dimension, value=part["id"]
                )
                self.assertEqual(
                    self._customers().search_count(curve["domain"]), part["customers"]
                )

    def test_parts_add_up_to_the_whole(self):
        whole = self._customers().get_pareto()
        for dimension in ("country", "state", "salesperson", "team", "category"):
            parts = self._parts(dimension)["parts"]
            self.assertAlmostEqual(
                sum(one["revenue"] for one in parts), whole["revenue"]
            )
            self.assertAlmostEqual(sum(one["share"] for one in parts), 1)

    def test_a_salesperson_compares_own_customers(self):
        own = self._sizes("country", self.omid)
        self.assertEqual(own, [(self.iran.id, 1, 80), (False, 1, 20)])

    def test_other_companies_and_outsiders_get_nothing(self):
        self.assertEqual(self._sizes("country", self.bahar_manager), [])
        for user in (self.leila, self.portal, self.public):
            for dimension in ("country", "category"):
                with self.assertRaises(AccessError):
                    self._parts(dimension, user)

    def test_an_unknown_dimension_is_refused(self):
        for name in ("name", "id; DROP TABLE res_users", None):
            with self.assertRaisesRegex(UserError, "country, state"):
                self._parts(name)
        with self.assertRaises(UserError):
            self._customers().get_pareto(dimension="name", value=1)

    def test_the_number_of_queries_does_not_depend_on_the_parts(self):
        self._parts("country")
        few = self._count("country")
        countries = self.env["res.country"].search([], limit=3)
        for partner, country in zip(
            (self.hormuz, self.zagros, self.alborz), countries, strict=True
        ):
            partner.country_id = country
        self.assertEqual(self._count("country"), few)

    def _count(self, dimension):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._parts(dimension)
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestParetoCategories(LoyaltyCommon):
    """Product categories, from the lines of invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.arvand, install_demo=False
        )
        categories = cls.env["product.category"].create(
            [{"name": "Pumps"}, {"name": "Parts"}]
        )
        cls.pumps, cls.parts = categories
        cls.pump, cls.part = cls.env["product.product"].create(
            [
                {"name": one.name, "categ_id": one.id, "taxes_id": False}
                for one in categories
            ]
        )
        cls.bill = cls._invoice(
            cls.hormuz, [(cls.pump, 70), (cls.part, 10)], "2024-03-01"
        )
        cls._invoice(cls.caspian, [(cls.part, 15)], "2024-01-01")
        cls._buy(cls.zagros, "2024-01-01", 5)

    @classmethod
    def _invoice(cls, partner, lines, day):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": product.id, "price_unit": amount, "tax_ids": []}
                    )
                    for product, amount in lines
                ],
            }
        )
        move.action_post()
        return move

    def _sizes(self):
        self._run()
        answer = (
            self.env["crm.customer"].with_user(self.sara).get_pareto_parts("category")
        )
        return {
            one["id"]: (one["customers"], one["revenue"]) for one in answer["parts"]
        }

    def test_lines_are_added_up_by_category(self):
        self.assertEqual(
            self._sizes(),
            {self.pumps.id: (1, 70), self.parts.id: (2, 25), False: (1, 5)},
        )
        hormuz = self._customer(self.hormuz)
        self.assertEqual(hormuz.purchase_category_ids, self.pumps + self.parts)

    def test_a_credit_note_takes_its_lines_back(self):
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(self.bill.ids)],
                "journal_id": self.bill.journal_id.id,
                "date": "2024-04-01",
            }
        )
        credit = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        credit.invoice_line_ids.filtered(
            lambda line: line.product_id == self.pump
        ).unlink()
        credit.action_post()
        self.assertEqual(
            self._sizes(),
            {self.pumps.id: (1, 70), self.parts.id: (1, 15), False: (1, 5)},
        )

    def test_the_window_of_the_policy_holds_here_too(self):
        self.policy.write({"date_as_of": "2024-03-15", "window_months": 1})
        self.assertEqual(
            self._sizes(), {self.pumps.id: (1, 70), self.parts.id: (1, 10)}
        )
        found = self.env["crm.customer"].search(
            [("purchase_category_ids", "in", self.parts.ids)]
        )
        self.assertEqual(found.partner_id, self.hormuz)

    def test_customers_are_found_by_category_and_by_none(self):
        self._run()
        Customer = self.env["crm.customer"]
        found = Customer.search([("purchase_category_ids", "=", self.pumps.id)])
        self.assertEqual(found.partner_id, self.hormuz)
        own = [("company_id", "=", self.arvand.id)]
        none = Customer.search([*own, ("purchase_category_ids", "=", False)])
        self.assertEqual(none.partner_id, self.zagros)
        others = Customer.search(
            [*own, ("purchase_category_ids", "not in", self.pumps.ids)]
        )
        self.assertEqual(others.partner_id, self.caspian + self.zagros)
