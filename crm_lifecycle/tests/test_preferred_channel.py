from datetime import timedelta

from odoo import fields

from .common import LifecycleCommon


class TestPreferredChannel(LifecycleCommon):
    """What a contact said comes before what is noted, and that before what he does."""

    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz)
        self._process()
        self.customer = self._customer_of(self.hormuz)

    def _channel(self, code):
        return self.env.ref(f"crm_lifecycle.crm_channel_{code}")

    def _use(self, code, times, partner=None, days=10, direction="in"):
        self.env["crm.interaction"].create(
            [
                {
                    "name": "Contact",
                    "partner_id": (partner or self.hormuz).id,
                    "company_id": self.arvand.id,
                    "channel_id": self._channel(code).id,
                    "direction": direction,
                    "date": fields.Datetime.now() - timedelta(days=days + number),
                }
                for number in range(times)
            ]
        )
        self._process()

    def _preference(self, partner):
        channel, origin, times = partner._crm_channel_preferences()[partner.id]
        return channel.code, origin, times

    def test_nothing_known_is_no_channel(self):
        self.assertEqual(self._preference(self.hormuz), (False, None, 0))
        self.assertFalse(self.customer.contact_channel_id)
        self.assertFalse(self.customer.contact_channel_origin)

    def test_the_channel_used_most_in_a_year_is_inferred(self):
        self._use("visit", 2)
        self._use("phone", 3)
        self._use("letter", 9, days=400)
        self._use("mail", 9, direction="out")
        self.assertEqual(self._preference(self.hormuz), ("phone", "used", 3))
        self.assertEqual(self.customer.inferred_channel_id, self._channel("phone"))
        self.assertEqual(self.customer.channel_uses, 3)
        self.assertIn("3", self.customer.contact_channel_origin)

    def test_each_person_has_habits_of_his_own(self):
        self._use("visit", 4)
        self._use("phone", 2, self.reza)
        self.assertEqual(self._preference(self.reza), ("phone", "used", 2))
        anahita = self.env["res.partner"].create(
            {"name": "Anahita", "parent_id": self.hormuz.id}
        )
        self.assertEqual(self._preference(anahita), ("visit", "company_used", 4))

    def test_declared_comes_before_inferred_the_contacts_own_word_first(self):
        self._use("phone", 5)
        self.customer.preferred_channel_id = self._channel("visit")
        self.assertEqual(self._preference(self.hormuz), ("visit", "customer", 0))
        self.hormuz.crm_preferred_channel_id = self._channel("letter")
        self.assertEqual(self._preference(self.hormuz), ("letter", "contact", 0))
        self.assertEqual(self._preference(self.reza), ("letter", "firm", 0))
        self.assertEqual(self.customer.contact_channel_id, self._channel("letter"))
        self.reza.crm_preferred_channel_id = self._channel("sms")
        self.assertEqual(self.customer.contact_channel_id, self._channel("sms"))
        self._channel("letter").active = False
        self.assertEqual(self._preference(self.hormuz), ("visit", "customer", 0))

    def test_incoming_mails_count_as_mail(self):
        lead = self._make_lead(self.hormuz)
        for _mail in range(2):
            lead.message_post(author_id=self.reza.id, message_type="email", body="Hi")
        self._process()
        self.assertEqual(self._preference(self.reza), ("mail", "used", 2))
        self.assertEqual(self.customer.inferred_channel_id, self._channel("mail"))

    def test_what_another_company_noted_tells_nothing_here(self):
        self.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": self.hormuz.id,
                "company_id": self.bahar_company.id,
                "channel_id": self._channel("phone").id,
            }
        )
        self.Customer._refresh_facts()
        self.assertEqual(self._preference(self.hormuz), (False, None, 0))

    def test_a_deleted_interaction_no_longer_counts(self):
        self._use("phone", 1)
        self.env["crm.interaction"].search(
            [("partner_id", "=", self.hormuz.id)]
        ).unlink()
        self._process()
        self.assertFalse(self.customer.inferred_channel_id)
        self.assertEqual(self.customer.channel_uses, 0)

    def test_many_contacts_take_no_more_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(30)]
        )
        self.env.flush_all()
        counts = []
        for some in (partners[:2], partners):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._crm_channel_preferences()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_interactions_from_before_he_was_a_customer_become_his(self):
        self._use("phone", 1, self.caspian)
        call = self.env["crm.interaction"].search(
            [("partner_id", "=", self.caspian.id)]
        )
        self.assertFalse(call.customer_id)
        self._make_lead(self.caspian)
        self._process()
        self.assertEqual(call.customer_id, self._customer_of(self.caspian))
