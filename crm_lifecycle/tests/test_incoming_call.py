import json
import re
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .common import LifecycleCommon

NUMBER = "076 3355 1040"


@tagged("post_install", "-at_install")
class TestIncomingCall(LifecycleCommon, HttpCase):
    """The number that calls opens its customer; looking changes nothing."""

    def setUp(self):
        super().setUp()
        self.hormuz.phone = "+98 76 3355 1040"
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._make_lead(self.caspian, user_id=self.nika.id)
        self._process()
        self.customer = self._customer_of(self.hormuz)

    def _get(self, user, number=NUMBER, **params):
        self.authenticate(user.login, user.login)
        return self.url_open(
            "/crm/call",
            params={"number": number, **params},
            allow_redirects=False,
            method="GET",
        )

    def _post(self, url, page, **data):
        token = re.search(r'csrf_token: "([^"]+)"', page.text).group(1)
        return self.url_open(
            url, data={**data, "csrf_token": token}, allow_redirects=False
        )

    def _calls(self):
        return self.env["crm.interaction"].search(
            [("partner_id", "in", (self.hormuz | self.reza | self.caspian).ids)]
        )

    def test_every_spelling_opens_the_callers_360_and_changes_nothing(self):
        target = f"/odoo/crm-customers/{self.customer.id}"
        for number in (NUMBER, "+987633551040", "0098 76 33551040", "۰۷۶۳۳۵۵۱۰۴۰"):
            response = self._get(self.omid, number)
            self.assertEqual(response.status_code, 303, number)
            self.assertTrue(response.headers["Location"].endswith(target), number)
        self.assertFalse(self._calls())

    def test_a_number_of_two_customers_asks(self):
        self.caspian.phone = NUMBER
        response = self._get(self.nika)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Hormuz", response.text)
        self.assertIn("Caspian", response.text)

    def test_people_of_one_customer_are_one_caller(self):
        self.reza.phone = NUMBER
        self.assertEqual(self._get(self.omid).status_code, 303)
        page = self._get(self.omid, choose=1)
        self.assertIn("Reza", page.text)

    def test_the_call_is_noted_down_by_a_click(self):
        page = self._get(self.omid, choose=1)
        response = self._post(
            "/crm/call/log", page, number=NUMBER, partner_id=self.hormuz.id
        )
        self.assertEqual(response.status_code, 303)
        call = self._calls()
        self.assertEqual((call.direction, call.user_id), ("in", self.omid))
        self.assertEqual(call.channel_id.code, "phone")
        self.assertEqual(call.company_id, self.arvand)

    def test_an_unknown_number_starts_a_lead(self):
        page = self._get(self.omid, "+98 21 7777 8888")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Nobody", page.text)
        response = self._post("/crm/call/lead", page, number="+98 21 7777 8888")
        lead_id = int(response.headers["Location"].rsplit("/", 1)[1])
        lead = self.env["crm.lead"].browse(lead_id)
        self.assertIn("7777", lead.phone)
        self.assertEqual(lead.user_id, self.omid)

    def test_what_is_no_number_is_refused_in_plain_words(self):
        for number in ("", "12345", "abc", "<script>alert(1)</script>", "9" * 30):
            response = self._get(self.omid, number)
            self.assertEqual(response.status_code, 400, number)
            self.assertNotIn("<script>alert", response.text)
            self.assertIn("telephone number", response.text)

    def test_a_colleagues_customer_shows_only_who_is_in_charge(self):
        self.caspian.phone = "+98 11 3322 7610"
        self._customer_of(self.caspian).deputy_id = self.sara
        response = self._get(self.omid, "011 3322 7610")
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.nika.name, response.text)
        self.assertIn(self.sara.name, response.text)
        self.assertNotIn("Caspian", response.text)
        self.assertNotIn("/crm/call/log", response.text)
        for url in ("/crm/call/log", "/crm/call/lead"):
            denied = self._post(
                url, response, number="011 3322 7610", partner_id=self.caspian.id
            )
            self.assertEqual(denied.status_code, 404)
        self.assertFalse(self._calls())

    def test_a_chosen_contact_must_have_the_number(self):
        page = self._get(self.omid, choose=1)
        response = self._post(
            "/crm/call/log", page, number=NUMBER, partner_id=self.caspian.id
        )
        self.assertEqual(response.status_code, 404)

    def test_a_contact_of_another_company_is_a_stranger(self):
        self.hormuz.company_id = self.bahar_company
        self.assertIn("Nobody", self._get(self.nika).text)

    def test_who_does_not_sell_is_refused(self):
        self.assertEqual(self._get(self.leila).status_code, 403)
        response = self._get(self.portal)
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("Hormuz", response.text)
        self.authenticate(None, None)
        response = self.url_open(f"/crm/call?number={NUMBER}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_a_click_needs_the_token(self):
        self.authenticate(self.omid.login, self.omid.login)
        response = self.url_open(
            "/crm/call/log", data={"number": NUMBER, "partner_id": self.hormuz.id}
        )
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._calls())

    # ------------------------------------------------------------------
    # Telephone software
    # ------------------------------------------------------------------
    def _ring(self, user, **data):
        headers = {}
        if user:
            key = (
                self.env["res.users.apikeys"]
                .with_user(user)
                ._generate(
                    "rpc", "telephone", fields.Datetime.now() + timedelta(days=1)
                )
            )
            headers["Authorization"] = f"Bearer {key}"
        self.authenticate(None, None)
        return self.url_open("/crm/call", data=data, headers=headers)

    def test_a_machine_with_a_key_notes_the_call_down(self):
        response = self._ring(self.nika, number=NUMBER, minutes="4", note="Ordered")
        answer = response.json()
        call = self.env["crm.interaction"].browse(answer["interaction_id"])
        self.assertEqual((call.partner_id, call.duration), (self.hormuz, 4))
        self.assertTrue(answer["url"].endswith(f"/crm-customers/{self.customer.id}"))

    def test_a_machine_is_told_what_is_unclear_or_wrong(self):
        self.assertEqual(self._ring(self.nika, number="12").status_code, 400)
        wrong = self._ring(self.nika, number=NUMBER, minutes="-4")
        self.assertEqual(wrong.status_code, 400)
        self.assertIn("error", json.loads(wrong.text))
        self.assertEqual(self._ring(self.leila, number=NUMBER).status_code, 403)
        self.assertEqual(self._ring(None, number=NUMBER).status_code, 401)
        self.caspian.phone = NUMBER
        answer = self._ring(self.nika, number=NUMBER).json()
        self.assertEqual((answer["customers"], answer["interaction_id"]), (2, False))
        self.assertFalse(self._calls())

    # ------------------------------------------------------------------
    # Without the browser
    # ------------------------------------------------------------------
    def test_finding_by_number_uses_the_index(self):
        from ..models.res_partner_number import NUMBER_TAIL

        self.env.flush_all()
        # so few rows are read faster without it: what counts is that it fits
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        plan = self.env.execute_query(
            SQL(
                "EXPLAIN SELECT id FROM res_partner"
                " WHERE phone IS NOT NULL AND %s = %s",
                SQL(NUMBER_TAIL),
                "3551040",
            )
        )
        self.assertIn("crm_number_tail", str(plan))

    def test_only_sellers_look_up_numbers(self):
        for user in (self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.env["crm.call"].with_user(user)._find(NUMBER)
