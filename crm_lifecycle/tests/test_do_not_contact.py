from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form

from .common import LifecycleCommon

MESSAGE = {
    "body": "Hello",
    "message_type": "comment",
    "subtype_xmlid": "mail.mt_comment",
}


class TestDoNotContact(LifecycleCommon):
    """Every sender of the suite asks the ledger; test_consent.py has its answers."""

    def setUp(self):
        super().setUp()
        self.hormuz.write(
            {
                "email": "info@hormuz.example.com",
                "phone": "+98 21 8888 7766",
                "country_id": self.env.ref("base.ir").id,
            }
        )
        self.caspian.email = "info@caspian.example.com"
        self.lead = self._make_lead(self.hormuz, user_id=self.omid.id)
        self._make_lead(self.caspian, user_id=self.omid.id)
        self._process()
        self.customer = self._customer_of(self.hormuz)
        self.other = self._customer_of(self.caspian)
        self.refuse(self.hormuz)

    def refuse(self, partner, purpose="all", **values):
        return self.env["crm.consent"].create(
            {
                "partner_id": partner.id,
                "purpose": purpose,
                "state": "refused",
                "date": fields.Datetime.now() - timedelta(minutes=1),
                **values,
            }
        )

    def _channel(self, code):
        return self.env.ref(f"crm_lifecycle.crm_channel_{code}")

    # ------------------------------------------------------------------
    # Chatter and composer
    # ------------------------------------------------------------------
    def test_a_person_cannot_write_from_customer_contact_lead_or_interaction(self):
        call = self.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": self.hormuz.id,
                "channel_id": self._channel("phone").id,
            }
        )
        for document in (self.customer, self.hormuz, self.lead, call):
            document = document.with_user(self.omid)
            with self.assertRaisesRegex(UserError, "Hormuz", msg=document._name):
                document.message_post(**MESSAGE, partner_ids=self.hormuz.ids)
            document.message_post(**MESSAGE, partner_ids=self.sara.partner_id.ids)
            document.message_post(body="A note", subtype_xmlid="mail.mt_note")

    def test_what_odoo_sends_by_itself_leaves_him_out(self):
        for document in (self.customer, self.hormuz, self.lead):
            message = document.message_post(
                **{**MESSAGE, "message_type": "auto_comment"},
                partner_ids=(self.hormuz | self.caspian).ids,
            )
            self.assertEqual(message.notification_ids.res_partner_id, self.caspian)

    def test_another_companys_ledger_does_not_bind_us(self):
        self.refuse(self.caspian, company_id=self.bahar_company.id)
        self.caspian.message_post(**MESSAGE, partner_ids=self.caspian.ids)
        there = self.caspian.with_company(self.bahar_company)
        with self.assertRaises(UserError):
            there.message_post(**MESSAGE, partner_ids=self.caspian.ids)

    def test_the_composer_of_the_button_sends_nothing_to_whom_one_adds(self):
        action = self.other.with_user(self.omid).action_contact_choose()
        wizard = (
            self.env["crm.contact.wizard"]
            .with_user(self.omid)
            .with_context(**action["context"])
            .create({"channel_id": self._channel("mail").id})
        )
        opened = wizard.action_contact()
        composer = self.env["mail.compose.message"].with_user(self.omid)
        form = Form(composer.with_context(**opened["context"]))
        form.subject, form.body = "Offer", "<p>Hello</p>"
        form.partner_ids.add(self.hormuz)
        with self.assertRaises(UserError):
            form.save().action_send_mail()

    def test_a_mail_to_many_leaves_him_out_whatever_the_documents_are(self):
        other_lead = self.env["crm.lead"].search([("partner_id", "=", self.caspian.id)])
        for refused, allowed in (
            (self.customer, self.other),
            (self.hormuz, self.caspian),
            (self.lead, other_lead),
        ):
            composer = self.env["mail.compose.message"].create(
                {
                    "model": refused._name,
                    "res_ids": repr((refused | allowed).ids),
                    "composition_mode": "mass_mail",
                    "body": "Hello",
                    "subject": "News",
                    "force_send": False,
                }
            )
            mails, _messages = composer._action_send_mail()
            states = {mail.res_id: mail.state for mail in mails}
            self.assertEqual(states[refused.id], "cancel", refused._name)
            self.assertNotEqual(states[allowed.id], "cancel", allowed._name)

    def test_an_order_is_sent_and_its_form_warns(self):
        order = self._make_order(self.hormuz, confirm=False)
        order.message_post(**MESSAGE, partner_ids=self.hormuz.ids)
        self.assertEqual(order.message_ids[0].notified_partner_ids, self.hormuz)
        for model, view in (
            ("sale.order", "sale.view_order_form"),
            ("crm.lead", "crm.crm_lead_view_form"),
            ("res.partner", "base.view_partner_form"),
        ):
            Model = self.env[model].with_user(self.omid)
            arch = Model.get_view(self.env.ref(view).id, "form")["arch"]
            self.assertIn('invisible="not crm_do_not_contact"', arch, model)
        self.assertTrue(order.crm_do_not_contact)
        self.assertTrue(self.lead.crm_do_not_contact)

    def test_sms_are_refused_from_every_page(self):
        if "sms.composer" not in self.env:
            self.skipTest("The app SMS is not installed")
        for document in (self.customer, self.hormuz, self.lead):
            with self.assertRaises(UserError, msg=document._name):
                document._message_sms("Hello", partner_ids=self.hormuz.ids)
            composer = self.env["sms.composer"].create(
                {
                    "res_model": document._name,
                    "res_ids": repr(document.ids),
                    "composition_mode": "mass",
                    "body": "Hello",
                }
            )
            states = composer._action_send_sms().mapped("state")
            self.assertEqual(states, ["canceled"], document._name)

    # ------------------------------------------------------------------
    # Segments and surveys
    # ------------------------------------------------------------------
    def test_writing_to_a_segment_leaves_him_out(self):
        segment = self.env["crm.segment"].create(
            {
                "name": "List",
                "kind": "fixed",
                "company_id": self.arvand.id,
                "customer_ids": [Command.set((self.customer | self.other).ids)],
            }
        )
        values = segment._prepare_mailing_context()
        composer = self.env["mail.compose.message"].create(
            {
                "model": "crm.customer",
                "res_domain": values["default_mailing_domain"],
                "composition_mode": "mass_mail",
                "body": "Offer",
                "subject": values["default_subject"],
                "force_send": False,
            }
        )
        mails, _messages = composer._action_send_mail()
        sent = mails.filtered(lambda mail: mail.state != "cancel")
        self.assertEqual(sent.mapped("res_id"), self.other.ids)

    def test_the_process_survey_asks_the_ledger_of_the_company_that_asks(self):
        Process = self.env["crm.process"]
        both = self.hormuz | self.caspian
        self.assertEqual(Process._get_survey_recipients(both), self.caspian)
        there = Process.with_company(self.bahar_company)
        self.assertEqual(there._get_survey_recipients(both), both)
        self.refuse(self.caspian, "survey")
        self.assertFalse(Process._get_survey_recipients(both))
        Process.create({"name": "Delivery", "owner_id": self.omid.id})
        wizard = (
            self.env["crm.process.ask"]
            .with_user(self.sara)
            .create({"partner_ids": [Command.set(both.ids)]})
        )
        self.assertEqual((wizard.recipient_count, wizard.refused_count), (0, 2))
        with self.assertRaises(UserError):
            wizard.action_send()

    def test_a_company_without_address_is_asked_through_who_may_be_asked(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        first, second = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": firm.id, "email": f"{name}@example.com"}
                for name in ("first", "second")
            ]
        )
        self.refuse(first, "survey")
        recipients = self.env["crm.process"]._get_survey_recipients(firm)
        self.assertEqual(recipients, second)

    def test_an_invitation_of_the_app_surveys_is_refused(self):
        survey = self.env["survey.survey"].create({"title": "Quality"})
        invite = self.env["survey.invite"].create(
            {
                "survey_id": survey.id,
                "partner_ids": [Command.set(self.hormuz.ids)],
                "subject": "Please",
                "body": "Answer",
            }
        )
        with self.assertRaisesRegex(UserError, "Hormuz"):
            invite.action_invite()
        self.assertFalse(survey.user_input_ids)
        invite.write(
            {"partner_ids": [Command.clear()], "emails": "info@hormuz.example.com"}
        )
        with self.assertRaisesRegex(UserError, "Hormuz"):
            invite.action_invite()

    # ------------------------------------------------------------------
    # Letters, calls, activities
    # ------------------------------------------------------------------
    def test_a_letter_is_not_printed(self):
        letter = self._channel("letter")
        values = {"name": "Offer", "partner_id": self.hormuz.id}
        for direction in ("out", "in"):
            log = self.env["crm.interaction.log"].create(
                {**values, "channel_id": letter.id, "direction": direction}
            )
            with self.assertRaises(UserError):
                log.action_print()
        noted = self.env["crm.interaction"].create(
            {**values, "channel_id": letter.id, "direction": "out"}
        )
        report = self.env["ir.actions.report"].with_user(self.omid)
        with self.assertRaises(UserError):
            report._render_qweb_html("crm_lifecycle.report_letter", noted.ids)
        noted.partner_id = self.caspian
        report._render_qweb_html("crm_lifecycle.report_letter", noted.ids)

    def test_a_call_is_not_put_off_to_another_day(self):
        log = self.env["crm.interaction.log"].create(
            {
                "name": "Call",
                "partner_id": self.hormuz.id,
                "channel_id": self._channel("phone").id,
                "next_date": self._days_ago(-2),
            }
        )
        with self.assertRaises(UserError):
            log.action_later()

    def test_nobody_plans_to_call_visit_or_mail_him(self):
        for document in (self.customer, self.hormuz, self.lead):
            document = document.with_user(self.omid)
            for kind in ("call", "meeting", "email"):
                with self.assertRaises(UserError, msg=(document._name, kind)):
                    document.activity_schedule(f"mail.mail_activity_data_{kind}")
            todo = document.activity_schedule("mail.mail_activity_data_todo")
            with self.assertRaises(UserError):
                todo.activity_type_id = self.env.ref("mail.mail_activity_data_call")
        self.other.with_user(self.omid).activity_schedule(
            "mail.mail_activity_data_call"
        )

    def test_a_channel_refused_leaves_the_others(self):
        self.refuse(self.caspian, channel_id=self._channel("phone").id)
        mine = self.other.with_user(self.omid)
        with self.assertRaises(UserError):
            mine.activity_schedule("mail.mail_activity_data_call")
        mine.activity_schedule("mail.mail_activity_data_email")

    def test_what_an_automation_plans_becomes_a_todo_that_says_why(self):
        planned = self.customer.sudo().activity_schedule(
            "mail.mail_activity_data_call", summary="Ask about the pump"
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        self.assertEqual(planned.activity_type_id, todo)
        self.assertIn("Ask about the pump (must not be contacted", planned.summary)
        allowed = self.other.sudo().activity_schedule("mail.mail_activity_data_call")
        self.assertEqual(allowed.activity_type_id.category, "phonecall")
