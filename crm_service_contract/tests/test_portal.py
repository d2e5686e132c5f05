import json
import xmlrpc.client

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from .common import ServiceContractMixin
from .test_access import MODELS

LIST_URL = "/my/service-contracts"


class PortalCase(ServiceContractMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_company()
        cls.make_portal_users()
        cls.contract = cls.make_running(
            {"name": "Maintenance visit\nBoth pump halls"},
            name="Full care for two pumps",
            terms="<p>Response within four hours.</p>",
            notes="<p>Squeeze the margin</p>",
            user_id=cls.manager.id,
        )
        with freeze_time("2026-02-15"):
            cls.contract.action_bill()
        cls.posted = cls.contract.move_ids.sorted("invoice_date")[0]
        cls.posted.action_post()
        cls.url = f"{LIST_URL}/{cls.contract.id}"

    def get_as(self, user, url):
        """Page as this user; a page that only reads must not fall back to writing."""
        self.authenticate(user.login if user else None, user.login if user else None)
        with self.assertNoLogs("odoo.http", "WARNING"):
            return self.url_open(url, allow_redirects=False)


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    def test_both_contacts_of_the_company_see_the_contract(self):
        for user in (self.leila, self.maryam):
            with self.subTest(user=user.login):
                self.assertIn(self.contract.name, self.get_as(user, LIST_URL).text)
                page = self.get_as(user, self.url)
                self.assertEqual(page.status_code, 200)
                for text in (
                    "Both pump halls",
                    "Response within four hours.",
                    self.posted.name,
                    "View and pay",
                    f"/my/invoices/{self.posted.id}",
                    self.manager.name,
                ):
                    self.assertIn(text, page.text)

    def test_internal_notes_and_drafts_stay_inside(self):
        text = self.get_as(self.leila, self.url).text
        self.assertNotIn("Squeeze the margin", text)
        draft = self.contract.move_ids - self.posted
        self.assertNotIn(f"/my/invoices/{draft.id}", text)
        self.assertIn("To be invoiced", text)

    def test_a_stranger_finds_nothing(self):
        self.assertNotIn(self.contract.name, self.get_as(self.stranger, LIST_URL).text)
        self.assertIn(
            "You have no service contract yet",
            self.get_as(self.stranger, LIST_URL).text,
        )
        self.authenticate(self.stranger.login, self.stranger.login)
        for url in (self.url, f"{self.url}?access_token=guess", f"{LIST_URL}/0"):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 404)

    def test_an_employee_without_role_finds_nothing(self):
        seller = self.seller
        self.authenticate(seller.login, seller.login)
        self.assertEqual(self.url_open(self.url).status_code, 404)

    def test_a_service_user_previews_the_page_of_the_customer(self):
        page = self.get_as(self.user, self.url)
        self.assertIn("Response within four hours.", page.text)
        self.assertIn("/odoo/service-contracts/", page.text)

    def test_the_public_is_sent_to_the_login(self):
        for url in (LIST_URL, self.url):
            with self.subTest(url=url):
                answer = self.get_as(None, url)
                self.assertEqual(answer.status_code, 303)
                self.assertIn("/web/login", answer.headers["Location"])

    def test_drafts_and_cancelled_contracts_are_not_shown(self):
        draft = self.make_contract(name="Still being written")
        self.assertNotIn(draft.name, self.get_as(self.leila, LIST_URL).text)
        self.authenticate(self.leila.login, self.leila.login)
        answer = self.url_open(f"{LIST_URL}/{draft.id}")
        self.assertEqual(answer.status_code, 404)

    def test_search_sort_and_filter(self):
        self.make_running(name="Remote monitoring", date_end="2030-01-01")
        for query, shown, hidden in (
            ("search=remote", "Remote monitoring", self.contract.name),
            (f"search={self.contract.code}", self.contract.name, "Remote monitoring<"),
            ("filterby=ended", "No contract matches", self.contract.name),
        ):
            with self.subTest(query=query):
                text = self.get_as(self.leila, f"{LIST_URL}?{query}").text
                self.assertIn(shown, text)
                self.assertNotIn(hidden, text)
        for query in (
            "sortby=name",
            "sortby=end",
            "sortby=bad",
            "page=9",
            "search=%25",
        ):
            with self.subTest(query=query):
                answer = self.get_as(self.leila, f"{LIST_URL}?{query}")
                self.assertEqual(answer.status_code, 200)

    def test_the_home_page_counts_contracts(self):
        self.authenticate(self.leila.login, self.leila.login)
        answer = self.url_open(
            "/my/counters",
            data=json.dumps({"params": {"counters": ["service_contract_count"]}}),
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(answer.json()["result"]["service_contract_count"], 1)

    def test_a_post_is_refused(self):
        self.authenticate(self.leila.login, self.leila.login)
        self.assertEqual(self.url_open(self.url, data={"a": 1}).status_code, 405)

    def test_attachments_and_messages_do_not_leak(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": "service.contract",
                "res_id": self.contract.id,
            }
        )
        self.contract.message_post(body="Between us")
        self.authenticate(self.leila.login, self.leila.login)
        for url in (f"/web/content/{attachment.id}", f"/web/image/{attachment.id}"):
            with self.subTest(url=url):
                self.assertNotIn(b"secret", self.url_open(url).content)
        self.assertNotIn("Between us", self.get_as(self.leila, self.url).text)

    def test_queries_do_not_grow_with_lines_and_invoices(self):
        small = self.make_running(name="Small")
        big = self.make_running(*[{"price_unit": n} for n in range(1, 31)], name="Big")
        for contract in (small, big):
            with freeze_time("2026-01-15" if contract == small else "2026-12-15"):
                contract.action_bill()
                contract.move_ids.action_post()
        self.assertEqual((small.move_count, big.move_count), (1, 12))
        counts = []
        for contract in (small, big):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contract.with_user(self.leila).sudo()._get_portal_page_values()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)


@tagged("post_install", "-at_install")
class TestPortalRpc(PortalCase):
    """Over the external API a portal user reads nothing but what Odoo gives him."""

    def xmlrpc(self, user, model, method, *args):
        return self.xmlrpc_object.execute_kw(
            get_db_name(), user.id, user.login, model, method, list(args)
        )

    def json2(self, user, model, method, **params):
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "test", None)
        )
        return self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(params),
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
            },
        )

    def test_xmlrpc_gives_a_portal_user_nothing(self):
        for user in (self.leila, self.maryam, self.stranger):
            for model in MODELS:
                for method, args in (
                    ("search_read", [[]]),
                    ("search_count", [[]]),
                    ("read", [self.contract.ids]),
                    ("name_search", []),
                    ("create", [{"name": "x"}]),
                ):
                    with (
                        self.subTest(user=user.login, model=model, method=method),
                        mute_logger("odoo.http"),
                        self.assertRaises(xmlrpc.client.Fault),
                    ):
                        self.xmlrpc(user, model, method, *args)

    def test_json2_gives_a_portal_user_nothing(self):
        for user in (self.leila, self.stranger):
            for model in MODELS:
                with (
                    self.subTest(user=user.login, model=model),
                    mute_logger("odoo.http"),
                ):
                    answer = self.json2(user, model, "search_read", domain=[])
                    self.assertEqual(answer.status_code, 403)

    def test_actions_are_refused_to_portal_users(self):
        for method in ("action_bill", "action_confirm", "action_cancel"):
            with (
                self.subTest(method=method),
                mute_logger("odoo.http"),
                self.assertRaises(xmlrpc.client.Fault),
            ):
                self.xmlrpc(self.leila, "service.contract", method, self.contract.ids)

    def test_an_employee_drives_a_contract_over_json2(self):
        draft = self.make_contract()
        for method in ("action_confirm", "action_bill", "action_bill"):
            answer = self.json2(self.manager, "service.contract", method, ids=draft.ids)
            self.assertEqual(answer.status_code, 200, answer.text)
        self.env.invalidate_all()
        dates = draft.move_ids.mapped("invoice_date")
        self.assertEqual(len(dates), len(set(dates)))
        self.assertTrue(dates)
