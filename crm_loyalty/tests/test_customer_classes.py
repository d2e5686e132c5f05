"""Classes of the customer filter, group and export his documents."""

import ast

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..models.crm_customer_classed import CLASS_FIELDS
from .common import LoyaltyCommon

CLASSED = (
    "res.partner",
    "crm.lead",
    "sale.order",
    "account.move",
    "account.invoice.report",
    "sale.report",
    "crm.purchase.history",
)


@tagged("post_install", "-at_install")
class TestCustomerClasses(LoyaltyCommon):
    """Hormuz is a, Caspian b, Zagros c in Arvand; in Bahar Hormuz is c.

    Omid sees Hormuz and, as deputy, Caspian, but not Zagros.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.hormuz | cls.caspian | cls.zagros
        cls.gold = cls.env.ref("crm_lifecycle.crm_service_tier_gold")
        Customer = cls.env["crm.customer"]
        for partner, company, values in (
            (cls.hormuz, cls.arvand, ("a", "champion", "high", "loyal")),
            (cls.caspian, cls.arvand, ("b", "at_risk", "low", "disloyal")),
            (cls.zagros, cls.arvand, ("c", "recent", "medium", "unknown")),
            (cls.hormuz, cls.bahar, ("c", "inactive", "low", "unknown")),
        ):
            names = ("abc_class", "rfm_segment", "churn_band", "loyalty_type")
            Customer.create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "service_tier_id": cls.gold.id,
                    **dict(zip(names, values, strict=True)),
                }
            )
        cls._customer(cls.hormuz).user_id = cls.omid
        cls._customer(cls.caspian).write(
            {"user_id": cls.nika.id, "deputy_id": cls.omid.id}
        )
        cls._customer(cls.zagros).user_id = cls.nika
        cls.contact = cls.env["res.partner"].create(
            {"name": "Reza", "parent_id": cls.zagros.id}
        )
        cls.orders = cls.env["sale.order"].create(
            [
                {"partner_id": partner.id, "user_id": cls.omid.id}
                for partner in (cls.hormuz, cls.caspian, cls.contact)
            ]
        )
        cls.leads = cls.env["crm.lead"].create(
            [
                {"name": partner.name, "partner_id": partner.id, "user_id": False}
                for partner in cls.people
            ]
        )

    def _as(self, user, record):
        return record.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _count(self, model, name, domain=(), user=None):
        found = self._as(user or self.sara, self.env[model])._read_group(
            domain, [name], ["__count"]
        )
        return dict(found)

    def test_every_model_groups_sorts_searches_and_reads_every_class(self):
        self.sara.group_ids += self.env.ref("account.group_account_manager")
        for model in CLASSED:
            Model = self._as(self.sara, self.env[model])
            described = Model.fields_get(CLASS_FIELDS)
            for name in CLASS_FIELDS:
                with self.subTest(model=model, field=name):
                    for ability in ("groupable", "sortable", "searchable"):
                        self.assertTrue(described[name][ability], ability)
                    Model._read_group([], [name], ["__count"])
                    Model.search([(name, "!=", False)], order=name, limit=2).read(
                        [name]
                    )

    def test_orders_are_grouped_by_the_class_of_the_commercial_entity(self):
        mine = [("id", "in", self.orders.ids)]
        self.assertEqual(
            self._count("sale.order", "crm_abc_class", mine), {"a": 1, "b": 1, "c": 1}
        )
        self.assertEqual(
            self._count("sale.order", "crm_service_tier_id", mine), {self.gold: 3}
        )
        orders = self._as(self.sara, self.orders)
        self.assertEqual(orders.mapped("crm_abc_class"), ["a", "b", "c"])
        self.assertEqual(orders.mapped("crm_churn_band"), ["high", "low", "medium"])

    def test_a_class_is_searched_by_every_operator(self):
        Order = self._as(self.sara, self.env["sale.order"])
        alone = self.env["res.partner"].create({"name": "Nobody yet"})
        unknown = self.env["sale.order"].create({"partner_id": alone.id})
        first, second, third = self.orders
        for operator, value, expected in (
            ("=", "a", first),
            ("!=", "a", second | third | unknown),
            ("in", ["a", "b"], first | second),
            ("in", ["a", False], first | unknown),
            ("not in", ["a", False], second | third),
            ("=", False, unknown),
            ("!=", False, self.orders),
        ):
            domain = Domain("crm_abc_class", operator, value)
            domain &= Domain("id", "in", (self.orders | unknown).ids)
            with self.subTest(operator=operator, value=value):
                self.assertEqual(Order.search(domain), expected)
                both = self._as(self.sara, self.orders | unknown)
                self.assertEqual(both.filtered_domain(domain), expected)

    def test_a_salesperson_reads_no_class_of_others_customers(self):
        """Not by reading, searching, grouping, or sorting the contacts he may see."""
        mine = [("id", "in", self.people.ids)]
        counts = self._count("res.partner", "crm_abc_class", mine, self.omid)
        self.assertEqual(counts, {"a": 1, "b": 1, False: 1})
        zagros = self._as(self.omid, self.zagros)
        self.assertFalse(zagros.crm_abc_class)
        found = zagros.search([("crm_abc_class", "=", "c"), *mine])
        self.assertFalse(found)
        leads = self._count("crm.lead", "crm_churn_band", [], self.omid)
        self.assertEqual(leads, {"high": 1, "low": 1, False: 1})
        orders = self._count(
            "sale.order", "crm_loyalty_type", [("id", "in", self.orders.ids)], self.omid
        )
        self.assertEqual(orders, {"loyal": 1, "disloyal": 1, False: 1})

    def test_each_company_has_its_own_classes(self):
        here = self._as(self.sara, self.hormuz)
        there = self._as(self.bahar_manager, self.hormuz)
        self.assertEqual((here.crm_abc_class, there.crm_abc_class), ("a", "c"))
        self.assertEqual(
            self._count(
                "res.partner",
                "crm_abc_class",
                [("id", "in", self.people.ids)],
                self.bahar_manager,
            ),
            {"c": 1, False: 2},
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.hormuz.id,
                "company_id": self.bahar.id,
                "user_id": self.bahar_manager.id,
            }
        )
        both = self.env["sale.order"].with_context(
            allowed_company_ids=(self.arvand | self.bahar).ids
        )
        self.assertEqual(
            dict(
                both._read_group(
                    [("id", "in", (order | self.orders[0]).ids)],
                    ["crm_abc_class"],
                    ["__count"],
                )
            ),
            {"a": 1, "c": 1},
        )

    def test_a_document_of_a_branch_has_the_classes_of_its_main_company(self):
        branch = self.env["res.company"].create(
            {"name": "Arvand South", "parent_id": self.arvand.id}
        )
        self.omid.write({"company_ids": [Command.link(branch.id)]})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.hormuz.id,
                "company_id": branch.id,
                "user_id": self.omid.id,
            }
        )
        seen = order.with_user(self.omid).with_context(allowed_company_ids=branch.ids)
        self.assertEqual(seen.crm_abc_class, "a")
        groups = seen._read_group(
            [("id", "=", order.id)], ["crm_abc_class"], ["__count"]
        )
        self.assertEqual(groups, [("a", 1)])

    def test_a_lead_without_company_has_the_classes_of_the_present_one(self):
        lead = self.leads[0]
        lead.company_id = False
        for user, expected in ((self.sara, "a"), (self.bahar_manager, "c")):
            seen = self._as(user, lead)
            self.assertEqual(seen.crm_abc_class, expected)
            self.assertEqual(
                seen.search([("crm_abc_class", "=", expected), ("id", "=", lead.id)]),
                lead,
            )

    def test_a_protected_class_cannot_be_read_on_documents(self):
        info = self.env.ref("crm_lifecycle.crm_info_class_people")
        info.field_ids = self.env["ir.model.fields"]._get("crm.customer", "abc_class")
        info.group_ids = self.env.ref("crm_lifecycle.group_manager")
        self.omid.group_ids += self.env.ref("base.group_allow_export")
        orders = self._as(self.omid, self.orders)
        for attempt in (
            lambda: orders.read(["crm_abc_class"]),
            lambda: orders.export_data(["name", "crm_abc_class"]),
            lambda: orders.search([("crm_abc_class", "=", "a")]),
            lambda: orders.search([], order="crm_abc_class"),
            lambda: orders._read_group([], ["crm_abc_class"], ["__count"]),
            lambda: orders.env["crm.lead"].search(
                [("order_ids.crm_abc_class", "=", "a")]
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertNotIn("crm_abc_class", orders.fields_get())
        views = orders.get_views([(False, "search"), (False, "list")])["views"]
        for view in views.values():
            self.assertNotIn("crm_abc_class", view["arch"])
            self.assertIn("crm_rfm_segment", view["arch"])
        self.assertEqual(orders[0].crm_rfm_segment, "champion")
        self.assertEqual(self._as(self.sara, self.orders[0]).crm_abc_class, "a")

    def test_people_without_sales_rights_do_not_see_the_fields(self):
        for user in (self.leila, self.portal, self.public):
            Partner = self._as(user, self.env["res.partner"])
            self.assertNotIn("crm_abc_class", Partner.fields_get())
            for attempt in (
                lambda Partner=Partner: Partner.search([("crm_abc_class", "=", "a")]),
                lambda Partner=Partner: Partner._read_group([], ["crm_abc_class"]),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_classes_are_exported_in_words(self):
        self.sara.group_ids += self.env.ref("base.group_allow_export")
        orders = self._as(self.sara, self.orders)
        rows = orders.export_data(["partner_id", "crm_abc_class", "crm_rfm_segment"])
        self.assertEqual(
            [row[1:] for row in rows["datas"]],
            [["A", "Champions"], ["B", "At Risk"], ["C", "Recent"]],
        )

    def test_a_list_asks_once_for_all_its_classes(self):
        orders = self._as(self.sara, self.orders)
        orders.read(["crm_abc_class"])
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            orders[0].read(["crm_abc_class", "crm_churn_band"])
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            orders.read(["crm_abc_class", "crm_churn_band"])

    def test_invoices_and_their_analysis_are_grouped(self):
        journal = self.env["account.journal"].create(
            {"name": "Sales", "code": "LSAL", "type": "sale"}
        )
        account, receivable = self.env["account.account"].create(
            [
                {"name": kind, "code": f"LX{number}", "account_type": kind}
                for number, kind in enumerate(("income", "asset_receivable"))
            ]
        )
        people = self.people | self.contact
        people.property_account_receivable_id = receivable
        self.sara.group_ids += self.env.ref("account.group_account_manager")
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "journal_id": journal.id,
                    "partner_id": partner.id,
                    "invoice_date": "2026-01-05",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Pump",
                                "price_unit": 100,
                                "tax_ids": [],
                                "account_id": account.id,
                            }
                        )
                    ],
                }
                for partner in (self.hormuz, self.contact, self.contact)
            ]
        )
        mine = [("move_id", "in", invoices.ids)]
        self.env.flush_all()
        report = self._as(self.sara, self.env["account.invoice.report"])
        groups = report._read_group(mine, ["crm_abc_class"], ["price_subtotal:sum"])
        self.assertEqual(dict(groups), {"a": 100, "c": 200})
        moves = self._as(self.sara, self.env["account.move"])
        self.assertEqual(
            moves.search([("crm_abc_class", "=", "c")]) & invoices, invoices[1:]
        )
        pivot = report.formatted_read_group(
            mine, ["crm_abc_class", "crm_churn_band"], ["price_subtotal:sum"]
        )
        found = [(group["crm_abc_class"], group["crm_churn_band"]) for group in pivot]
        self.assertEqual(found, [("a", "high"), ("c", "medium")])

    def test_sales_analysis_is_grouped(self):
        product = self.env["product.product"].create({"name": "Pump"})
        for order in self.orders:
            order.order_line = [Command.create({"product_id": product.id})]
        self.env.flush_all()
        mine = [("order_reference", "in", [f"sale.order,{i}" for i in self.orders.ids])]
        counts = self._count("sale.report", "crm_abc_class", mine)
        self.assertEqual(counts, {"a": 1, "b": 1, "c": 1})
        counts = self._count("sale.report", "crm_abc_class", mine, self.omid)
        self.assertEqual(counts, {"a": 1, "b": 1, False: 1})

    def test_the_usual_segments_are_everybodys_favourites(self):
        Filters = self._as(self.omid, self.env["ir.filters"])
        shipped = Filters.get_filters("crm.customer")
        names = [saved["name"] for saved in shipped]
        for name in ("A customers at risk", "Champions", "Large but silent"):
            self.assertIn(name, names)
        Customer = self._as(self.sara, self.env["crm.customer"])
        for saved in shipped:
            with self.subTest(saved["name"]):
                domain = ast.literal_eval(saved["domain"])
                groups = ast.literal_eval(saved["context"]).get("group_by", [])
                Customer.search(domain, order=ast.literal_eval(saved["sort"])[0])
                Customer.formatted_read_group(domain, groups, ["__count"])
        [risk] = [saved for saved in shipped if saved["name"] == "A customers at risk"]
        self.assertEqual(
            Customer.search(ast.literal_eval(risk["domain"])).partner_id, self.hormuz
        )
