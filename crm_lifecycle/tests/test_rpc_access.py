"""Each model and each role over XML-RPC: exactly what the table of rights says."""

import xmlrpc.client

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from . import rpc_factories
from .test_access import MODELS

SALES = "sales_team.group_sale_"
ACCESS_ERROR = 4
INSIDE = ("all", "own", "manager")


@tagged("post_install", "-at_install")
class TestRpcAccess(HttpCase):
    """
    | who      | company | role                       |
    |----------|---------|----------------------------|
    | manager  | first   | sales manager              |
    | all      | first   | salesperson, all documents |
    | own      | first   | salesperson, own documents |
    | employee | first   | employee without sales     |
    | portal   | first   | portal user                |
    | stranger | second  | sales manager              |

    Public people have no login: without one, nothing is answered at all. An addon
    above asks the same of its own models: see the two attributes.
    """

    rights = MODELS
    factories = rpc_factories

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.env.company.root_id
        cls.second = cls.env["res.company"].create({"name": "Second"})
        roles = {
            "manager": (f"{SALES}manager", cls.first),
            "all": (f"{SALES}salesman_all_leads", cls.first),
            "own": (f"{SALES}salesman", cls.first),
            "employee": ("base.group_user", cls.first),
            "portal": ("base.group_portal", cls.first),
            "stranger": (f"{SALES}manager", cls.second),
        }
        cls.users = {
            who: new_test_user(
                cls.env,
                f"rpa_{who}",
                groups=group,
                password=f"rpa_{who}",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for who, (group, company) in roles.items()
        }
        cls.partners = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Owned", "Others")]
        )
        cls.owned, cls.others = cls.env["crm.customer"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": cls.first.id,
                    "user_id": cls.users[who].id,
                }
                for partner, who in zip(cls.partners, ("own", "all"), strict=True)
            ]
        )
        cls.records = {
            model: make(cls, cls.owned)
            for model, make in cls.factories.FACTORIES.items()
        }
        cls.env.flush_all()
        others = set(cls.rights) - set(cls.records) - cls.factories.VIEWS
        maker = cls.factories.AnyRow(cls, cls.owned)
        for model in sorted(others):
            cls.records[model] = maker.make(model, cls.users["manager"])
        cls.env.invalidate_all()

    def _get_rights(self, model):
        """Return {who: letters}; the others get nothing."""
        sales, manager = self.rights[model]
        return {
            "manager": manager,
            "all": self.factories.ALL_LEADS.get(model, sales),
            "own": sales,
        }

    def _may_add(self, model, rights, who):
        return model in self.factories.ADDED_ONLY and "r" in rights.get(who, "")

    def _is_own_only(self, model):
        """A wizard belongs to the person who made it."""
        return model in self.factories.OWN_ONLY or self.env[model]._transient

    @classmethod
    def make_event(cls, customer):
        return cls.env["crm.customer.event"].create(
            {
                "kind": "test",
                "root_company": customer.company_id.id,
                "partner_id": customer.partner_id.id,
                "date": fields.Datetime.now(),
            }
        )

    @classmethod
    def make_override(cls, customer):
        return (
            cls.env["crm.customer.override"]
            .with_user(cls.users["manager"])
            .create(
                {
                    "customer_ids": customer.ids,
                    "stage_id": customer.stage_id.id,
                    "reason": "x",
                }
            )
        )

    def _call(self, who, model, method, *arguments):
        user = self.users[who]
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname, user.id, user.login, model, method, arguments, {}
        )

    def _answers(self, who, model, method, *arguments):
        """Return whether the call was answered, not refused."""
        try:
            self._call(who, model, method, *arguments)
        except xmlrpc.client.Fault as fault:
            words = ("access", "allowed", "never rewritten")
            refused = fault.faultCode == ACCESS_ERROR
            refused |= any(word in fault.faultString for word in words)
            self.assertTrue(refused, (who, model, method, fault.faultString))
            return False
        return True

    def _sees(self, who, record):
        found = self._call(who, record._name, "search", [["id", "=", record.id]])
        return found == record.ids

    def test_each_model_has_a_record(self):
        self.assertEqual(set(self.records), set(self.rights) - self.factories.VIEWS)
        self.assertFalse([name for name, found in self.records.items() if not found])

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_each_role_reads_and_searches_as_the_table_says(self):
        for model, record in self.records.items():
            rights = self._get_rights(model)
            for who in ("manager", "all", "own", "employee", "portal"):
                with self.subTest(model=model, who=who):
                    may = "r" in rights.get(who, "")
                    mine = not self._is_own_only(model) or who == "manager"
                    mine &= model not in self.factories.WHOLE_ONLY or who != "own"
                    for method, arguments in (
                        ("read", [record.ids, ["id", "display_name"]]),
                        ("search_read", [[["id", "=", record.id]], ["id"]]),
                    ):
                        expected = may and (mine or method != "read")
                        self.assertEqual(
                            self._answers(who, model, method, *arguments), expected
                        )
                    if may and mine:
                        self.assertTrue(self._sees(who, record))

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_nobody_else_writes_creates_or_deletes(self):
        for model, record in self.records.items():
            rights = self._get_rights(model)
            for who in ("manager", "all", "own", "employee", "portal"):
                if "w" in rights.get(who, ""):
                    continue
                with self.subTest(model=model, who=who):
                    for method, arguments in (
                        ("write", [record.ids, {}]),
                        ("create", [[{}]]),
                        ("unlink", [record.ids]),
                    ):
                        if method == "create" and self._may_add(model, rights, who):
                            continue
                        refused = not self._answers(who, model, method, *arguments)
                        self.assertTrue(refused, method)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_whoever_may_write_may_write(self):
        for model, record in self.records.items():
            if self._is_own_only(model):
                continue
            rights = self._get_rights(model)
            for who in ("manager", "own"):
                if "w" in rights[who]:
                    with self.subTest(model=model, who=who):
                        self.assertTrue(
                            self._answers(who, model, "write", record.ids, {})
                        )

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_salespeople_create_for_their_own_customers_only(self):
        for model, get_values in self.factories.VALUES.items():
            with self.subTest(model):
                mine = get_values(self, self.owned)
                others = get_values(self, self.others)
                for who, expected in (("own", False), ("all", True), ("manager", True)):
                    self.assertTrue(self._answers(who, model, "create", mine))
                    self.assertEqual(
                        self._answers(who, model, "create", others), expected, who
                    )

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_another_companys_manager_finds_nothing(self):
        shared = self.factories.SHARED | self.factories.WITHOUT_COMPANY
        for model, record in self.records.items():
            if model in shared:
                continue
            with self.subTest(model):
                self.assertFalse(self._sees("stranger", record))
                if model != "crm.customer.event":
                    read = [record.ids, ["id", "display_name"]]
                    self.assertFalse(self._answers("stranger", model, "read", *read))
                for method in ("write", "unlink"):
                    values = [{}] if method == "write" else []
                    self.assertFalse(
                        self._answers("stranger", model, method, record.ids, *values)
                    )

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_without_a_login_nothing_is_answered(self):
        for model in self.rights:
            with self.assertRaises(xmlrpc.client.Fault, msg=model):
                self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname,
                    self.env.ref("base.public_user").id,
                    "",
                    model,
                    "search",
                    [[]],
                )
