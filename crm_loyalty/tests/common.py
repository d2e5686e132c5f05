from odoo.tests import TransactionCase, new_test_user

SALES = "sales_team.group_sale_"


class LoyaltyCommon(TransactionCase):
    """Two companies, the people of the first, and factories.

    | who    | company | role                          | customers                 |
    |--------|---------|-------------------------------|---------------------------|
    | sara   | arvand  | sales manager                 | all                       |
    | nika   | arvand  | salesperson, all documents    | all                       |
    | omid   | arvand  | salesperson, own documents    | Hormuz, deputy of Caspian |
    | leila  | arvand  | employee without sales rights | none                      |
    | bahar  | bahar   | sales manager                 | those of Bahar            |
    | portal | -       | portal user                   | none                      |
    | public | -       | public user                   | none                      |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        usd = cls.env.ref("base.USD")
        usd.active = True
        cls.arvand, cls.bahar = cls.env["res.company"].create(
            [{"name": name, "currency_id": usd.id} for name in ("Arvand", "Bahar")]
        )
        cls.env = cls.env["base"].with_company(cls.arvand).env
        cls.sara = cls._make_user("loyalty_sara", cls.arvand, f"{SALES}manager")
        cls.nika = cls._make_user(
            "loyalty_nika", cls.arvand, f"{SALES}salesman_all_leads"
        )
        cls.omid = cls._make_user("loyalty_omid", cls.arvand, f"{SALES}salesman")
        cls.leila = cls._make_user("loyalty_leila", cls.arvand, "base.group_user")
        cls.bahar_manager = cls._make_user(
            "loyalty_bahar", cls.bahar, f"{SALES}manager"
        )
        cls.portal = cls._make_user("loyalty_portal", cls.arvand, "base.group_portal")
        cls.public = cls._make_user("loyalty_public", cls.arvand, "base.group_public")
        cls.hormuz, cls.caspian, cls.zagros = cls.env["res.partner"].create(
            [{"name": name} for name in ("Hormuz", "Caspian", "Zagros")]
        )
        cls.policy = cls.env["crm.loyalty.policy"].create({"company_id": cls.arvand.id})

    @classmethod
    def _make_user(cls, login, company, group):
        return new_test_user(
            cls.env,
            login,
            groups=group,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def _buy(cls, partner, date, amount, **overrides):
        """A purchase from before Odoo; its reference is its place in the table."""
        values = {
            "company_id": cls.arvand.id,
            "partner_id": partner.id,
            "date": date,
            "amount": amount,
            "reference": f"P{cls.env['crm.purchase.history'].search_count([])}",
            **overrides,
        }
        return cls.env["crm.purchase.history"].create(values)

    @classmethod
    def _run(cls, policy=None):
        """The run that a press on the button makes."""
        policy = policy or cls.policy
        policy.with_user(cls.sara).sudo(False).action_run()
        policy.invalidate_recordset()
        return policy.last_run_id

    @classmethod
    def _customer(cls, partner, company=None):
        return cls.env["crm.customer"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or cls.arvand).id),
            ]
        )
