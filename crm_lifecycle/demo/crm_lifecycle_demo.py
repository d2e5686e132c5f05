from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

from . import story


class CrmLifecycleDemo(models.AbstractModel):
    """Tells the story of the demo company; called by the demo XML only.

    It loads the documents of two years with their days; the engine then tells the
    stages of the past from them, as it does when it comes to an old database.
    """

    _name = "crm.lifecycle.demo"
    _description = "Demo Company"

    @api.model
    def _load_accounting(self):
        """Give the demo company the generic chart of accounts."""
        company = self.env.ref("crm_lifecycle.demo_company")
        if company.chart_template:
            return
        self.env["account.chart.template"]._load("generic_coa", company, False)
        journal = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        chart = self.env["account.chart.template"].with_company(company)
        outstanding = chart.ref("account_journal_payment_debit_account_id")
        lines = journal.inbound_payment_method_line_ids
        lines.payment_account_id = outstanding

    @api.model
    def _load_history(self):
        """Load leads, orders, invoices and payments of two years, then the figures."""
        company = self.env.ref("crm_lifecycle.demo_company")
        if self.env["sale.order"].search_count([("company_id", "=", company.id)]):
            return
        self = self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_create_nolog=True,
            no_mail_to_attendees=True,
            dont_notify=True,
            lang="en_US",
        )
        if "stock.warehouse" in self.env:  # Odoo leaves it to people
            self.env["stock.warehouse"].create({"name": company.name, "code": "ARV"})
        self._load_rates(company)
        self._set_taxes(company)
        deals = story.tell()
        first, early, later = (
            [deal for deal in deals if low <= deal.number <= high]
            for low, high in ((1, 1), (2, 4), (5, len(deals)))
        )
        won = self._load_first_leads(first)
        self._load_prospects(story.PROSPECTS)
        for chapter in (first, early, later):
            self._load_deals(chapter, won if chapter is first else {})
        self._load_prospects(story.CHANCES)
        self._load_meetings()
        self.env["crm.customer"]._refresh_all()
        self._load_people()
        self._load_decisions()

    # ------------------------------------------------------------------
    # What the story is made of
    # ------------------------------------------------------------------
    def _ref(self, kind, key):
        return self.env.ref(f"crm_lifecycle.demo_{kind}_{key}")

    def _day(self, days_ago):
        return fields.Date.today() - timedelta(days=days_ago)

    def _moment(self, days_ago, hour=9):
        return datetime.combine(self._day(days_ago), time(hour))

    def _backdate(self, records, moments, *columns):
        """Set the dates of records that the ORM insists on setting itself."""
        records.flush_recordset()
        for column in columns:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %s SET %s = seen.at
                      FROM unnest(%s::int[], %s::timestamp[]) AS seen(id, at)
                     WHERE %s = seen.id
                    """,
                    SQL.identifier(records._table),
                    SQL.identifier(column),
                    records.ids,
                    list(moments),
                    SQL.identifier(records._table, "id"),
                )
            )
        records.invalidate_recordset(list(columns), flush=False)

    def _load_rates(self, company):
        """A euro between 1.06 and 1.14 dollars, a new rate each month."""
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": self.env.ref("base.EUR").id,
                    "company_id": company.id,
                    "name": self._day(days_ago),
                    "inverse_company_rate": 1.10 + ((days_ago // 30) % 9 - 4) / 100,
                }
                for days_ago in range(0, 780, 30)
            ]
        )

    def _set_taxes(self, company):
        products = self.env["product.product"].search([("company_id", "=", company.id)])
        products.taxes_id = company.account_sale_tax_id

    # ------------------------------------------------------------------
    # Leads
    # ------------------------------------------------------------------
    def _prepare_lead_values(self, key, title, owner, **values):
        partner = self._ref("partner", key)
        contact = partner.child_ids[:1]
        return {
            "name": title,
            "type": "opportunity",
            "partner_id": (contact or partner).id,
            "user_id": owner and self._ref("user", owner).id,
            "team_id": self.env.ref("crm_lifecycle.demo_team").id,
            "company_id": self.env.company.id,
            **values,
        }

    def _load_first_leads(self, deals):
        """The opportunity that each buyer's first order came from: {key: lead}."""
        stage = self.env.ref("crm.stage_lead2").id
        leads = self.env["crm.lead"].create(
            [
                self._prepare_lead_values(
                    deal.key,
                    f"{self._ref('partner', deal.key).name}: first pumps",
                    deal.owner,
                    stage_id=stage,
                    expected_revenue=self._get_amount(deal),
                )
                for deal in deals
            ]
        )
        asked = [
            self._moment(deal.day + 30 + index) for index, deal in enumerate(deals)
        ]
        self._backdate(leads, asked, "create_date")
        converted = [at + timedelta(days=9) for at in asked]
        self._backdate(leads, converted, "date_conversion", "date_open")
        return {deal.key: lead for deal, lead in zip(deals, leads, strict=True)}

    def _load_prospects(self, prospects):
        """Open, quoted and lost chances."""
        stages = {"opportunity": "crm.stage_lead2", "quoted": "crm.stage_lead3"}
        leads = self.env["crm.lead"].create(
            [
                self._prepare_lead_values(
                    prospect.key,
                    prospect.title,
                    prospect.owner,
                    type="lead" if prospect.state == "lead" else "opportunity",
                    stage_id=self.env.ref(
                        stages.get(prospect.state, "crm.stage_lead1")
                    ).id,
                    expected_revenue=prospect.revenue,
                )
                for prospect in prospects
            ]
        )
        asked = [self._moment(prospect.asked) for prospect in prospects]
        self._backdate(leads, asked, "create_date")
        for lead, prospect in zip(leads, prospects, strict=True):
            if prospect.state == "lost":
                reason = self.env.ref("crm.lost_reason_1")
                lead.action_set_lost(lost_reason_id=reason.id)
                closed = self._moment(max(prospect.asked - 45, 1))
                self._backdate(lead, [closed], "date_closed")
            if prospect.state == "quoted":
                self._load_quotation(lead, prospect)
        self._backdate(
            leads,
            [at + timedelta(days=4) for at in asked],
            "date_conversion",
            "date_open",
        )

    def _load_quotation(self, lead, prospect):
        quantity = max(1, prospect.revenue // 6000)
        deal = story.Deal(
            prospect.key,
            max(prospect.asked - 20, 2),
            (("ap80", quantity), ("install", max(1, quantity // 3))),
            0,
            prospect.owner,
            False,
            0,
        )
        values = self._prepare_order_values(deal)
        order = self.env["sale.order"].create(
            {
                **values,
                "opportunity_id": lead.id,
                "validity_date": self._day(deal.day - 45),
            }
        )
        order.state = "sent"
        self._backdate(order, [self._moment(deal.day)], "create_date")

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------
    def _load_meetings(self):
        """Visits at the customers who have a contact, and the ones to come."""
        values = []
        days = (310, 160, 62, 20, -6)
        for index, buyer in enumerate(story.BUYERS):
            partner = self._ref("partner", buyer.key)
            contact = partner.child_ids[:1]
            user = self._ref("user", buyer.owner)
            for visit, day in enumerate(days):
                if contact and (index + visit) % 2 == 0 and buyer.first > day:
                    start = self._moment(day + index % 5, 10)
                    values.append(
                        {
                            "name": f"Visit: {partner.name}",
                            "start": start,
                            "stop": start + timedelta(hours=1),
                            "user_id": user.id,
                            "partner_ids": [
                                Command.set([user.partner_id.id, contact.id])
                            ],
                        }
                    )
        self.env["calendar.event"].create(values)

    def _get_customers(self):
        """Return {partner: customer} of the demo company."""
        customers = self.env["crm.customer"].search(
            [("company_id", "=", self.env.company.id)]
        )
        return {customer.partner_id: customer for customer in customers}

    def _load_people(self):
        """Deputies, channels, tiers, and who is served or in trouble."""
        customers = self._get_customers()
        deputies = {"omid": "nika", "nika": "omid"}
        channels = ("phone", "mail", "visit", "messaging")
        for index, buyer in enumerate(story.BUYERS):
            customer = customers[self._ref("partner", buyer.key)]
            tier = "gold" if index < 4 else "silver" if index < 8 else "basic"
            customer.write(
                {
                    "deputy_id": self._ref("user", deputies[buyer.owner]).id,
                    "preferred_channel_id": self.env.ref(
                        f"crm_lifecycle.crm_channel_{channels[index % 4]}"
                    ).id,
                    "service_tier_id": self.env.ref(
                        f"crm_lifecycle.crm_service_tier_{tier}"
                    ).id,
                    "service_standing": story.STANDING.get(buyer.key, "none"),
                }
            )
        for customer in customers.values():
            customer.team_id = self.env.ref("crm_lifecycle.demo_team")

    def _load_decisions(self):
        """What people decided by hand, noted down, and do next."""
        customers = self._get_customers()
        nika = self._ref("user", "nika")
        sepid = customers[self._ref("partner", "sepid")].id
        self.env["crm.customer"].with_user(nika).browse(sepid).write(
            {
                "stage_id": self.env.ref("crm_lifecycle.crm_lifecycle_stage_lost").id,
                "pin_reason": "Sold; the new owner buys through his own group",
                "pin_until": self._day(-180),
            }
        )
        for key, note in story.NOTES.items():
            customers[self._ref("partner", key)].note = note
        for key, summary, days in story.NEXT_STEPS:
            customer = customers[self._ref("partner", key)]
            customer.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_call",
                self._day(-days),
                summary,
                user_id=customer.user_id.id,
            )
