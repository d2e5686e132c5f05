from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

MANAGER = "crm_service_contract.group_manager"
USER = "crm_service_contract.group_user"
SALESMAN = "sales_team.group_sale_salesman"


class ServiceContractMixin:
    """Cast and factories; for test cases of every kind.

    ============  =============================================================
    who           is
    ============  =============================================================
    manager       Service Contracts / Administrator, company one
    user          Service Contracts / User, company one
    seller        salesperson (own documents) without service rights, company one
    foreigner     Service Contracts / Administrator of company two
    leila         portal user of Hormuz (contact of the company)
    maryam        portal user of Hormuz, another contact of the same company
    stranger      portal user of Caspian
    ============  =============================================================
    """

    @classmethod
    def make_company(cls):
        """The cast, in ``cls.env``; HttpCase and TransactionCase both call it."""
        env = cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = env.company
        cls.other_company = env["res.company"].create({"name": "Second Pumps"})
        cls.hormuz = cls.make_partner("Hormuz Desalination", is_company=True)
        cls.caspian = cls.make_partner("Caspian Water", is_company=True)
        cls.visit = cls.make_product("Maintenance visit", 420.0)
        cls.monitoring = cls.make_product("Remote monitoring", 120.0)
        cls.manager = cls.make_user("sc_manager", MANAGER)
        cls.user = cls.make_user("sc_user", USER)
        cls.seller = cls.make_user("sc_seller", SALESMAN)
        cls.foreigner = cls.make_user("sc_foreigner", MANAGER, cls.other_company)

    @classmethod
    def make_portal_users(cls):
        cls.leila = cls.make_portal_user("sc_leila", cls.hormuz)
        cls.maryam = cls.make_portal_user("sc_maryam", cls.hormuz)
        cls.stranger = cls.make_portal_user("sc_stranger", cls.caspian)

    @classmethod
    def make_partner(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def make_product(cls, name, price):
        return cls.env["product.product"].create(
            {"name": name, "type": "service", "list_price": price, "taxes_id": False}
        )

    @classmethod
    def make_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def make_portal_user(cls, login, parent):
        user = new_test_user(cls.env, login, groups="base.group_portal")
        user.partner_id.parent_id = parent
        return user

    @classmethod
    def make_contract(cls, *lines, **values):
        """A draft contract of Hormuz since 1 January 2026, of one line by default."""
        lines = lines or [{}]
        return cls.env["service.contract"].create(
            {
                "name": "Full care",
                "partner_id": cls.hormuz.id,
                "date_start": "2026-01-01",
                "line_ids": [
                    Command.create({"product_id": cls.visit.id, **line})
                    for line in lines
                ],
                **values,
            }
        )

    @classmethod
    def make_running(cls, *lines, **values):
        contract = cls.make_contract(*lines, **values)
        contract.action_confirm()
        return contract

    def ranges(self, contract):
        periods = contract.period_ids.sorted("date_from")
        return [(str(p.date_from), str(p.date_to), p.amount) for p in periods]


class ServiceContractCase(ServiceContractMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_company()
