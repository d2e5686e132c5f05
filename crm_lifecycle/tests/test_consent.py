from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError

from .common import LifecycleCommon


class TestConsent(LifecycleCommon):
    """The ledger only grows; its last line counts on every way to the customer."""

    def setUp(self):
        super().setUp()
        self.hormuz.write({"email": "info@hormuz.example.com", "phone": "+98 76 33551"})
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        self.customer = self._customer_of(self.hormuz)
        self.mail = self.env.ref("crm_lifecycle.crm_channel_mail")
        self.phone = self.env.ref("crm_lifecycle.crm_channel_phone")
        self.sms = self.env.ref("crm_lifecycle.crm_channel_sms")
        self.clock = fields.Datetime.now() - timedelta(days=1)

    def _say(self, partner, purpose, state, channel=None, **values):
        """Record a line; each is later than the one before."""
        self.clock += timedelta(minutes=1)
        return self.env["crm.consent"].create(
            {
                "partner_id": partner.id,
                "purpose": purpose,
                "state": state,
                "channel_id": channel and channel.id,
                "date": self.clock,
                **values,
            }
        )

    def _may(self, partner, purpose="marketing", channel=None):
        return partner in partner._crm_may_contact(channel, purpose)

    # ------------------------------------------------------------------
    # The answer
    # ------------------------------------------------------------------
    def test_the_last_line_that_covers_the_purpose_and_channel_counts(self):
        self.assertTrue(self._may(self.hormuz, channel=self.mail))
        self._say(self.hormuz, "marketing", "refused")
        self.assertFalse(self._may(self.hormuz, channel=self.mail))
        self.assertTrue(self._may(self.hormuz, "service", self.mail))
        self._say(self.hormuz, "marketing", "given", self.mail)
        self.assertTrue(self._may(self.hormuz, channel=self.mail))
        self.assertFalse(self._may(self.hormuz, channel=self.phone))
        self._say(self.hormuz, "marketing", "withdrawn")
        self.assertFalse(self._may(self.hormuz, channel=self.mail))

    def test_a_line_of_an_earlier_day_entered_later_does_not_count(self):
        self._say(self.hormuz, "marketing", "refused")
        early = fields.Datetime.now() - timedelta(days=90)
        self._say(self.hormuz, "marketing", "given", date=early)
        self.assertFalse(self._may(self.hormuz))

    def test_do_not_contact_beats_every_consent_until_it_is_lifted(self):
        self._say(self.hormuz, "all", "refused")
        self._say(self.hormuz, "marketing", "given")
        for purpose in ("order", "service", "marketing", "survey", "greeting"):
            self.assertFalse(self._may(self.hormuz, purpose, self.mail), purpose)
        self.assertTrue(self.hormuz.crm_do_not_contact)
        self.assertTrue(self.customer.do_not_contact)
        self._say(self.hormuz, "all", "given")
        self.assertTrue(self._may(self.hormuz, "marketing", self.mail))
        self.assertFalse(self.hormuz.crm_do_not_contact)

    def test_a_channel_can_be_refused_for_everything(self):
        self._say(self.hormuz, "all", "refused", self.phone)
        self.assertFalse(self._may(self.hormuz, "order", self.phone))
        self.assertTrue(self._may(self.hormuz, "order", self.mail))
        self.assertFalse(self.hormuz.crm_do_not_contact)

    def test_what_the_company_refused_holds_for_its_people(self):
        self._say(self.hormuz, "all", "refused")
        self.assertFalse(self._may(self.reza, "order"))
        self._say(self.reza, "all", "given")
        self.assertFalse(self._may(self.reza, "order"))

    def test_what_one_person_refused_is_his_own_affair(self):
        self._say(self.reza, "all", "refused")
        self.assertFalse(self._may(self.reza, "order"))
        self.assertTrue(self._may(self.hormuz, "order"))
        self._say(self.hormuz, "marketing", "refused")
        self._say(self.caspian, "marketing", "given")
        self.assertTrue(self._may(self.caspian))

    def test_his_own_word_on_a_purpose_comes_before_his_companys(self):
        self._say(self.hormuz, "marketing", "refused")
        self._say(self.reza, "marketing", "given")
        self.assertTrue(self._may(self.reza))
        self.assertFalse(self._may(self.hormuz))

    def test_each_company_has_its_own_ledger_and_some_lines_are_for_all(self):
        there = self.hormuz.with_company(self.bahar_company)
        self._say(self.hormuz, "marketing", "refused", company_id=self.arvand.id)
        self.assertFalse(self._may(self.hormuz))
        self.assertTrue(self._may(there))
        self._say(self.hormuz, "all", "refused", company_id=False)
        self.assertFalse(self._may(there, "order"))

    def test_where_the_company_asks_for_consent_silence_means_no_offers(self):
        self.arvand.crm_opt_in = True
        self.assertFalse(self._may(self.hormuz))
        self.assertTrue(self._may(self.hormuz, "order"))
        self._say(self.hormuz, "marketing", "given")
        self.assertTrue(self._may(self.hormuz))

    def test_odoos_blacklists_hold_for_what_nobody_asked_for(self):
        self.env["mail.blacklist"]._add(self.hormuz.email)
        self.assertFalse(self._may(self.hormuz, "marketing", self.mail))
        self.assertFalse(self._may(self.reza, "survey", self.mail), "uses his firm's")
        self.assertTrue(self._may(self.hormuz, "order", self.mail))
        self.hormuz.write({"phone": "+98 21 8888 7766", "country_id": self._iran().id})
        self.env["phone.blacklist"].create({"number": self.hormuz.phone_sanitized})
        self.assertFalse(self._may(self.hormuz, "marketing", self.sms))
        self.assertTrue(self._may(self.hormuz, "service", self.sms))

    def _iran(self):
        return self.env.ref("base.ir")

    def test_the_refusal_says_who_and_why(self):
        self._say(self.hormuz, "marketing", "refused")
        with self.assertRaisesRegex(UserError, "Hormuz.*Offers and marketing"):
            (self.hormuz | self.caspian)._crm_check_contact(self.mail, "marketing")
        self.caspian._crm_check_contact(self.mail, "marketing")

    def test_many_contacts_take_one_query(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(50)]
        )
        self._say(partners[7], "all", "refused")
        self.env.flush_all()
        with self.assertQueryCount(3):  # the company and its policy, the ledger
            self.env.invalidate_all()
            allowed = partners._crm_may_contact(self.mail, "marketing")
        self.assertEqual(partners - allowed, partners[7])

    def test_the_searches_agree_with_what_the_form_shows(self):
        self._make_lead(self.caspian)
        self._process()
        both = self.customer | self._customer_of(self.caspian)
        self._say(self.hormuz, "all", "refused")
        for name in ("do_not_contact", "marketing_allowed"):
            for value in (True, False):
                found = self.Customer.search(
                    [("id", "in", both.ids), (name, "=", value)]
                )
                expected = both.filtered(lambda c, n=name, v=value: c[n] == v)
                self.assertEqual(found, expected, (name, value))
        Partner = self.env["res.partner"]
        people = self.hormuz | self.reza | self.caspian
        found = Partner.search(
            [("id", "in", people.ids), ("crm_do_not_contact", "=", True)]
        )
        self.assertEqual(found, self.hormuz | self.reza)

    # ------------------------------------------------------------------
    # The ledger
    # ------------------------------------------------------------------
    def test_nobody_rewrites_or_deletes_a_line(self):
        line = self._say(self.hormuz, "marketing", "given")
        for user in (self.omid, self.sara, self.env.ref("base.user_admin")):
            mine = line.with_user(user)
            with self.assertRaises(UserError):
                mine.write({"state": "refused"})
            with self.assertRaises(UserError):
                mine.unlink()

    def test_who_records_a_line_is_not_chosen(self):
        line = (
            self.env["crm.consent"]
            .with_user(self.omid)
            .create({"partner_id": self.hormuz.id, "user_id": self.sara.id})
        )
        self.assertEqual(line.user_id, self.omid)

    def test_what_was_not_said_yet_is_refused(self):
        with self.assertRaises(ValidationError):
            self._say(
                self.hormuz,
                "marketing",
                "given",
                date=fields.Datetime.now() + timedelta(days=1),
            )

    def test_consents_of_other_companies_are_invisible(self):
        theirs = self._say(
            self.caspian, "marketing", "refused", company_id=self.bahar_company.id
        )
        hidden = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": self.bahar_company.id}
        )
        everywhere = self._say(hidden, "all", "refused", company_id=False)
        ours = self._say(self.hormuz, "all", "refused", company_id=False)
        Consent = self.env["crm.consent"].with_user(self.sara)
        found = Consent.search([("id", "in", (theirs | everywhere | ours).ids)])
        self.assertEqual(found, ours)

    def test_a_salesperson_sees_the_lines_of_his_customers(self):
        self._make_lead(self.caspian, user_id=self.nika.id)
        self._process()
        mine = self._say(self.reza, "marketing", "given")
        others = self._say(self.caspian, "marketing", "refused")
        Consent = self.env["crm.consent"].with_user(self.omid)
        self.assertEqual(Consent.search([("id", "in", (mine | others).ids)]), mine)
        with self.assertRaises(UserError):  # and is refused all the same
            self.caspian.with_user(self.omid)._crm_check_contact(self.mail, "marketing")

    def test_lines_from_before_he_was_a_customer_become_his(self):
        line = self._say(self.caspian, "marketing", "refused")
        self.assertFalse(line.customer_id)
        self._make_lead(self.caspian)
        self._process()
        self.assertEqual(line.customer_id, self._customer_of(self.caspian))

    def test_merging_contacts_keeps_their_words(self):
        self._say(self.caspian, "all", "refused")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.hormuz | self.caspian).ids, self.hormuz
        )
        self._process()
        self.assertTrue(self.hormuz.crm_do_not_contact)

    def test_do_not_contact_is_recorded_by_a_dialog(self):
        action = self.customer.with_user(self.omid).action_refuse_contact()
        line = (
            self.env["crm.consent"]
            .with_user(self.omid)
            .with_context(**action["context"])
            .create({"evidence": "Said so on the phone"})
        )
        self.assertEqual((line.purpose, line.state), ("all", "refused"))
        self.assertTrue(self.customer.do_not_contact)

    # ------------------------------------------------------------------
    # Every way to the customer
    # ------------------------------------------------------------------
    def test_the_button_offers_no_way(self):
        self._say(self.hormuz, "all", "refused")
        customer = self.customer.with_user(self.omid)
        action = customer.action_contact()
        self.assertEqual(action["res_model"], "crm.contact.wizard")
        wizard = (
            self.env["crm.contact.wizard"]
            .with_user(self.omid)
            .with_context(**action["context"])
            .create({"channel_id": self.mail.id})
        )
        self.assertTrue(wizard.refusal)
        self.assertFalse(wizard.other_channels)
        for channel in self.env["crm.channel"].search([]):
            wizard.channel_id = channel
            with self.assertRaises(UserError):
                wizard.action_contact()

    def test_the_chatter_and_its_composer_send_nothing(self):
        self._say(self.hormuz, "all", "refused")
        customer = self.customer.with_user(self.omid)
        with self.assertRaises(UserError):
            customer.message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.hormuz.ids,
            )
        composer = self.env["mail.compose.message"].with_user(self.omid)
        with self.assertRaises(UserError):
            composer.create(
                {
                    "model": "crm.customer",
                    "res_ids": repr(customer.ids),
                    "composition_mode": "comment",
                    "partner_ids": self.hormuz.ids,
                    "body": "Hello",
                    "subject": "Offer",
                }
            ).action_send_mail()
        customer.message_post(
            body="A note among us", partner_ids=self.sara.partner_id.ids
        )

    def test_an_automatic_message_leaves_him_out(self):
        self._say(self.hormuz, "all", "refused")
        message = self.customer.message_post(
            body="Reminder",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=(self.hormuz | self.sara.partner_id).ids,
        )
        self.assertEqual(message.notification_ids.res_partner_id, self.sara.partner_id)

    def test_the_chatter_of_an_interaction_sends_nothing_either(self):
        self._say(self.reza, "all", "refused", self.mail)
        call = self.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": self.reza.id,
                "channel_id": self.phone.id,
            }
        )
        with self.assertRaises(UserError):
            call.message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.reza.ids,
            )

    def test_a_mail_to_many_leaves_the_refused_one_out(self):
        self.caspian.email = "info@caspian.example.com"
        self._make_lead(self.caspian)
        self._process()
        other = self._customer_of(self.caspian)
        self._say(self.hormuz, "all", "refused")
        composer = self.env["mail.compose.message"].create(
            {
                "model": "crm.customer",
                "res_ids": repr((self.customer | other).ids),
                "composition_mode": "mass_mail",
                "body": "Hello",
                "subject": "News",
                "force_send": False,
                "auto_delete": False,
                "auto_delete_keep_log": True,
            }
        )
        mails, _messages = composer._action_send_mail()
        states = {mail.res_id: mail.state for mail in mails}
        self.assertEqual(states[self.customer.id], "cancel")
        self.assertNotEqual(states[other.id], "cancel")

    def test_a_letter_or_call_that_goes_out_is_refused_one_that_comes_in_is_noted(self):
        self._say(self.hormuz, "all", "refused")
        values = {
            "partner_id": self.hormuz.id,
            "channel_id": self.phone.id,
            "name": "Call",
        }
        Log = self.env["crm.interaction.log"]
        with self.assertRaises(UserError):
            Log.create({**values, "direction": "out"}).action_log()
        Log.create({**values, "direction": "in"}).action_log()
        self.assertEqual(self.customer.interaction_count, 1)

    def test_sms_are_refused(self):
        if "sms.composer" not in self.env:
            self.skipTest("The app SMS is not installed")
        self.hormuz.write({"phone": "+98 21 8888 7766", "country_id": self._iran().id})
        self._say(self.hormuz, "all", "refused", self.sms)
        with self.assertRaises(UserError):
            self.customer._message_sms("Hello", partner_ids=self.hormuz.ids)
        composer = self.env["sms.composer"].create(
            {
                "res_model": "crm.customer",
                "res_ids": repr(self.customer.ids),
                "composition_mode": "mass",
                "body": "Hello",
            }
        )
        sms = composer._action_send_sms()
        self.assertEqual(sms.mapped("state"), ["canceled"])

    def test_a_mailing_proposes_and_reaches_only_who_accepts_offers(self):
        domain = self.Customer._mailing_get_default_domain(None)
        self.assertIn(self.customer, self.Customer.search(domain))
        self._say(self.hormuz, "marketing", "refused")
        self.assertNotIn(self.customer, self.Customer.search(domain))
        if "mailing.mailing" not in self.env:
            return
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "Offer",
                "body_html": "<p>Offer</p>",
                "mailing_model_id": self.env["ir.model"]._get_id("crm.customer"),
                "mailing_domain": repr([("id", "=", self.customer.id)]),
            }
        )
        mailing.action_send_mail()
        traces = self.env["mailing.trace"].search(
            [("mass_mailing_id", "=", mailing.id)]
        )
        self.assertEqual(traces.mapped("trace_status"), ["cancel"])
