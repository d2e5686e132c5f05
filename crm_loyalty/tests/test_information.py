"""What is known of competitors is shown to those who may see it, and to nobody else."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestInformation(LoyaltyCommon):
    """Hormuz is Omid's customer and buys mostly elsewhere; see LoyaltyCommon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._buy(cls.hormuz, "2026-01-01", 100)
        cls.env["crm.customer"]._refresh_facts()
        cls.rival = cls.env["crm.competitor"].create({"name": "Nordic"})
        cls.customer = cls._customer(cls.hormuz)
        cls.customer.user_id = cls.omid
        cls.finding = cls.env["crm.competitor.purchase"].create(
            {
                "customer_id": cls.customer.id,
                "competitor_id": cls.rival.id,
                "amount": 900,
            }
        )
        cls._run()
        cls.info = cls.env.ref("crm_lifecycle.crm_info_class_competitors")

    def _restrict(self, code="competitors"):
        info = self.env.ref(f"crm_lifecycle.crm_info_class_{code}")
        info.group_ids = self.env.ref("crm_lifecycle.group_manager")
        return info

    def _as(self, user):
        return self.customer.with_user(user).with_context(
            allowed_company_ids=self.arvand.ids
        )

    def test_the_class_protects_wallet_and_competitors(self):
        self.assertEqual(
            set(self.info.field_ids.mapped("name")),
            {
                "wallet_share",
                "wallet_date",
                "wallet_basis",
                "competitor_share",
                "main_competitor_id",
            },
        )

    def test_at_first_salespeople_see_competitors(self):
        customer = self._as(self.omid)
        self.assertEqual(customer.main_competitor_id, self.rival)
        self.assertIn("Nordic", customer.loyalty_explanation)
        self.assertEqual(customer.competitor_purchase_ids, self.finding)

    def test_who_may_not_see_competitors_still_works_with_the_customer(self):
        self._restrict()
        customer = self._as(self.omid)
        explanation = customer.loyalty_explanation
        self.assertTrue(explanation)
        for secret in ("Nordic", "spend"):
            self.assertNotIn(secret, explanation)
        self.assertFalse(customer.competitor_purchase_ids)
        self.assertEqual(customer.loyalty_point["type"], customer.loyalty_type)
        with Form(customer) as form:
            form.note = "<p>Met him</p>"
        self.assertIn("Nordic", self._as(self.sara).loyalty_explanation)

    def test_who_may_not_see_competitors_finds_and_adds_none(self):
        self._restrict()
        for model, record in (
            ("crm.competitor", self.rival),
            ("crm.competitor.purchase", self.finding),
        ):
            Model = self.env[model].with_user(self.omid)
            self.assertFalse(Model.search([]))
            self.assertFalse(Model._read_group([], ["id"], ["__count"]))
            with self.assertRaises(AccessError):
                record.with_user(self.omid).read(["id"])
        with self.assertRaises(AccessError):
            self.env["crm.competitor"].with_user(self.omid).create({"name": "New"})
        with self.assertRaises(AccessError):
            self._as(self.omid).search([("main_competitor_id.name", "=", "Nordic")])
        with self.assertRaises(AccessError):
            self._as(self.omid).search([("wallet_share", "<", 0.5)])

    def test_an_archived_class_hides_no_competitors(self):
        self._restrict().active = False
        self.assertEqual(self._as(self.omid).competitor_purchase_ids, self.finding)

    def test_hidden_classes_are_hidden_in_history_timeline_and_header(self):
        info = self._restrict("people")
        field = self.env["ir.model.fields"]._get("crm.customer", "abc_class")
        info.field_ids += field
        customer = self._as(self.omid)
        with self.assertRaises(AccessError):
            customer.loyalty_history_ids.mapped("abc_class")
        self.assertTrue(customer.loyalty_history_ids.mapped("rfm_segment"))
        choices = customer.fields_get(["rfm_segment"])["rfm_segment"]["selection"]
        label = dict(choices)[customer.rfm_segment]
        values = {one["key"]: one["text"] for one in customer.get_header()["values"]}
        self.assertEqual(values["abc_class"], label)
        Timeline = customer.env["crm.customer.timeline"]
        entries = Timeline.get_page(customer.id, kinds=["class"])["entries"]
        self.assertEqual([entry["summary"] for entry in entries], [label])
        self.assertTrue(self._as(self.sara).loyalty_history_ids.mapped("abc_class"))

    def _make_person(self):
        return self.env["res.partner"].create(
            {"name": "Mina Karimi", "email": "mina@karimi.example"}
        )

    def test_erasing_a_person_takes_findings_words_and_tasks_along(self):
        mina = self._make_person()
        self._buy(mina, "2020-01-01", 100)
        self.env["crm.customer"]._refresh_facts()
        customer = self._customer(mina)
        finding = self.env["crm.competitor.purchase"].create(
            {
                "customer_id": customer.id,
                "competitor_id": self.rival.id,
                "amount": 5,
                "note": "Her brother works there",
            }
        )
        entry = self.env.ref("crm_loyalty.survey_attitude")._create_answer(
            partner=mina, check_attempts=False
        )
        question = self.env.ref("crm_loyalty.survey_question_recommendation")
        entry._save_lines(question, "9")
        entry.user_input_line_ids.value_char_box = "I am ill"
        rating = self.env["rating.rating"].create(
            {
                "partner_id": mina.id,
                "res_model_id": self.env["ir.model"]._get_id("crm.customer"),
                "res_id": customer.id,
                "rating": 4,
                "feedback": "Mina is sad",
                "consumed": True,
            }
        )
        task = customer.activity_schedule(
            "mail.mail_activity_data_todo", summary="Mina may leave"
        )
        request = (
            self.env["crm.erasure.request"]
            .with_user(self.sara)
            .with_context(allowed_company_ids=self.arvand.ids)
            .create({"partner_id": mina.id, "company_id": self.arvand.id})
        )
        self.assertIn("Purchase at a Competitor: 1", request.erased_text)
        self.assertIn("Purchase Before Odoo: 1", request.kept_text)
        request.action_approve()
        request.action_erase()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(finding.exists())
        self.assertFalse(task.exists())
        self.assertFalse(entry.email)
        lines = entry.user_input_line_ids
        self.assertNotIn("ill", lines.value_char_box)
        self.assertEqual(lines.value_scale, 9)
        self.assertEqual((rating.rating, rating.feedback), (4, False))
        self.assertTrue(self.env["crm.purchase.history"].search_count([]))
