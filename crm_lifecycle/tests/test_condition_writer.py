"""Nobody learns what is hidden from him by writing a condition over it (XML-RPC)."""

import xmlrpc.client

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

SALES = "sales_team.group_sale_"
OWED = "[('balance_due', '>', 0)]"


@tagged("post_install", "-at_install")
class TestConditionWriter(HttpCase):
    """
    | who   | role                       | sees what customers owe |
    |-------|----------------------------|-------------------------|
    | cow_m | sales manager, financial   | yes                     |
    | cow_r | sales manager              | no                      |
    | cow_a | salesperson, all documents | no                      |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.knowing = cls.env["res.groups"].create({"name": "Knows what is owed"})
        info_class = cls.env.ref("crm_lifecycle.crm_info_class_financial")
        info_class.group_ids = cls.knowing
        cls.company = cls.env.company.root_id
        cls.users = {
            login: new_test_user(
                cls.env,
                login,
                groups=f"{SALES}{role}",
                password=login * 2,
                company_id=cls.env.company.id,
                company_ids=[Command.set(cls.env.company.ids)],
            )
            for login, role in (
                ("cow_m", "manager"),
                ("cow_r", "manager"),
                ("cow_a", "salesman_all_leads"),
            )
        }
        cls.users["cow_m"].group_ids |= cls.knowing
        partner = cls.env["res.partner"].create({"name": "Indebted", "is_company": 1})
        cls.customer = cls.env["crm.customer"].create(
            {"partner_id": partner.id, "company_id": cls.company.id}
        )
        cls.customer.balance_due = 500
        cls.env.flush_all()
        cls.segment = cls.env["crm.segment"].create(
            {
                "name": "Debtors",
                "company_id": cls.company.id,
                "owner_id": cls.users["cow_a"].id,
                "domain": OWED,
            }
        )

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

    def _refuse(self, login, model, method, *args):
        with (
            mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc"),
            self.assertRaises(xmlrpc.client.Fault) as refusal,
        ):
            self._call(login, model, method, *args)
        return refusal.exception.faultString

    def _make_segment(self, login, **values):
        return [
            {
                "name": "Who owes",
                "company_id": self.company.id,
                "owner_id": self.users[login].id,
                "domain": OWED,
                **values,
            }
        ]

    def test_a_segment_over_what_is_hidden_is_refused_in_clear_words(self):
        said = self._refuse(
            "cow_a", "crm.segment", "create", self._make_segment("cow_a")
        )
        self.assertIn("something that you may not see", said)
        self.assertIn("Who owes", said)

    def test_every_way_to_write_one_is_refused(self):
        [own] = self._call(
            "cow_a", "crm.segment", "create", self._make_segment("cow_a", domain="[]")
        )
        ids = [own]
        nested = "['!', '|', ('order_count', '>', 3), ('balance_due', '=', 0)]"
        for way, method, arguments in (
            ("write", "write", [ids, {"domain": OWED}]),
            ("nested", "write", [ids, {"domain": nested}]),
            ("web_save", "web_save", [ids, {"domain": OWED}, {}]),
            ("copy", "copy", [self.segment.ids]),
        ):
            with self.subTest(way):
                self._refuse("cow_a", "crm.segment", method, *arguments)
        result = self._call(
            "cow_a", "crm.segment", "load", ["name", "domain"], [["Loaded", OWED]]
        )
        self.assertFalse(result["ids"])
        [fixed] = self._call(
            "cow_a",
            "crm.segment",
            "create",
            self._make_segment("cow_a", kind="fixed"),
        )
        self._refuse("cow_a", "crm.segment", "write", [fixed], {"kind": "dynamic"})
        self.assertFalse(self.env["crm.segment"].browse(fixed).customer_ids)

    def test_the_number_of_matches_before_saving_is_not_told(self):
        for login, told in (("cow_a", False), ("cow_m", True)):
            Segment = self.env["crm.segment"].with_user(self.users[login])
            segment = Segment.new(self._make_segment(login)[0])
            self.assertEqual(segment.match_count > 0, told, login)
            self.assertEqual(bool(segment.match_problem), not told, login)

    def test_a_rule_over_what_is_hidden_is_refused(self):
        values = {
            "name": "Debtors are lost",
            "stage_id": self.env.ref("crm_lifecycle.crm_lifecycle_stage_lost").id,
            "company_id": self.company.id,
            "domain": OWED,
            "active": False,
        }
        said = self._refuse("cow_r", "crm.lifecycle.rule", "create", [values])
        self.assertIn("something that you may not see", said)
        self.assertTrue(self._call("cow_m", "crm.lifecycle.rule", "create", [values]))

    def test_who_may_see_it_may_write_it(self):
        [segment] = self._call(
            "cow_m", "crm.segment", "create", self._make_segment("cow_m")
        )
        self.assertIn(
            self.customer, self.env["crm.segment"].browse(segment).customer_ids
        )

    def test_others_may_still_use_the_segment_and_change_its_name(self):
        self._call("cow_a", "crm.segment", "write", self.segment.ids, {"name": "X"})
        rows = self._call("cow_a", "crm.segment", "read", self.segment.ids)
        self.assertEqual(rows[0]["name"], "X")

    def test_sums_of_what_is_hidden_are_hidden_too(self):
        self.segment._take_snapshots()
        self.env.flush_all()
        snapshots = self.segment.snapshot_ids
        for model, ids in (
            ("crm.segment", self.segment.ids),
            ("crm.segment.snapshot", snapshots.ids),
        ):
            self._refuse("cow_a", model, "read", ids, ["balance_due"])
            rows = self._call("cow_a", model, "read", ids)
            self.assertNotIn("balance_due", rows[0])
            self.assertIn("revenue_total", rows[0])
            self._call("cow_m", model, "read", ids, ["balance_due"])
            views = [[False, kind] for kind in ("form", "list")]
            for login, expected in (("cow_m", True), ("cow_a", False)):
                found = self._call(login, model, "get_views", views)["views"]
                shown = any("balance_due" in view["arch"] for view in found.values())
                self.assertEqual(shown, expected, (model, login))

    def test_screens_with_sums_still_open(self):
        group = self.env["crm.customer.group"].create(
            {"name": "Holding", "company_id": self.company.id}
        )
        self.customer.group_id = group
        for model, ids, sums in (
            ("crm.segment", self.segment.ids, ["customer_count", "revenue_total"]),
            ("crm.customer.group", group.ids, ["member_count", "revenue_total"]),
        ):
            for login in self.users:
                [row] = self._call(login, model, "read", ids, sums)
                self.assertEqual(row[sums[0]], 1, (model, login))
            self._refuse("cow_a", model, "read", ids, ["balance_due"])
            [row] = self._call("cow_m", model, "read", ids, ["balance_due"])
            self.assertEqual(row["balance_due"], 500.0, model)

    def test_sums_cannot_be_chosen_they_follow(self):
        info_class = self.env.ref("crm_lifecycle.crm_info_class_financial")
        field = self.env["ir.model.fields"]._get("crm.segment", "revenue_total")
        with self.assertRaises(ValidationError):
            info_class.field_ids |= field
