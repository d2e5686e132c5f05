from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ServiceContractCase

MODELS = (
    "service.contract",
    "service.contract.line",
    "service.contract.period",
    "service.contract.version",
    "service.contract.change",
    "service.contract.change.line",
    "service.contract.usage",
    "service.contract.terminate",
)
STORED = MODELS[:-1]


@tagged("post_install", "-at_install")
class TestAccess(ServiceContractCase):
    """Who may do what, role by role; portal and public may do nothing on models."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_portal_users()
        cls.contract = cls.make_running()
        cls.contract.action_bill()
        cls.contract.user_id = cls.manager

    def rights(self, user, record):
        kinds = ("read", "write", "create", "unlink")
        record = record.with_user(user)
        return "".join(kind[0] for kind in kinds if record.has_access(kind))

    def assert_rights(self, user, contract="", line="", period="", wizard=""):
        wizard_record = self.env["service.contract.terminate"]
        for record, expected in (
            (self.contract, contract),
            (self.contract.line_ids, line),
            (self.contract.period_ids, period),
            (wizard_record, wizard),
        ):
            with self.subTest(user=user.login, model=record._name):
                self.assertEqual(self.rights(user, record), expected)

    def test_a_manager_does_everything_but_edit_the_ledger(self):
        self.assert_rights(self.manager, "rwcu", "rwcu", "r", "rwc")

    def test_a_user_does_not_delete_contracts(self):
        self.assert_rights(self.user, "rwc", "rwcu", "r", "rwc")

    def test_a_salesperson_reads_contracts_of_his_customers_only(self):
        self.assert_rights(self.seller)
        self.hormuz.user_id = self.seller
        self.assert_rights(self.seller, "r", "r", "r")

    def test_a_salesperson_reads_contracts_that_he_answers_for(self):
        self.contract.user_id = self.seller
        self.assert_rights(self.seller, "r", "r", "r")

    def test_a_salesperson_does_not_bill(self):
        self.contract.user_id = self.seller
        for method in ("action_bill", "action_confirm", "action_cancel"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.contract.with_user(self.seller), method)()

    def test_an_employee_without_role_sees_nothing(self):
        self.assert_rights(self.make_user("sc_nobody", "base.group_user"))

    def test_another_company_sees_nothing(self):
        self.assert_rights(self.foreigner, wizard="rwc")
        for model in STORED:
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(self.foreigner).search([]))

    def test_what_hangs_on_a_contract_is_seen_with_the_contract(self):
        self.contract.line_ids.price_unit = 500  # makes a version and a change
        line = self.make_running({"quantity_source": "usage", "billing_mode": "post"})
        line = line.line_ids
        usage = self.env["service.contract.usage"].create(
            {"line_id": line.id, "date": "2030-01-01", "quantity": 1}
        )
        public = self.env.ref("base.public_user")
        records = {
            self.contract.line_ids.version_ids[0]: ("r", "r"),
            self.contract.change_ids: ("rwcu", "rwc"),
            self.contract.change_ids.line_ids: ("rwcu", "rwcu"),
            usage: ("rwcu", "rwcu"),
        }
        employee = self.make_user("sc_employee", "base.group_user")
        for record, (manager, user) in records.items():
            with self.subTest(model=record._name):
                self.assertEqual(self.rights(self.manager, record), manager)
                self.assertEqual(self.rights(self.user, record), user)
                for nobody in (
                    self.seller,
                    self.foreigner,
                    employee,
                    self.leila,
                    public,
                ):
                    self.assertEqual(self.rights(nobody, record), "")
        (self.contract | line.contract_id).user_id = self.seller
        for record in records:
            self.assertEqual(self.rights(self.seller, record), "r")

    def test_portal_and_public_have_no_rights_on_models(self):
        public = self.env.ref("base.public_user")
        for user in (self.leila, self.maryam, self.stranger, public):
            self.assert_rights(user)
            for model in MODELS:
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(AccessError),
                ):
                    self.env[model].with_user(user).search([])

    def test_what_we_add_to_invoices_is_hidden_from_portal(self):
        for model, name in (
            ("account.move", "service_contract_id"),
            ("account.move", "service_contract_ids"),
            ("account.move.line", "service_period_id"),
            ("res.partner", "service_contract_count"),
        ):
            with self.subTest(model=model):
                fields = self.env[model].with_user(self.leila).fields_get()
                self.assertNotIn(name, fields)

    def test_each_company_has_its_own_contracts(self):
        manager = self.foreigner
        product = self.visit.with_user(manager)
        contract = (
            self.env["service.contract"]
            .with_user(manager)
            .create(
                {
                    "name": "Theirs",
                    "partner_id": self.caspian.id,
                    "line_ids": [(0, 0, {"product_id": product.id})],
                }
            )
        )
        self.assertEqual(contract.company_id, self.other_company)
        self.assertFalse(
            self.env["service.contract"]
            .with_user(self.manager)
            .search([("id", "=", contract.id)])
        )
