import json
import xmlrpc.client

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

SALES = "sales_team.group_sale_"


@tagged("post_install", "-at_install")
class TestRpc(HttpCase):
    """What integrators see: XML-RPC and JSON-2.

    | who   | role                       |
    |-------|----------------------------|
    | rpc_m | sales manager              |
    | rpc_a | salesperson, all documents |
    | rpc_o | salesperson, own documents |
    | rpc_e | employee without sales     |
    | rpc_p | portal user                |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            login: new_test_user(cls.env, login, groups=group, password=login * 2)
            for login, group in (
                ("rpc_m", f"{SALES}manager"),
                ("rpc_a", f"{SALES}salesman_all_leads"),
                ("rpc_o", f"{SALES}salesman"),
                ("rpc_e", "base.group_user"),
                ("rpc_p", "base.group_portal"),
            )
        }
        cls.mine, cls.others = cls.env["res.partner"].create(
            [{"name": "Mine", "is_company": True}, {"name": "Not", "is_company": True}]
        )
        for partner, login in ((cls.mine, "rpc_o"), (cls.others, "rpc_a")):
            cls.env["crm.lead"].create(
                {
                    "name": "Lead",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "user_id": cls.users[login].id,
                    "company_id": cls.env.company.id,
                }
            )

    def _call(self, login, method, *args, **kwargs):
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname,
            self.users[login].id,
            login * 2,
            "crm.customer",
            method,
            args,
            kwargs,
        )

    def _names(self, login):
        found = self._call(
            login,
            "search_read",
            [["partner_id", "in", (self.mine | self.others).ids]],
            ["partner_id"],
        )
        return {name for row in found for _id, name in [row["partner_id"]]}

    def test_each_role_over_xmlrpc(self):
        for login in ("rpc_a", "rpc_o", "rpc_e", "rpc_p"):
            with self.assertRaises(xmlrpc.client.Fault, msg=login):
                self._call(login, "action_refresh", [])
        self.assertTrue(self._call("rpc_m", "action_refresh", []))
        self.assertEqual(self._names("rpc_m"), {"Mine", "Not"})
        self.assertEqual(self._names("rpc_a"), {"Mine", "Not"})
        self.assertEqual(self._names("rpc_o"), {"Mine"})
        for login in ("rpc_e", "rpc_p"):
            with self.assertRaises(xmlrpc.client.Fault, msg=login):
                self._names(login)
        for method in ("_refresh_all", "_write_unseen", "_queue_events"):
            with self.assertRaises(xmlrpc.client.Fault, msg=method):
                self._call("rpc_m", method, [])

    def test_refresh_over_json2(self):
        user = self.users["rpc_m"]
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
        Key = self.env["res.users.apikeys"].with_user(user)
        key = Key._generate("rpc", "test", tomorrow)
        response = self.url_open(
            "/json/2/crm.customer/action_refresh",
            data=json.dumps({"ids": []}),
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
            },
        )
        self.assertEqual((response.status_code, response.json()), (200, True))
        customer = self.mine.with_user(user).crm_customer_id
        self.assertEqual(customer.stage_id.code, "acquire")
