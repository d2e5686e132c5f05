from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common import LifecycleCommon


class TestContactButton(LifecycleCommon):
    """One click opens what the preferred channel needs."""

    def setUp(self):
        super().setUp()
        self.hormuz.write(
            {
                "email": "info@hormuz.example.com",
                "phone": "+98 76 3355 1040",
                "street": "Port Road 12",
                "city": "Bandar Abbas",
                "country_id": self.env.ref("base.ir").id,
            }
        )
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        self.customer = self._customer_of(self.hormuz).with_user(self.omid)

    def _channel(self, code):
        return self.env.ref(f"crm_lifecycle.crm_channel_{code}")

    def _contact_by(self, code):
        self.reza.crm_preferred_channel_id = self._channel(code)
        return self.customer.action_contact()

    def _start(self, action):
        """Open the dialog of an action as the salesperson does."""
        model = self.env[action["res_model"]].with_user(self.omid)
        return Form(model.with_context(**action["context"]))

    def test_every_channel_opens_something(self):
        opened = {
            channel.code: self._contact_by(channel.code)["res_model"]
            for channel in self.env["crm.channel"].search([])
        }
        self.assertEqual(opened["mail"], "mail.compose.message")
        self.assertEqual(opened["visit"], "calendar.event")
        for code in ("phone", "letter", "fax", "messaging", "kiosk", "chat"):
            self.assertEqual(opened[code], "crm.interaction.log", code)
        if "sms.composer" in self.env:
            self.assertEqual(opened["sms"], "sms.composer")

    def test_without_the_app_sms_the_message_is_noted_down(self):
        self.patch(type(self.env["res.partner"]), "_crm_has_sms", lambda self: False)
        self.assertEqual(self._contact_by("sms")["res_model"], "crm.interaction.log")

    def test_the_composer_writes_to_the_person_on_the_customer(self):
        self.reza.email = "reza@hormuz.example.com"
        form = self._start(self._contact_by("mail"))
        form.subject, form.body = "Offer", "<p>Hello</p>"
        composer = form.save()
        self.assertEqual(composer.partner_ids, self.reza)
        composer.action_send_mail()
        message = self.customer.message_ids[0]
        self.assertEqual(message.partner_ids, self.reza)

    def test_a_call_is_noted_down_with_minutes_and_the_next_step(self):
        form = self._start(self._contact_by("phone"))
        self.assertEqual(form.phone, "+98 76 3355 1040")
        form.name, form.duration = "Asked about the second line", 7
        form.next_date, form.next_summary = self._days_ago(-3), "Send the offer"
        form.save().action_log()
        call = self.env["crm.interaction"].search([("partner_id", "=", self.reza.id)])
        self.assertEqual((call.direction, call.duration), ("out", 7))
        self.assertEqual(call.customer_id, self.customer)
        self.assertEqual(self.customer.activity_ids.summary, "Send the offer")
        self.assertEqual(self.customer.activity_ids.user_id, self.omid)

    def test_a_call_can_be_planned_instead(self):
        form = self._start(self._contact_by("phone"))
        log = form.save()
        with self.assertRaises(UserError):
            log.action_later()
        log.next_date = self._days_ago(-1)
        log.action_later()
        self.assertFalse(self.customer.interaction_count)
        self.assertEqual(
            self.customer.activity_ids.activity_type_id,
            self.env.ref("mail.mail_activity_data_call"),
        )

    def test_a_call_takes_no_negative_time(self):
        form = self._start(self._contact_by("phone"))
        form.duration = -5
        with self.assertRaises(ValidationError):
            form.save()

    def test_a_letter_is_printed_with_the_address_and_noted_down(self):
        form = self._start(self._contact_by("letter"))
        form.name, form.note = "Invitation to the factory day", "<p>Dear Reza</p>"
        action = form.save().action_print()
        self.assertEqual(action["report_name"], "crm_lifecycle.report_letter")
        letter = self.env["crm.interaction"].search([("partner_id", "=", self.reza.id)])
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_lifecycle.report_letter", letter.ids
        )
        for text in ("Hormuz", "Reza", "Port Road 12", "Bandar Abbas", "Dear Reza"):
            self.assertIn(text.encode(), html, text)

    def test_the_address_of_a_letter_has_no_empty_lines(self):
        self.hormuz.write({"street": "Port Road 12", "street2": False})
        self.hormuz.city = "Bandar Abbas"
        lines = self.hormuz._crm_postal_address().split("\n")
        self.assertEqual(lines[:2], ["Port Road 12", "Bandar Abbas"])
        self.assertTrue(all(lines))

    def test_a_messenger_opens_by_its_link(self):
        channel = self._channel("messaging")
        channel.link = "https://wa.me/{number}"
        self.hormuz.phone = False
        self.assertEqual(self._start(self._contact_by("messaging")).link or "", "")
        self.reza.phone = "+98 912 345 6789"
        self.reza.country_id = self.env.ref("base.ir")
        form = self._start(self._contact_by("messaging"))
        self.assertEqual(form.link, "https://wa.me/989123456789")

    def test_where_no_channel_is_preferred_it_asks_with_what_is_possible(self):
        action = self.customer.action_contact()
        self.assertEqual(action["res_model"], "crm.contact.wizard")
        form = self._start(action)
        self.assertEqual(form.partner_id, self.reza)
        self.assertIn("E-Mail", form.other_channels)
        form.channel_id = self._channel("mail")
        self.assertEqual(form.address, "info@hormuz.example.com")
        action = form.save().action_contact()
        self.assertEqual(action["res_model"], "mail.compose.message")

    def test_a_missing_address_is_said_and_refused(self):
        self.hormuz.email = False
        action = self._contact_by("mail")
        self.assertEqual(action["res_model"], "crm.contact.wizard")
        form = self._start(action)
        self.assertTrue(form.missing)
        self.assertNotIn("E-Mail", form.other_channels or "")
        with self.assertRaises(UserError):
            form.save().action_contact()

    def test_whom_nothing_connects_with_us_is_offered_something(self):
        stranger = self.Customer.create({"partner_id": self.caspian.id})
        form = self._start(stranger.with_user(self.omid).action_contact())
        self.assertEqual(form.purpose, "marketing")
        form = self._start(self.customer.action_contact_choose())
        self.assertEqual(form.purpose, "order")

    def test_a_contact_who_is_no_customer_is_reached_too(self):
        self.caspian.write({"email": "info@caspian.example.com"})
        self.caspian.crm_preferred_channel_id = self._channel("mail")
        action = self.caspian.with_user(self.omid).action_crm_contact()
        self.assertEqual(action["context"]["default_model"], "res.partner")

    def test_the_customers_company_decides_whose_ledger_counts(self):
        theirs = self.Customer.create(
            {"partner_id": self.hormuz.id, "company_id": self.bahar_company.id}
        )
        self.env["crm.consent"].create(
            {
                "partner_id": self.hormuz.id,
                "company_id": self.bahar_company.id,
                "purpose": "all",
                "state": "refused",
            }
        )
        self.reza.crm_preferred_channel_id = self._channel("mail")
        action = theirs.action_contact()
        self.assertEqual(action["res_model"], "crm.contact.wizard")
        self.assertEqual(
            self.customer.action_contact()["res_model"], "mail.compose.message"
        )
