from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestCollection(LifecycleCommon):
    def setUp(self):
        super().setUp()
        for partner in (self.hormuz, self.caspian):
            self._make_lead(partner)
        self._process()

    def _item(self, model, name, **overrides):
        values = {
            "field_id": self.env["ir.model.fields"]._get(model, name).id,
            "purpose": "To call back",
            "company_id": self.arvand.id,
        }
        return self.env["crm.collection.item"].create({**values, **overrides})

    def test_the_fill_rate_is_the_share_of_the_companys_customers(self):
        self.hormuz.write({"phone": "1", "city": " ", "color": 3})
        self.caspian.category_id = self.env["res.partner.category"].create(
            {"name": "x"}
        )
        self._customer_of(self.hormuz).note = "<p>Knows us</p>"
        self._customer_of(self.caspian).note = "<p><br></p>"
        for model, name, filled in (
            ("res.partner", "phone", 1),
            ("res.partner", "city", 0),
            ("res.partner", "color", 1),
            ("res.partner", "category_id", 1),
            ("res.partner", "name", 2),
            ("crm.customer", "note", 1),
            ("crm.customer", "user_id", 0),
            ("crm.lead", "partner_id", 2),
        ):
            with self.subTest(name):
                item = self._item(model, name)
                self.assertEqual((item.customer_count, item.filled_count), (2, filled))
                self.assertEqual(item.fill_rate, 50.0 * filled)
                self.assertEqual(item.below_target, 50.0 * filled < 80)

    def test_another_companys_customers_do_not_count(self):
        self.hormuz.phone = "1"
        item = self._item("res.partner", "phone", company_id=self.bahar_company.id)
        self.assertEqual((item.customer_count, item.fill_rate), (0, 0.0))
        self.assertFalse(item.below_target)  # no customers: nothing to say

    def test_measuring_follows_the_data_and_writes_only_what_changed(self):
        item = self._item("res.partner", "phone")
        self.hormuz.phone = "1"
        item.action_measure()
        self.assertEqual(item.fill_rate, 50.0)
        measured_at = item.measured_at
        self.env.flush_all()
        with self.assertQueryCount(60):
            item.action_measure()
        self.assertEqual(item.measured_at, measured_at)

    def test_many_items_are_measured_by_one_query_a_model(self):
        items = self._item("res.partner", "phone")
        items += self._item("res.partner", "city")
        items += self._item("res.partner", "street")
        items.action_measure()
        self.env.flush_all()
        queries = []
        measure = type(items)._sql_population

        def count(model, *args):
            queries.append(args)
            return measure(model, *args)

        self.patch(type(items), "_sql_population", count)
        items.action_measure()
        self.assertEqual(len(queries), 1)

    def test_the_places_looked_at_have_the_fields_that_are_looked_at(self):
        for name, conditions, templates, target in self.env[
            "crm.collection.item"
        ]._get_usage_sources():
            if name not in self.env:
                continue  # an app that is not installed
            Model = self.env[name]
            for field in (*conditions, *templates):
                self.assertIn(field, Model._fields, name)
            if not target.startswith("="):
                self.assertIn(target.split(".")[0], Model._fields, name)

    def test_use_in_segments_and_quality_rules_is_found(self):
        items = self._item("res.partner", "zip") + self._item("res.partner", "state_id")
        items += self._item("crm.customer", "deputy_id")
        policy = self.env.ref("crm_lifecycle.crm_quality_policy_default")
        self.env["crm.quality.rule"].create(
            [
                {"policy_id": policy.id, "field_name": name}
                for name in ("partner.zip", "customer.deputy_id")
            ]
        )
        self.env["crm.segment"].create(
            {
                "name": "Homeless",
                "company_id": self.arvand.id,
                "domain": "[('partner_id.state_id', '=', False)]",
            }
        )
        items.action_measure()
        for item, user in zip(
            items,
            ("Data Quality Rule: 1", "Customer Segment: 1", "Data Quality Rule: 1"),
            strict=True,
        ):
            self.assertIn(user, item.used_in.split(", "))

    def test_use_in_rules_filters_and_templates_is_found(self):
        self.env["crm.quality.rule"].search([]).unlink()
        item = self._item("res.partner", "industry_id")
        self.assertEqual(item.use_count, 0)
        self.env["crm.lifecycle.rule"].create(
            {
                "name": "Chemistry",
                "stage_id": self._stage("select").id,
                "company_id": self.arvand.id,
                "domain": "[('partner_id.industry_id', '=', False)]",
            }
        )
        self.env["ir.filters"].create(
            {
                "name": "By industry",
                "model_id": "res.partner",
                "context": "{'group_by': ['industry_id']}",
            }
        )
        self.env["mail.template"].create(
            {
                "name": "T",
                "model_id": self.env.ref("crm_lifecycle.model_crm_customer").id,
                "body_html": "<p t-out='object.partner_id.industry_id.name'/>",
            }
        )
        item.action_measure()
        self.assertEqual(item.use_count, 3)
        self.assertIn("Lifecycle Rule: 1", item.used_in)

    def test_related_fields_count_for_what_they_repeat(self):
        item = self._item("res.partner", "phone")
        before = item.use_count
        self.env["ir.filters"].create(
            {
                "name": "Without phone",
                "model_id": "crm.customer",
                "domain": "[('phone', '=', False)]",
            }
        )
        item.action_measure()
        self.assertEqual(item.use_count, before + 1)

    def test_a_word_that_only_looks_like_the_field_is_no_use(self):
        item = self._item("res.partner", "city")
        before = item.use_count
        self.env["ir.filters"].create(
            {
                "name": "Other",
                "model_id": "crm.lead",
                "domain": "[('city', '=', 'Rey')]",
            }
        )
        item.action_measure()
        self.assertEqual(item.use_count, before)

    def test_the_button_opens_those_of_whom_it_is_missing(self):
        self.hormuz.phone = "1"
        for model, name in (("res.partner", "phone"), ("crm.customer", "note")):
            action = self._item(model, name).action_view_missing()
            found = self.env[action["res_model"]].search(action["domain"])
            expected = {"phone": self.caspian, "note": self.hormuz | self.caspian}
            self.assertEqual(found.partner_id, expected[name])

    def test_fields_that_cannot_be_asked_are_refused(self):
        for model, name in (
            ("res.partner", "is_company"),
            ("res.partner", "property_payment_term_id"),
            ("sale.order", "note"),
            ("res.partner", "display_name"),
        ):
            with self.assertRaises(ValidationError, msg=name):
                self._item(model, name)

    def test_required_and_measured_fields_are_never_blanked(self):
        for model, name in (
            ("res.partner", "name"),
            ("crm.customer", "revenue_total"),
            ("crm.customer", "stage_id"),
        ):
            with self.assertRaises(ValidationError, msg=name):
                self._item(model, name, retention_months=12)

    def test_salespeople_read_the_plan_and_managers_write_it(self):
        item = self._item("res.partner", "phone").with_user(self.omid)
        self.assertIn("Phone", item.field_label)
        self.assertTrue(item.action_view_missing())
        with self.assertRaises(AccessError):
            item.purpose = "Mine"
        self._item("res.partner", "city").with_user(self.sara).purpose = "To visit"
