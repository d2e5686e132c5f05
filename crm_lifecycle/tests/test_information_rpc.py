"""What a class of information protects is refused on every way in, over XML-RPC."""

import xmlrpc.client

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

SALES = "sales_team.group_sale_"


@tagged("post_install", "-at_install")
class TestInformationRpc(HttpCase):
    """
    | who   | role                       | sees what customers owe | sees notes |
    |-------|----------------------------|-------------------------|------------|
    | inf_m | sales manager              | yes                     | yes        |
    | inf_a | salesperson, all documents | no                      | no         |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            login: new_test_user(
                cls.env,
                login,
                groups=f"{group},base.group_allow_export",
                password=login * 2,
                company_id=cls.env.company.id,
                company_ids=[Command.set(cls.env.company.ids)],
            )
            for login, group in (
                ("inf_m", f"{SALES}manager"),
                ("inf_a", f"{SALES}salesman_all_leads"),
            )
        }
        partner = cls.env["res.partner"].create({"name": "Indebted", "is_company": 1})
        Customer = cls.env["crm.customer"]
        cls.customer = Customer.create(
            {
                "partner_id": partner.id,
                "company_id": cls.env.company.root_id.id,
                "note": "<p>Loves chess</p>",
            }
        )
        cls.customer.balance_due = 500
        managers = [Command.set(cls.env.ref("crm_lifecycle.group_manager").ids)]
        for code in ("financial", "people"):
            info_class = cls.env.ref(f"crm_lifecycle.crm_info_class_{code}")
            info_class.group_ids = managers

    def _call(self, login, model, method, *args, **kwargs):
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname,
            self.users[login].id,
            login * 2,
            model,
            method,
            args,
            kwargs,
        )

    def _get_ways(self):
        """{name of a way: (model, method, arguments)} that ask for what is hidden."""
        ids = self.customer.ids
        own = [["id", "in", ids]]
        owed = [["balance_due", ">", 0]]
        history = "crm.lifecycle.history"
        return {
            "read": ("crm.customer", "read", [ids, ["balance_due"]]),
            "web_read": ("crm.customer", "web_read", [ids, {"balance_due": {}}]),
            "web_read of notes": ("crm.customer", "web_read", [ids, {"note": {}}]),
            "through history": (
                history,
                "web_search_read",
                [
                    [["customer_id", "in", ids]],
                    {"customer_id": {"fields": {"balance_due": {}}}},
                ],
            ),
            "search_read": ("crm.customer", "search_read", [own, ["balance_due"]]),
            "search": ("crm.customer", "search", [owed]),
            "count": ("crm.customer", "search_count", [owed]),
            "web_search_read": ("crm.customer", "web_search_read", [owed, {}]),
            "order": ("crm.customer", "search", [own, 0, 1, "balance_due desc"]),
            "name_search": ("crm.customer", "name_search", ["", owed]),
            "read_group": (
                "crm.customer",
                "read_group",
                [own, ["balance_due:sum"], ["stage_id"]],
            ),
            "aggregate": (
                "crm.customer",
                "formatted_read_group",
                [own, ["stage_id"], ["balance_due:sum"]],
            ),
            "group by": (
                "crm.customer",
                "formatted_read_group",
                [own, ["balance_due"], ["__count"]],
            ),
            "order of groups": (
                "crm.customer",
                "formatted_read_group",
                [own, ["stage_id"], ["__count"], [], 0, 5, "balance_due:sum desc"],
            ),
            "having": (
                "crm.customer",
                "formatted_read_group",
                [own, ["stage_id"], ["__count"], [["balance_due:sum", ">", 1]]],
            ),
            "web_read_group": (
                "crm.customer",
                "web_read_group",
                [own, ["stage_id"], ["balance_due:sum"]],
            ),
            "group by a path": (
                history,
                "formatted_read_group",
                [
                    [["customer_id", "in", ids]],
                    ["customer_id.balance_due"],
                    ["__count"],
                ],
            ),
            "progress bar": (
                "crm.customer",
                "read_progress_bar",
                [own, "stage_id", {"field": "balance_due", "colors": {"1": "x"}}],
            ),
            "export": ("crm.customer", "export_data", [ids, ["balance_due"]]),
            "export a path": (
                history,
                "export_data",
                [self.customer.history_ids.ids, ["customer_id/balance_due"]],
            ),
            "path of a condition": (
                history,
                "search",
                [[["customer_id.balance_due", ">", 0]]],
            ),
            "any": (
                history,
                "search",
                [[["customer_id", "any", owed]]],
            ),
            "from contacts": (
                "res.partner",
                "search",
                [[["crm_customer_id.note", "ilike", "chess"]]],
            ),
            "from leads": (
                "crm.lead",
                "search",
                [[["partner_id.crm_customer_id.note", "ilike", "chess"]]],
            ),
            "bypassing": ("crm.lead", "search", [[["partner_id", "any!", owed]]]),
            "write": ("crm.customer", "write", [ids, {"note": "x"}]),
            "web_save": ("crm.customer", "web_save", [ids, {"note": "x"}, {}]),
            "onchange": (
                "crm.customer",
                "onchange",
                [ids, {}, [], {"balance_due": {}, "note": {}}],
            ),
            "search panel": (
                "crm.customer",
                "search_panel_select_range",
                ["stage_id"],
                {"category_domain": owed, "enable_counters": True},
            ),
        }

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_every_way_in_is_refused(self):
        for way, (model, method, arguments, *options) in self._get_ways().items():
            with self.subTest(way):
                kwargs = options[0] if options else {}
                with self.assertRaises(xmlrpc.client.Fault) as refusal:
                    self._call("inf_a", model, method, *arguments, **kwargs)
                if way != "bypassing":  # Odoo refuses that to everybody
                    said = refusal.exception.faultString
                    self.assertRegex(said, 'the field "(balance_due|note)"')

    @mute_logger("odoo.addons.rpc.controllers.xmlrpc")
    def test_whoever_may_see_gets_it_on_the_same_ways(self):
        skipped = ("progress bar", "bypassing", "from leads", "order of groups")
        for way, (model, method, arguments, *options) in self._get_ways().items():
            if way in skipped:
                continue
            with self.subTest(way):
                kwargs = options[0] if options else {}
                self._call("inf_m", model, method, *arguments, **kwargs)

    def test_an_import_may_not_write_it(self):
        result = self._call(
            "inf_a",
            "crm.customer",
            "load",
            [".id", "note"],
            [[str(self.customer.id), "changed"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("chess", self.customer.note)

    def test_what_lists_fields_leaves_them_out(self):
        known = self._call("inf_a", "crm.customer", "fields_get", [])
        self.assertNotIn("balance_due", known)
        [row] = self._call("inf_a", "crm.customer", "read", self.customer.ids)
        self.assertFalse({"balance_due", "note"} & row.keys())
        self.assertIn("revenue_total", row)

    def test_screens_still_open_without_them(self):
        views = [[False, kind] for kind in ("form", "list", "search")]
        for login, expected in (("inf_m", True), ("inf_a", False)):
            found = self._call(login, "crm.customer", "get_views", views)
            for kind, view in found["views"].items():
                self.assertEqual("balance_due" in view["arch"], expected, kind)
            form = found["views"]["form"]["arch"]
            self.assertEqual('name="notes"' in form, expected)  # its page
            self.assertIn("revenue_total", form)


@tagged("post_install", "-at_install")
class TestInformationScreens(HttpCase):
    def test_the_form_of_a_customer_opens_without_what_is_hidden(self):
        user = new_test_user(
            self.env, "inf_s", groups=f"{SALES}salesman_all_leads", password="inf_s"
        )
        partner = self.env["res.partner"].create({"name": "Seen", "is_company": 1})
        customer = self.env["crm.customer"].create(
            {"partner_id": partner.id, "company_id": user.company_id.root_id.id}
        )
        group = self.env.ref("crm_lifecycle.group_manager")
        for code in ("financial", "people"):
            info_class = self.env.ref(f"crm_lifecycle.crm_info_class_{code}")
            info_class.group_ids = group
        self.browser_js(
            f"/odoo/crm.customer/{customer.id}",
            "console.log('test successful')",
            "document.querySelector('.o_form_view [name=revenue_total]') &&"
            " !document.querySelector('.o_form_view [name=balance_due]')",
            login="inf_s",
        )
