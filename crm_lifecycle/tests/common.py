from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

SALES = "sales_team.group_sale_"


class LifecycleCommon(TransactionCase):
    """Two companies, the people of the first, and factories.

    | who    | company | role                       | customers                  |
    |--------|---------|----------------------------|----------------------------|
    | sara   | arvand  | sales manager              | all                        |
    | nika   | arvand  | salesperson, all documents | all                        |
    | omid   | arvand  | salesperson, own documents | those he owns or stands in |
    | leila  | arvand  | employee without sales     | none                       |
    | bahar  | bahar   | sales manager              | those of Bahar             |
    | portal | -       | portal user                | none                       |
    | public | -       | public user                | none                       |

    Hormuz and Caspian are companies; Reza works at Hormuz.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.usd = cls.env.ref("base.USD")
        cls.eur = cls.env.ref("base.EUR")
        (cls.usd | cls.eur).active = True
        cls.arvand, cls.bahar_company = cls.env["res.company"].create(
            [{"name": name, "currency_id": cls.usd.id} for name in ("Arvand", "Bahar")]
        )
        cls.env.user.company_ids |= cls.arvand | cls.bahar_company
        cls.env = cls.env["base"].with_company(cls.arvand).env
        for company in (cls.arvand, cls.bahar_company):
            cls._make_books(company)
        cls.teams = cls.env["crm.team"].create(
            [
                {"name": company.name, "company_id": company.id, "user_id": False}
                for company in (cls.arvand, cls.bahar_company)
            ]
        )
        cls.sara = cls._make_user("le_sara", cls.arvand, f"{SALES}manager")
        cls.nika = cls._make_user("le_nika", cls.arvand, f"{SALES}salesman_all_leads")
        cls.omid = cls._make_user("le_omid", cls.arvand, f"{SALES}salesman")
        cls.leila = cls._make_user("le_leila", cls.arvand, "base.group_user")
        cls.bahar = cls._make_user("le_bahar", cls.bahar_company, f"{SALES}manager")
        cls.portal = cls._make_user("le_portal", cls.arvand, "base.group_portal")
        cls.public = cls._make_user("le_public", cls.arvand, "base.group_public")
        cls.hormuz, cls.caspian = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Hormuz", "Caspian")]
        )
        cls.reza = cls.env["res.partner"].create(
            {"name": "Reza", "parent_id": cls.hormuz.id}
        )
        cls.pump = cls.env["product.product"].create(
            {
                "name": "Pump",
                "type": "service",
                "list_price": 100.0,
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )
        cls.Customer = cls.env["crm.customer"]

    @classmethod
    def _make_books(cls, company):
        """The few accounts and journals that an invoice and a payment need."""
        Account = cls.env["account.account"].with_company(company)
        account = {}
        for code, kind in (
            ("1100", "asset_receivable"),
            ("2100", "liability_payable"),
            ("4000", "income"),
            ("5000", "expense"),
            ("1000", "asset_cash"),
            ("1010", "asset_current"),
        ):
            account[kind] = Account.create(
                {
                    "name": kind,
                    "code": code,
                    "account_type": kind,
                    "reconcile": kind in ("asset_receivable", "asset_current")
                    or kind == "liability_payable",
                    "company_ids": [Command.set(company.ids)],
                }
            )
        Default = cls.env["ir.default"]
        for field, kind in (
            ("property_account_receivable_id", "asset_receivable"),
            ("property_account_payable_id", "liability_payable"),
        ):
            Default.set("res.partner", field, account[kind].id, company_id=company.id)
        company.expense_currency_exchange_account_id = account["expense"]
        company.income_currency_exchange_account_id = account["income"]
        company.transfer_account_id = account["asset_current"]
        Journal = cls.env["account.journal"].with_company(company)
        for name, code, kind, default in (
            ("Sales", "S", "sale", "income"),
            ("Exchange", "X", "general", "income"),
            ("Bank", "B", "bank", "asset_cash"),
            ("Bills", "P", "purchase", "expense"),
        ):
            journal = Journal.create(
                {
                    "name": name,
                    "code": f"LE{code}",
                    "type": kind,
                    "company_id": company.id,
                    "default_account_id": account[default].id,
                }
            )
            if kind == "general":
                company.currency_exchange_journal_id = journal

    @classmethod
    def _make_user(cls, login, company, group):
        return new_test_user(
            cls.env,
            login,
            groups=group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _days_ago(self, days):
        return fields.Date.subtract(fields.Date.today(), days=days)

    def _make_lead(self, partner, **overrides):
        company = overrides.get("company_id") or self.env.company.id
        team = self.teams.filtered(lambda team: team.company_id.id == company)
        values = {
            "name": "Lead",
            "type": "lead",
            "partner_id": partner.id,
            "company_id": company,
            "user_id": False,
            "team_id": team.id,
        }
        return self.env["crm.lead"].create({**values, **overrides})

    def _make_order(self, partner, price=100.0, confirm=True, **overrides):
        line = {"product_id": self.pump.id, "product_uom_qty": 1, "price_unit": price}
        values = {
            "partner_id": partner.id,
            "company_id": self.env.company.id,
            "user_id": False,
            "team_id": False,
            "order_line": [Command.create(line)],
        }
        date = overrides.pop("date", None)
        order = self.env["sale.order"].create({**values, **overrides})
        if confirm:
            order.action_confirm()
        if date:
            order.date_order = date
        return order

    def _make_invoice(self, partner, price=100.0, post=True, **overrides):
        line = {"product_id": self.pump.id, "price_unit": price, "tax_ids": False}
        values = {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "company_id": self.env.company.id,
            "invoice_date": fields.Date.today(),
            "invoice_line_ids": [Command.create(line)],
        }
        invoice = self.env["account.move"].create({**values, **overrides})
        if post:
            invoice.action_post()
        return invoice

    def _bill(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def _pay(self, invoice, **overrides):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(overrides)._create_payments()

    def _process(self):
        """What happens at the commit and in the lanes."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        for lane in range(4):
            while self.env["crm.customer.event"]._count_waiting(lane):
                self.env["crm.customer.event"]._consume(lane, 100)
        self.env.invalidate_all()

    def _customer_of(self, partner, company=None):
        return self.Customer.sudo().search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.arvand).id),
            ]
        )

    def _stages_of(self, customer):
        """The codes of the stages so far, oldest first."""
        history = customer.history_ids.sorted("date_from")
        return [interval.stage_id.code for interval in history]

    def _stage(self, code):
        return self.env.ref(f"crm_lifecycle.crm_lifecycle_stage_{code}")
