"""The cast of the timeline's tests: a customer, and one document of every kind."""

from datetime import timedelta

from odoo import Command, fields

from .common import LifecycleCommon


class TimelineCommon(LifecycleCommon):
    """Hormuz is a customer of Arvand; Reza works there. See LifecycleCommon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._make_customer(cls.hormuz)
        cls.pollster = cls._make_user(
            "le_pollster", cls.arvand, "survey.group_survey_user"
        )
        cls.phone = cls.env.ref("crm_lifecycle.crm_channel_phone")
        cls.visit = cls.env.ref("crm_lifecycle.crm_channel_visit")
        cls.letter = cls.env.ref("crm_lifecycle.crm_channel_letter")
        cls.Timeline = cls.env["crm.customer.timeline"]

    @classmethod
    def _make_customer(cls, partner, company=None):
        return cls.env["crm.customer"].create(
            {"partner_id": partner.id, "company_id": (company or cls.arvand).id}
        )

    def _ago(self, days):
        """A moment some days ago, to the second."""
        return fields.Datetime.now() - timedelta(days=days)

    def _page(self, customer=None, user=None, **asked):
        Timeline = self.Timeline.with_user(user) if user else self.Timeline
        return Timeline.get_page((customer or self.customer).id, **asked)

    def _entries(self, **asked):
        """All entries but stages, newest first."""
        entries = self._page(limit=500, **asked)["entries"]
        return [entry for entry in entries if entry["kind"] != "stage"]

    def _kinds(self, **asked):
        return [entry["kind"] for entry in self._entries(**asked)]

    def _read_all(self, size, **asked):
        """The ids of all entries, read page by page."""
        found, after = [], None
        while after is not False:
            page = self._page(limit=size, after=after, **asked)
            self.assertLessEqual(len(page["entries"]), size)
            found += [entry["id"] for entry in page["entries"]]
            after = page["next"]
        return found

    def _make_interaction(self, partner, **overrides):
        values = {
            "name": "Call",
            "partner_id": partner.id,
            "company_id": self.arvand.id,
            "channel_id": self.phone.id,
            "user_id": self.omid.id,
        }
        return self.env["crm.interaction"].create({**values, **overrides})

    def _make_meeting(self, partners, **overrides):
        start = overrides.pop("start", self._ago(1))
        values = {
            "name": "Meeting",
            "start": start,
            "stop": start + timedelta(hours=1),
            "partner_ids": [Command.set(partners.ids)],
            "user_id": self.omid.id,
        }
        Event = self.env["calendar.event"].with_context(no_mail_to_attendees=True)
        return Event.create({**values, **overrides})

    def _make_payment(self, partner, amount=50.0, **overrides):
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.arvand.id), ("type", "=", "bank")], limit=1
        )
        values = {
            "partner_id": partner.id,
            "partner_type": "customer",
            "payment_type": "inbound",
            "amount": amount,
            "journal_id": journal.id,
        }
        payment = self.env["account.payment"].create({**values, **overrides})
        payment.action_post()
        return payment

    def _post(self, record, date=None, **values):
        message = record.message_post(**values)
        if date:
            message.date = date
        return message

    def _make_rating(self, partner, **overrides):
        values = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": partner.id,
            "partner_id": partner.id,
            "rated_partner_id": self.omid.partner_id.id,
            "rating": 5,
            "consumed": True,
            "feedback": "Fast and friendly",
            "rated_on": fields.Datetime.now(),
        }
        return self.env["rating.rating"].create({**values, **overrides})

    def _make_answer(self, partner, **overrides):
        survey = self.env["survey.survey"].create(
            {"title": "How are we doing?", "user_id": self.pollster.id}
        )
        values = {
            "survey_id": survey.id,
            "partner_id": partner.id,
            "state": "done",
            "end_datetime": fields.Datetime.now(),
        }
        return self.env["survey.user_input"].create({**values, **overrides})

    def _make_story(self, partner, days=30):
        """One document of every kind, a day apart, the oldest first."""
        lead = self._make_lead(partner)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [self._ago(days), lead.id],
        )
        for number, channel in enumerate((self.phone, self.visit, self.letter), 1):
            self._make_interaction(
                partner, channel_id=channel.id, date=self._ago(days - number)
            )
        self._make_order(partner, confirm=False, date=self._ago(days - 4))
        self._make_order(partner, date=self._ago(days - 5))
        self._make_invoice(partner, invoice_date=self._ago(days - 6).date())
        self._make_invoice(
            partner, move_type="out_refund", invoice_date=self._ago(days - 7).date()
        )
        self._make_payment(partner, date=self._ago(days - 8).date())
        self._post(
            partner,
            self._ago(days - 9),
            body="We would like a quotation",
            message_type="email",
            author_id=partner.id,
        )
        self._post(
            partner,
            self._ago(days - 10),
            body="Prefers mornings",
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        activity = partner.activity_schedule(
            "mail.mail_activity_data_todo", summary="Send it", user_id=self.sara.id
        )
        activity.action_feedback()
        done = self.env["mail.message"].search(
            [("mail_activity_type_id", "!=", False), ("res_id", "=", partner.id)],
            limit=1,
        )
        done.date = self._ago(days - 11)
        self._make_answer(partner, end_datetime=self._ago(days - 12))
        self._make_rating(partner, rated_on=self._ago(days - 13))
        self._make_meeting(partner, start=self._ago(days - 14))
        self.env.flush_all()
