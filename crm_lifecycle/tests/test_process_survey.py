from odoo import Command
from odoo.exceptions import AccessError, UserError

from .processes import ProcessCommon


class TestProcessSurvey(ProcessCommon):
    def test_every_active_process_has_its_row_in_every_question(self):
        names = ["Delivery", "Invoicing"]
        self.assertEqual(
            self._rows(),
            {"importance": names, "satisfaction": names, "effort": names},
        )

    def test_rows_follow_the_register(self):
        self.Process.create({"name": "Advice", "owner_id": self.omid.id, "sequence": 1})
        self.invoicing.name = "Billing"
        self.assertEqual(self._rows()["effort"], ["Advice", "Delivery", "Billing"])
        self.delivery.active = False
        self.assertEqual(self._rows()["effort"], ["Advice", "Billing"])

    def test_answers_about_an_archived_process_come_back_with_it(self):
        self._answer(self.hormuz, {("importance", self.delivery): 4})
        self.delivery.active = False
        self._answer(self.caspian, {("importance", self.invoicing): 2})
        self.delivery.active = True
        self._measure()
        self.assertEqual(self.delivery.importance_count, 1)
        self.assertEqual(self.delivery.importance, 4.0)
        self.assertEqual(len(self._rows()["importance"]), 2)

    def test_syncing_again_changes_nothing(self):
        rows = self.arvand.process_survey_id.question_ids.matrix_row_ids
        before = rows.mapped("write_date")
        self.Process._cron_measure()
        self.env.flush_all()
        after = self.arvand.process_survey_id.question_ids.matrix_row_ids
        self.assertEqual((rows, before), (after, after.mapped("write_date")))

    def test_companies_ask_with_surveys_of_their_own(self):
        other = self.Process.create(
            {
                "name": "Theirs",
                "company_id": self.bahar_company.id,
                "owner_id": self.bahar.id,
            }
        )
        survey = self.bahar_company.process_survey_id
        self.assertNotEqual(survey, self.arvand.process_survey_id)
        self.assertEqual(self._rows(survey)["importance"], ["Theirs"])
        self.assertNotIn("Theirs", self._rows()["importance"])
        self.assertTrue(survey.active)
        template = self.env.ref("crm_lifecycle.crm_process_survey")
        self.assertFalse(template.active)
        self.assertEqual(survey.title, template.title)
        self._answer(self.hormuz, {("importance", other): 5}, survey=survey)
        self._measure()
        self.assertEqual(other.importance, 5.0)
        self.assertEqual(self.delivery.importance_count, 0)

    def test_the_survey_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        template = self.env.ref("crm_lifecycle.crm_process_survey")
        template.with_context(lang="fa_IR").title = "کدام فرایند؟"
        self.delivery.with_context(lang="fa_IR").name = "تحویل"
        self._measure()
        survey = self.arvand.process_survey_id.with_context(lang="fa_IR")
        self.assertEqual(survey.title, "کدام فرایند؟")
        row = survey.question_ids.matrix_row_ids.filtered(
            lambda r: r.crm_process_id == self.delivery
        )[:1]
        self.assertEqual(row.value, "تحویل")
        self.assertEqual(row.with_context(lang="en_US").value, "Delivery")

    def test_who_was_asked_about_cannot_be_deleted(self):
        self._answer(self.hormuz, {("effort", self.delivery): 4})
        with self.assertRaises(UserError):
            self.delivery.unlink()
        self.invoicing.unlink()
        self.assertEqual(self._rows()["effort"], ["Delivery"])

    def test_only_who_may_be_written_to_is_asked(self):
        self.hormuz.email = "h@example.com"
        self.caspian.email = "c@example.com"
        self.env["mail.blacklist"].create({"email": "c@example.com"})
        silent = self.env["res.partner"].create({"name": "Silent"})
        company = self.env["res.partner"].create({"name": "By contact"})
        contact = self.env["res.partner"].create(
            {"name": "C", "parent_id": company.id, "email": "x@example.com"}
        )
        partners = self.hormuz | self.caspian | silent | company
        self.assertEqual(
            self.Process._get_survey_recipients(partners), self.hormuz | contact
        )

    def test_a_segment_is_asked_by_mail(self):
        self.hormuz.email = "h@example.com"
        self.sara.email = "sara@example.com"
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian)
        self._process()
        segment = self.env["crm.segment"].create(
            {"name": "All", "company_id": self.arvand.id}
        )
        wizard = (
            self.env["crm.process.ask"]
            .with_user(self.sara)
            .create({"company_id": self.arvand.id, "segment_id": segment.id})
        )
        self.assertEqual((wizard.recipient_count, wizard.refused_count), (1, 1))
        wizard.action_send()
        survey = self.arvand.process_survey_id
        self.assertEqual(survey.user_input_ids.partner_id, self.hormuz)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.recipient_ids, self.hormuz)
        self.assertIn(survey.user_input_ids.access_token, mail.body_html)

    def test_asking_nobody_or_about_nothing_is_refused(self):
        Ask = self.env["crm.process.ask"].with_user(self.sara)
        with self.assertRaises(UserError):
            Ask.create({"company_id": self.arvand.id}).action_send()
        self.hormuz.email = "h@example.com"
        (self.delivery | self.invoicing).active = False
        with self.assertRaises(UserError):
            Ask.create(
                {
                    "company_id": self.arvand.id,
                    "partner_ids": [Command.set(self.hormuz.ids)],
                }
            ).action_send()
        with self.assertRaises(AccessError):
            self.env["crm.process.ask"].with_user(self.omid).create({})
