import io

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .timeline import TimelineCommon

REPORT = "crm_lifecycle.report_customer_timeline"


@tagged("post_install", "-at_install")
class TestTimelinePaper(TimelineCommon, HttpCase):
    """The timeline as PDF and as workbook."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.omid, cls.nika, cls.leila, cls.portal):
            user.password = user.login * 2

    def _download(self, user, **asked):
        self.authenticate(user.login, user.login * 2)
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return self.url_open(f"/crm/customer/{self.customer.id}/timeline.xlsx?{query}")

    def _rows(self, response):
        self.assertEqual(response.status_code, 200, response.text[:200])
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        return [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]]

    def test_the_workbook_has_what_the_user_may_read(self):
        self._make_order(self.hormuz, 120.0, user_id=self.omid.id)
        self._make_order(self.hormuz, 990.0, user_id=self.nika.id)
        for user, amounts in ((self.omid, {120.0}), (self.nika, {120.0, 990.0})):
            rows = self._rows(self._download(user, kinds="order"))
            self.assertEqual({row[5] for row in rows}, amounts, user.login)
            self.assertEqual({row[6] for row in rows}, {"USD"})

    def test_the_workbook_is_filtered_as_the_screen_is(self):
        self._make_interaction(self.hormuz, name="New", date=self._ago(1))
        self._make_interaction(self.hormuz, name="Old", date=self._ago(60))
        since = self._ago(30).date().isoformat()
        for asked, names in (
            ({"kinds": "call"}, ["New", "Old"]),
            ({"kinds": "call,lead", "date_from": since}, ["New"]),
            ({"search": "old"}, ["Old"]),
            ({"kinds": "visit"}, []),
        ):
            rows = self._rows(self._download(self.nika, **asked))
            self.assertEqual([row[2] for row in rows], names, asked)

    def test_what_customers_write_never_becomes_a_formula(self):
        self._make_interaction(self.hormuz, name='=HYPERLINK("http://x","y")')
        content = self._download(self.nika, kinds="call").content
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(sheet["C5"].data_type, "s")

    def test_the_workbook_is_refused_to_strangers_and_for_nonsense(self):
        self.customer.user_id = self.nika
        for user in (self.omid, self.leila, self.portal):
            self.assertEqual(self._download(user).status_code, 403, user.login)
        self.assertEqual(self._download(self.nika, date_from="x").status_code, 400)
        self.authenticate(None, None)
        url = f"/crm/customer/{self.customer.id}/timeline.xlsx"
        self.assertIn("/web/login", self.url_open(url).url)

    def test_the_report_prints_what_is_asked_and_may_be_read(self):
        self._make_order(self.hormuz, user_id=self.nika.id, client_order_ref="Hidden")
        self._make_order(self.hormuz, user_id=self.omid.id, client_order_ref="Mine")
        self._make_interaction(self.hormuz, name="Rang")
        action = self.customer.with_user(self.omid).action_print_timeline(
            kinds=["order"], date_from=self._ago(9).date().isoformat()
        )
        self.assertEqual(action["report_name"], REPORT)
        Report = self.env["ir.actions.report"].with_user(self.omid)
        html, _type = Report._render_qweb_html(REPORT, None, data=action["data"])
        text = html.decode()
        self.assertIn("Mine", text)
        self.assertNotIn("Hidden", text)
        self.assertNotIn("Rang", text)
        self.assertIn("only Order", text)

    def test_the_report_of_others_is_refused(self):
        for user in (self.leila, self.bahar, self.portal):
            with self.assertRaises(AccessError, msg=user.login):
                self.env["report.crm_lifecycle.report_customer_timeline"].with_user(
                    user
                )._get_report_values(self.customer.ids)

    def test_only_the_newest_entries_are_printed_and_it_says_so(self):
        self.patch(self.env.registry["crm.customer.timeline"], "_paper_max", 2)
        for days in (1, 2, 3):
            self._make_interaction(self.hormuz, date=self._ago(days))
        paper = self.Timeline._get_paper(self.customer.id, kinds=["call"])
        self.assertEqual((len(paper["rows"]), paper["is_cut"]), (2, True))

    def test_a_pdf_comes_out(self):
        self._make_order(self.hormuz)
        self.env.user.company_ids = [Command.link(self.arvand.id)]
        Report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf, kind = Report._render_qweb_pdf(REPORT, self.customer.ids)
        self.assertEqual((pdf[:4], kind), (b"%PDF", "pdf"))
