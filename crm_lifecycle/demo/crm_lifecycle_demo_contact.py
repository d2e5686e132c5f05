from datetime import timedelta

from odoo import Command, api, models

from . import contact_story


class CrmLifecycleDemo(models.AbstractModel):
    """Touchpoints, interactions and consents of the demo company."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_contact(self):
        """Load what customers and the company told each other, and where they meet."""
        company = self.env.ref("crm_lifecycle.demo_company")
        if self.env["crm.touchpoint"].search_count([("company_id", "=", company.id)]):
            return
        self = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tracking_disable=True, lang="en_US"
        )
        self._channel("messaging").link = "https://wa.me/{number}"
        self._load_touchpoints(company)
        self._load_noted_contacts(company)
        self._load_consents(company)
        self._load_first_answers(company)
        self.env["crm.customer"]._refresh_all()
        self._load_calls_back(company)
        self.env["crm.customer"]._alarm_company(company)

    def _channel(self, code):
        return self.env.ref(f"crm_lifecycle.crm_channel_{code}")

    def _load_touchpoints(self, company):
        self.env["crm.touchpoint"].create(
            [
                {
                    "name": name,
                    "sequence": number,
                    "channel_id": self._channel(channel).id,
                    "stage_ids": [
                        Command.link(
                            self.env.ref(
                                f"crm_lifecycle.crm_lifecycle_stage_{stage}"
                            ).id
                        )
                        for stage in stages.split()
                    ],
                    "owner_id": self._ref("user", owner).id,
                    "direction": direction,
                    "address": address,
                    "company_id": company.id,
                }
                for number, (
                    name,
                    channel,
                    stages,
                    owner,
                    direction,
                    address,
                ) in enumerate(contact_story.TOUCHPOINTS)
            ]
        )

    def _load_noted_contacts(self, company):
        values = []
        for key, channel, way, days, minutes, summary in contact_story.INTERACTIONS:
            partner = self._ref("partner", key)
            owner = partner.user_id or self._ref("user", "sara")
            values.append(
                {
                    "name": summary,
                    "partner_id": (partner.child_ids[:1] or partner).id,
                    "company_id": company.id,
                    "channel_id": self._channel(channel).id,
                    "direction": way,
                    "date": self._moment(days, 9 + days % 6),
                    "duration": minutes,
                    "user_id": owner.id,
                }
            )
        self.env["crm.interaction"].create(values)

    def _load_consents(self, company):
        values = []
        for key, purpose, channel, state, source, days, words in contact_story.CONSENTS:
            values.append(
                {
                    "partner_id": self._ref("partner", key).id,
                    "company_id": company.id,
                    "purpose": purpose,
                    "channel_id": channel and self._channel(channel).id,
                    "state": state,
                    "source": source,
                    "date": self._moment(days),
                    "evidence": words,
                    "user_id": self._ref("user", "nika").id,
                }
            )
        self.env["crm.consent"].sudo().create(values)  # in the name of a colleague
        for key, channel in contact_story.DECLARED:
            partner = self._ref("partner", key)
            contact = partner.child_ids[:1] or partner
            contact.crm_preferred_channel_id = self._channel(channel)

    def _load_first_answers(self, company):
        """How long each lead waited for a person: 1 to 44 hours, less every year."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads = leads.search(
            [("company_id", "=", company.id), ("date_open", "!=", False)]
        )
        today = self._moment(0)
        opened = []
        for number, lead in enumerate(leads.sorted("id")):
            years = (today - lead.create_date).days / 365
            hours = 1 + number * 7 % 20 + 10 * max(years, 0)
            opened.append(lead.create_date + timedelta(hours=hours))
        self._backdate(leads.sorted("id"), opened, "date_open")

    def _load_calls_back(self, company):
        """Somebody called back after the first contact, some sooner than others."""
        customers = self.env["crm.customer"].search(
            [("company_id", "=", company.id), ("first_contact_at", "!=", False)],
            order="id",
        )
        slow = self._ref("user", "omid")
        values = []
        for number, customer in enumerate(customers):
            user = customer.user_id or self._ref("user", "sara")
            hours = (1 + number * 5 % 17) * (2 if user == slow else 1)
            date = customer.first_contact_at + timedelta(hours=hours)
            if date > self._moment(0):
                continue
            values.append(
                {
                    "name": "Called back: what is it for, and by when?",
                    "partner_id": customer.partner_id.id,
                    "company_id": company.id,
                    "channel_id": self._channel("phone").id,
                    "direction": "out",
                    "date": date,
                    "duration": 5 + number % 9,
                    "user_id": user.id,
                }
            )
        self.env["crm.interaction"].create(values)
        customers._refresh_facts()
