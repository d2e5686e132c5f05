"""Who may see and do what."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import LoyaltyCommon
from .rpc_factories import ALL_LEADS

# What salespeople and managers do: r read, w write. Nobody else gets anything.
MODELS = {
    "crm.purchase.history": ("r", "rw"),
    "crm.loyalty.history": ("r", "r"),
    "crm.loyalty.policy": ("r", "rw"),
    "crm.loyalty.run": ("", "r"),
    "crm.purchase": ("r", "r"),
    "crm.competitor": ("rw", "rw"),
    "crm.competitor.purchase": ("rw", "rw"),
    "crm.loyalty.benefit": ("r", "rw"),
    "crm.loyalty.grant": ("r", "r"),
    "crm.loyalty.benefit.try": ("", "rw"),
    "crm.loyalty.benefit.try.line": ("", "rw"),
    "crm.loyalty.segment": ("r", "rw"),
    "crm.loyalty.segment.range": ("r", "rw"),
    "crm.loyalty.equity": ("", "r"),
    "crm.loyalty.equity.opening": ("", "r"),
    "crm.loyalty.preview": ("", "rw"),
    "crm.loyalty.preview.setting": ("", "rw"),
    "crm.loyalty.preview.mover": ("", "rw"),
}


@tagged("post_install", "-at_install")
class TestAccess(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, amount in ((cls.hormuz, 80), (cls.caspian, 15), (cls.zagros, 5)):
            cls._buy(partner, "2020-01-01", amount)
        cls._run()
        cls._customer(cls.hormuz).user_id = cls.omid
        cls._customer(cls.caspian).write(
            {"user_id": cls.nika.id, "deputy_id": cls.omid.id}
        )
        cls._customer(cls.zagros).user_id = cls.nika

    def _seen(self, model, user):
        context = {"allowed_company_ids": user.company_ids.ids}
        return self.env[model].with_user(user).with_context(**context).search([])

    def test_the_table_knows_every_model_of_the_addon(self):
        own = {
            name
            for name, model in self.registry.models.items()
            if model._original_module == "crm_loyalty" and not model._abstract
        }
        self.assertFalse(own - set(MODELS))

    def test_salespeople_and_managers_have_the_rights_of_the_table(self):
        for model, (sales, manager) in MODELS.items():
            everybodys = ALL_LEADS.get(model, sales)
            for user, letters in (
                (self.omid, sales),
                (self.nika, everybodys),
                (self.sara, manager),
            ):
                Model = self.env[model].with_user(user)
                for letter, operation in (("r", "read"), ("w", "write")):
                    self.assertEqual(
                        Model.has_access(operation),
                        letter in letters,
                        (model, user.login, operation),
                    )

    def test_salespeople_see_the_purchases_and_classes_of_their_customers(self):
        own = self.hormuz | self.caspian
        purchases = self._seen("crm.purchase.history", self.omid)
        self.assertEqual(purchases.partner_id, own)
        rows = self._seen("crm.loyalty.history", self.omid)
        self.assertEqual(rows.customer_id.partner_id, own)
        self.assertEqual(purchases.customer_id.partner_id, own)

    def test_a_foreign_purchase_cannot_be_read_by_its_id(self):
        purchase = self.env["crm.purchase.history"].search(
            [("partner_id", "=", self.zagros.id)]
        )
        with self.assertRaises(AccessError):
            purchase.with_user(self.omid).read(["amount"])

    def test_all_documents_means_all_customers(self):
        for user in (self.nika, self.sara):
            purchases = self._seen("crm.purchase.history", user)
            self.assertEqual(len(purchases), 3)
            self.assertEqual(len(self._seen("crm.loyalty.history", user)), 3)

    def test_another_company_sees_nothing(self):
        for model in set(MODELS) - {"crm.loyalty.policy"}:
            seen = self._seen(model, self.bahar_manager)
            if "company_id" in seen:
                seen = seen.filtered("company_id")  # what all companies share
            self.assertFalse(seen, model)
        policies = self._seen("crm.loyalty.policy", self.bahar_manager)
        self.assertNotIn(self.policy, policies)
        policy = self.policy.with_user(self.bahar_manager)
        with self.assertRaises(AccessError):
            policy.with_context(allowed_company_ids=self.bahar.ids).action_run()

    def test_only_managers_write_and_run(self):
        for user in (self.omid, self.nika):
            with self.assertRaises(AccessError):
                self.policy.with_user(user).action_run()
            with self.assertRaises(AccessError):
                self.policy.with_user(user).cut_a = 0.5
            purchase = self._seen("crm.purchase.history", user)[:1]
            with self.assertRaises(AccessError):
                purchase.amount = 1
            with self.assertRaises(AccessError):
                self._seen("crm.loyalty.run", user)
        self.policy.with_user(self.sara).cut_a = 0.7

    def test_nobody_writes_what_the_engine_writes(self):
        run = self.policy.last_run_id.with_user(self.sara)
        row = self._seen("crm.loyalty.history", self.sara)[:1]
        for record, values in ((run, {"count_a": 9}), (row, {"abc_class": "c"})):
            with self.assertRaises(AccessError):
                record.write(values)
            with self.assertRaises(AccessError):
                record.unlink()
        customer = self._customer(self.hormuz).with_user(self.sara)
        with self.assertRaises(AccessError):
            customer.abc_class = "c"

    def test_employees_portal_and_public_see_nothing(self):
        for user in (self.leila, self.portal, self.public):
            for model in MODELS:
                with self.assertRaises(AccessError, msg=f"{model} {user.login}"):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.policy.with_user(user).action_run()
            with self.assertRaises(AccessError):
                self.env["crm.customer"].with_user(user).get_pareto()

    def test_a_salesperson_gets_the_curve_of_own_customers(self):
        pareto = self.env["crm.customer"].with_user(self.omid).get_pareto()
        self.assertEqual((pareto["customers"], pareto["revenue"]), (2, 95))


@tagged("post_install", "-at_install")
class TestAccessRpc(HttpCase):
    def _call(self, model, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    @mute_logger("odoo.http")
    def test_a_portal_user_is_refused_over_rpc(self):
        self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "loyalty_rpc_portal",
                "password": "loyalty_rpc_portal",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.authenticate("loyalty_rpc_portal", "loyalty_rpc_portal")
        policy = self.env["crm.loyalty.policy"].search([], limit=1)
        calls = [(model, "search_read", []) for model in MODELS]
        calls += [
            ("crm.customer", "get_pareto"),
            ("crm.customer", "get_whale"),
            ("crm.loyalty.policy", "action_preview", policy.ids, {"cut_a": 0.7}),
            ("crm.customer", "get_pareto_parts", "country"),
            ("crm.customer", "get_rfm"),
            ("crm.loyalty.equity", "get_equity"),
            (
                "crm.loyalty.history",
                "get_migration",
                {"date_from": "2024-01-01", "date_to": "2024-02-01"},
            ),
            ("crm.loyalty.policy", "action_run", policy.ids),
        ]
        for model, method, *args in calls:
            with self.subTest(model=model, method=method):
                with self.assertRaises(Exception) as caught:
                    self._call(model, method, *args)
                self.assertIn("AccessError", str(caught.exception))

    @mute_logger("odoo.http")
    def test_without_login_there_is_no_answer(self):
        self.authenticate(None, None)
        for model in MODELS:
            with self.subTest(model), self.assertRaises(Exception) as caught:
                self._call(model, "search_read", [])
            self.assertIn("Session", str(caught.exception))
