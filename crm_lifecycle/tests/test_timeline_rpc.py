import xmlrpc.client

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

SALES = "sales_team.group_sale_"


@tagged("post_install", "-at_install")
class TestTimelineRpc(HttpCase):
    """What integrators see of the timeline over XML-RPC.

    | who   | role                                     |
    |-------|------------------------------------------|
    | tl_a  | salesperson, all documents               |
    | tl_x  | sales manager of another company         |
    | tl_e  | employee without sales                   |
    | tl_p  | portal user                              |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.users = {
            login: new_test_user(
                cls.env,
                login,
                groups=group,
                password=login * 3,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for login, group, company in (
                ("tl_a", f"{SALES}salesman_all_leads", cls.env.company),
                ("tl_x", f"{SALES}manager", other),
                ("tl_e", "base.group_user", cls.env.company),
                ("tl_p", "base.group_portal", cls.env.company),
            )
        }
        partner = cls.env["res.partner"].create({"name": "Remote", "is_company": True})
        cls.customer = cls.env["crm.customer"].create({"partner_id": partner.id})
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "partner_id": partner.id,
                    "company_id": cls.env.company.id,
                    "user_id": cls.users["tl_a"].id,
                    "expected_revenue": number * 100,
                }
                for number in range(3)
            ]
        )
        cls.call = cls.env["crm.interaction"].create(
            {
                "name": "Rang",
                "partner_id": partner.id,
                "company_id": cls.env.company.id,
                "channel_id": cls.env.ref("crm_lifecycle.crm_channel_phone").id,
                "date": "2026-01-05 10:00:00",
            }
        )

    def _call(self, login, method, *args, model="crm.customer.timeline", **kwargs):
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname,
            self.users[login].id,
            login * 3,
            model,
            method,
            args,
            kwargs,
        )

    @property
    def domain(self):
        return [["customer_id", "=", self.customer.id]]

    def test_search_read_of_a_customer(self):
        rows = self._call(
            "tl_a",
            "search_read",
            [*self.domain, ["kind", "in", ["lead", "call"]]],
            ["customer_id", "date", "kind", "res_model", "res_id", "summary", "amount"],
            order="date desc",
        )
        self.assertEqual(
            [row["kind"] for row in rows], ["lead", "lead", "lead", "call"]
        )
        self.assertEqual(rows[0]["customer_id"], [self.customer.id, "Remote"])
        self.assertEqual(rows[0]["summary"], "Lead 2")
        self.assertEqual(rows[0]["amount"], 200.0)
        self.assertEqual(
            (rows[-1]["res_model"], rows[-1]["res_id"], rows[-1]["date"]),
            ("crm.interaction", self.call.id, "2026-01-05 10:00:00"),
        )

    def test_limit_offset_count_and_conditions(self):
        everything = self._call("tl_a", "search_read", self.domain, ["kind"])
        ids = [row["id"] for row in everything]
        part = self._call("tl_a", "search_read", self.domain, ["kind"], 1, 2)
        self.assertEqual([row["id"] for row in part], ids[1:3])
        count = self._call("tl_a", "search_count", self.domain)
        self.assertEqual(count, len(ids))
        for condition, summaries in (
            (["date", "<", "2026-01-06"], ["Rang"]),
            (["date", ">=", "2026-01-05 10:00:00"],
             ["Lead 2", "Lead 1", "Lead 0", "Rang"]),
            (["date", ">", "2026-01-05 10:00:00"], ["Lead 2", "Lead 1", "Lead 0"]),
            (["res_model", "=", "crm.interaction"], ["Rang"]),
            (["kind", "!=", "lead"], ["Rang"]),
            (["summary", "ilike", "lead 1"], ["Lead 1"]),
        ):  # fmt: skip
            rows = self._call(
                "tl_a",
                "search_read",
                ["&", ["kind", "!=", "stage"], "&", *self.domain, condition],
                ["summary"],
            )
            self.assertEqual([row["summary"] for row in rows], summaries, condition)

    def test_get_page_over_rpc(self):
        page = self._call("tl_a", "get_page", self.customer.id, limit=2)
        rest = self._call(
            "tl_a", "get_page", self.customer.id, after=page["next"], limit=100
        )
        self.assertEqual(len(page["entries"]), 2)
        self.assertFalse(rest["next"])
        kinds = self._call("tl_a", "get_kinds")
        self.assertIn("lead", [kind["kind"] for kind in kinds])

    def test_what_a_timeline_cannot_do_is_refused_in_words(self):
        for method, args, words in (
            ("search_read", [[]], "customer_id"),
            ("search_read", [[["kind", "=", "lead"]]], "customer_id"),
            ("search_read", [["|", *self.domain, ["kind", "=", "x"]]], "condition"),
            ("search_read", [[*self.domain, ["amount", ">", 5]]], "condition"),
            ("search_read", [[["customer_id", "in", [1, 2]]]], "condition"),
            ("search_read", [self.domain, ["secret"]], "secret"),
            ("search_read", [self.domain, ["kind"], 0, 5, "amount desc"], "newest"),
            ("search", [self.domain], "search_read"),
            ("get_page", [self.customer.id, False, "soon"], "soon"),
        ):
            with self.assertRaises(xmlrpc.client.Fault, msg=method) as refused:
                self._call("tl_a", method, *args)
            self.assertIn(words, refused.exception.faultString, method)

    def test_strangers_are_refused(self):
        for login in ("tl_x", "tl_e", "tl_p"):
            for method, args in (
                ("search_read", [self.domain]),
                ("search_count", [self.domain]),
                ("get_page", [self.customer.id]),
            ):
                with self.assertRaises(xmlrpc.client.Fault, msg=login):
                    self._call(login, method, *args)
            with self.assertRaises(xmlrpc.client.Fault, msg=login):
                self._call(
                    login, "get_header", [self.customer.id], model="crm.customer"
                )
        with self.assertRaises(xmlrpc.client.Fault):
            self._call("tl_a", "_collect", self.customer.id)
