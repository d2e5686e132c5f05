from datetime import date

from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class StrategyCommon(TransactionCase):
    """Two companies that sell, and the people who may or may not know how much.

    | who         | groups                         | company |
    |-------------|--------------------------------|---------|
    | executive   | executive, accounting (read)   | north   |
    | blind       | executive, no accounting       | north   |
    | manager     | sales manager                  | north   |
    | salesperson | salesperson                    | north   |
    | leader      | salesperson, leads a team      | north   |
    | stranger    | executive                      | south   |
    | employee    | internal user, nothing else    | north   |
    | portal      | portal                         | north   |
    | public      | public                         | north   |

    KPI `revenue` (net revenue, every company). Figures lie in 2023, so that no record
    of a demo or another test falls among them.
    """

    # Set by the classes that invoice in most tests; others load the accounts as needed.
    with_accounts = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.north = cls._company("North")
        cls.south = cls._company("South")
        if cls.with_accounts:
            cls._load_accounts(cls.north)
        cls.customer = cls.env["res.partner"].create({"name": "Customer"})
        cls._people()
        cls.revenue = cls._kpi("TEST_REVENUE")

    @classmethod
    def _company(cls, name, **values):
        company = cls.env["res.company"].create(
            {"name": f"{name} KPI", "currency_id": cls.env.ref("base.USD").id, **values}
        )
        cls.env.user.company_ids = [Command.link(company.id)]
        return company

    @classmethod
    def _load_accounts(cls, company):
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )

    @classmethod
    def _people(cls):
        own = "crm_strategy_kpi.group_"
        cls.executive = cls._user(
            "kpi_executive", f"{own}executive,account.group_account_readonly"
        )
        cls.blind = cls._user("kpi_blind", f"{own}executive")
        cls.manager = cls._user("kpi_manager", "sales_team.group_sale_manager")
        cls.salesperson = cls._user("kpi_salesperson", "sales_team.group_sale_salesman")
        cls.leader = cls._user("kpi_leader", "sales_team.group_sale_salesman")
        cls.stranger = cls._user("kpi_stranger", f"{own}executive", cls.south)
        cls.employee = cls._user("kpi_employee", "base.group_user")
        cls.portal = cls._user("kpi_portal", "base.group_portal")
        cls.public = cls._user("kpi_public", "base.group_public")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "KPI team",
                "company_id": cls.north.id,
                "user_id": cls.leader.id,
            }
        )

    @classmethod
    def _user(cls, login, groups, company=None):
        company = company or cls.north
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            tz="UTC",
        )

    @classmethod
    def _kpi(cls, code, **values):
        return cls.env["crm.kpi"].create(
            {"name": code, "code": code, "measure": "net_revenue", **values}
        )

    @classmethod
    def _target(cls, kpi, month, target, company=None, **values):
        return cls.env["crm.kpi.target"].create(
            {
                "kpi_id": kpi.id,
                "company_id": (company or cls.north).id,
                "period_start": month,
                "target": target,
                **values,
            }
        )

    @classmethod
    def _strategy(cls, company=None, kpis=None, **values):
        company = company or cls.north
        kpis = cls.revenue if kpis is None else kpis
        return cls.env["crm.strategy"].create(
            {
                "name": "Grow",
                "company_id": company.id,
                "date_start": date(2023, 1, 1),
                "date_end": date(2023, 12, 31),
                "state": "running",
                "objective_ids": [
                    Command.create(
                        {
                            "name": "Earn more",
                            "perspective": "financial",
                            "owner_id": cls.env.user.id,
                            "kpi_ids": [Command.set(kpis.ids)],
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _invoice(cls, day, amount, company=None, post=True, **values):
        company = company or cls.north
        if not company.root_id.chart_template:
            cls._load_accounts(company)
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customer.id,
                    "invoice_date": day,
                    "date": day,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Pump", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                    **values,
                }
            )
        )
        if post:
            move.action_post()
        return move

    def _measure(self, kpis, first, last, company=None):
        kpis.with_context(
            allowed_company_ids=(company or self.north).ids
        ).action_measure(first, last)

    def _values(self, kpi, company=None):
        return self.env["crm.kpi.value"].search(
            [("kpi_id", "=", kpi.id), ("company_id", "=", (company or self.north).id)],
            order="period_start",
        )

    def _raw_values(self, kpi):
        """Return {first day: value} as stored, None where there are no data."""
        self.env.cr.execute(
            "SELECT period_start, value FROM crm_kpi_value"
            " WHERE kpi_id = %s AND company_id = %s",
            [kpi.id, self.north.id],
        )
        return dict(self.env.cr.fetchall())
