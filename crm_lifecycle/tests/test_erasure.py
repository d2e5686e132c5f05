from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestErasure(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self.mina = self.env["res.partner"].create(
            {
                "name": "Mina Karimi",
                "email": "mina@karimi.example",
                "phone": "12345",
                "street": "Rose Alley 3",
                "city": "Tehran",
                "comment": "<p>Likes tulips</p>",
            }
        )
        self.invoice = self._make_invoice(self.mina)
        self._make_lead(self.mina, email_from="mina@karimi.example", phone="12345")
        self._process()
        self.customer = self._customer_of(self.mina)
        self.customer.note = "<p>Left her husband</p>"
        self.note = self.env["crm.customer.info"].create(
            {
                "name": "Divorced",
                "customer_id": self.customer.id,
                "class_id": self.env.ref("crm_lifecycle.crm_info_class_life").id,
            }
        )
        self.talk = self.env["crm.interaction"].create(
            {
                "name": "Mina called",
                "partner_id": self.mina.id,
                "channel_id": self.env.ref("crm_lifecycle.crm_channel_phone").id,
                "note": "<p>Moves to Shiraz</p>",
            }
        )
        self.customer.message_post(body="Mina is ill")
        self.consent = self.env["crm.consent"].create(
            {
                "partner_id": self.mina.id,
                "purpose": "marketing",
                "state": "refused",
                "evidence": "Shouted at Farhad",
                "evidence_file": "TWluYQ==",
                "evidence_name": "letter_of_karimi.txt",
            }
        )
        self.customer.write(
            {
                "stage_id": self._stage("lost").id,
                "pin_reason": "Went bankrupt",
                "profile": self._make_profile("Vegetarian"),
            }
        )
        self.customer.with_context(crm_owner_reason="Her cousin").user_id = self.omid
        self.customer.activity_schedule(
            "mail.mail_activity_data_todo", note="Ask after her surgery"
        )
        self._make_answer()
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.mina.id,
                "partner_id": self.mina.id,
                "rating": 2,
                "feedback": "My neighbour hates it",
            }
        )

    def _make_profile(self, value):
        definition = [{"name": "diet", "string": "Diet", "type": "char"}]
        self.arvand.customer_profile_definition = definition
        return {"diet": value}

    def _make_answer(self):
        survey = self.env["survey.survey"].create({"title": "How was it?"})
        question = self.env["survey.question"].create(
            {
                "survey_id": survey.id,
                "title": "Tell us",
                "question_type": "text_box",
            }
        )
        self.answer = survey._create_answer(partner=self.mina, check_attempts=False)
        self.answer._save_lines(question, "Too salty for me")

    def _request(self, partner=None):
        Request = self.env["crm.erasure.request"].with_user(self.sara)
        return Request.with_context(allowed_company_ids=self.arvand.ids).create(
            {"partner_id": (partner or self.mina).id, "company_id": self.arvand.id}
        )

    def _erase(self):
        request = self._request()
        request.action_approve()
        request.action_erase()
        self.env.flush_all()
        self.env.invalidate_all()
        return request

    def test_the_request_shows_what_stays_and_what_goes(self):
        request = self._request()
        self.assertIn("Journal Entry: 1", request.kept_text)
        self.assertIn("Sensitive Note: 1", request.erased_text)
        self.assertIn("Interaction: 1", request.erased_text)
        self.assertTrue(self.note.exists())

    def test_personal_data_are_gone_and_documents_stay(self):
        request = self._erase()
        mina = self.mina
        self.assertEqual(mina.name, f"Erased contact {mina.id}")
        for name in ("email", "phone", "street", "city", "comment"):
            self.assertFalse(mina[name], name)
        self.assertFalse(mina.active)
        self.assertFalse(self.note.exists())
        self.assertFalse(self.talk.note)
        self.assertEqual(self.talk.name, mina.name)
        self.assertFalse(self.customer.note)
        lead = self.env["crm.lead"].search([("partner_id", "=", mina.id)])
        self.assertFalse(lead.email_from or lead.phone)
        self.assertEqual(self.invoice.state, "posted")
        self.assertEqual(request.state, "done")
        self.assertEqual(request.approved_by_id, self.sara)
        self.assertIn("Sensitive Note: 1", request.result)

    def test_no_table_keeps_what_was_said(self):
        self._erase()
        words = ("husband", "Shiraz", "Divorced", "is ill", "tulips", "mina@karimi")
        words += ("Farhad", "letter_of_karimi", "bankrupt", "Vegetarian", "cousin")
        words += ("surgery", "salty", "neighbour")
        self.env.cr.execute(
            """
            SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = 'public'
               AND data_type IN ('text', 'character varying', 'jsonb')
               AND (table_name LIKE 'crm%' OR table_name LIKE 'survey%'
                    OR table_name LIKE 'rating%' OR table_name IN
                    ('res_partner', 'mail_message', 'mail_tracking_value',
                     'mail_activity'))
            """
        )
        for table, column in self.env.cr.fetchall():
            for word in words:
                self.env.cr.execute(
                    f'SELECT COUNT(*) FROM "{table}" WHERE "{column}"::text LIKE %s',
                    [f"%{word}%"],
                )
                self.assertEqual(self.env.cr.fetchone()[0], 0, (table, column, word))

    def test_consents_stay_as_evidence_without_words_and_document(self):
        request = self._request()
        self.assertIn("Consent: 1", request.erased_text)
        self._erase()
        self.assertEqual(self.consent.partner_id, self.mina)
        self.assertEqual(
            (self.consent.purpose, self.consent.state), ("marketing", "refused")
        )
        self.assertFalse(self.consent.evidence or self.consent.evidence_file)
        attachments = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "crm.consent"),
                ("res_id", "=", self.consent.id),
                ("res_field", "!=", False),
            ]
        )
        self.assertFalse(attachments)

    def test_answers_still_count(self):
        self._erase()
        self.assertTrue(self.answer.exists())
        self.assertFalse(self.answer.email)
        self.assertEqual(self.answer.user_input_line_ids.value_text_box, "Erased")

    def test_every_model_with_personal_text_is_covered_or_named_here(self):
        """A new model of the addon that tells of a person has to decide."""
        without_persons = {
            "crm.customer",  # blanked by crm.erasure itself
            "crm.customer.merge.log",  # likewise
            "crm.customer.group",  # several firms' common name
            "crm.erasure.request",  # the proof; its remark is told to repeat nothing
            "crm.process",  # which dealers and carriers it affects: links only
            "crm.segment",  # members: links only
            "crm.source.reference",  # by which imports know whom not to bring back
        }
        request = self._request().sudo()
        records = request._get_erased_records()
        self.assertEqual(set(records), set(request._get_erasers()))
        for name, model in self.env.registry.models.items():
            if model._abstract or model._transient or not model._auto:
                continue
            if model._original_module != "crm_lifecycle":
                continue
            stored = [field for field in model._fields.values() if field.store]
            if not any(
                field.comodel_name in ("res.partner", "crm.customer")
                for field in stored
                if field.relational
            ):
                continue
            if any(
                field.type in ("char", "text", "html", "binary", "properties")
                for field in stored
            ):
                self.assertIn(name, set(records) | without_persons)

    def test_a_posted_invoice_keeps_the_name_it_was_made_out_to(self):
        self._erase()
        self.assertEqual(self.invoice.invoice_partner_display_name, "Mina Karimi")
        self.assertIn("Rose Alley 3", self.invoice.crm_legal_name)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", self.invoice.ids
        )[0]
        self.assertIn(b"Mina Karimi", html)
        self.assertIn(b"Rose Alley 3", html)

    def test_erasing_twice_changes_nothing(self):
        request = self._erase()
        before = self.mina.write_date, request.done_at, request.result
        request.action_erase()
        self.assertEqual(
            (self.mina.write_date, request.done_at, request.result), before
        )

    def test_an_erasure_has_to_be_approved_and_cannot_be_undone(self):
        request = self._request()
        with self.assertRaises(UserError):
            request.action_erase()
        request.action_approve()
        request.action_erase()
        with self.assertRaises(UserError):
            request.remark = "x"
        with self.assertRaises(UserError):
            request.unlink()

    def test_a_refused_request_erases_nothing(self):
        request = self._request()
        request.action_refuse()
        with self.assertRaises(UserError):
            request.action_erase()
        self.assertEqual(self.mina.name, "Mina Karimi")

    def test_colleagues_own_companies_and_other_companies_people_are_refused(self):
        self._make_lead(
            self.caspian, company_id=self.bahar_company.id, team_id=self.teams[1].id
        )
        self._process()
        for partner in (
            self.omid.partner_id,
            self.portal.partner_id,
            self.arvand.partner_id,
            self.caspian,
        ):
            with self.assertRaises(UserError, msg=partner.name):
                self._request(partner)

    def test_only_managers_see_requests(self):
        request = self._request()
        for user in (self.nika, self.omid, self.leila):
            with self.assertRaises(AccessError):
                request.with_user(user).read(["state"])
            with self.assertRaises(AccessError):
                request.with_user(user).action_approve()

    def test_an_import_does_not_bring_an_erased_person_back(self):
        source = self.env["crm.data.source"].create({"name": "S", "code": "s"})
        values = {"crm_source_id": source.id, "crm_source_ref": "1", "name": "Mina"}
        self.mina.write({"crm_source_id": source.id, "crm_source_ref": "1"})
        self._erase()
        found = self.env["res.partner"]._load_records_create([values])
        self.assertEqual(found, self.mina)
        self.assertIn("Erased", self.mina.name)

    def test_the_contact_opens_its_request(self):
        action = self.mina.action_request_erasure()
        self.assertFalse(action["res_id"])
        request = self._request()
        self.assertEqual(self.mina.action_request_erasure()["res_id"], request.id)
