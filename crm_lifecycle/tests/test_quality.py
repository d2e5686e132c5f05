from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form
from odoo.tools import SQL

from .common import LifecycleCommon


class TestQuality(LifecycleCommon):
    """Hormuz is a customer; the policy wants a name, a mail, a phone and fresh data."""

    def setUp(self):
        super().setUp()
        self.policy = self.env.ref("crm_lifecycle.crm_quality_policy_default")
        self.policy.rule_ids.unlink()
        self._add_rule("partner.name", weight=1)
        self._add_rule("partner.email", kind="email", weight=2)
        self._add_rule("partner.phone", kind="phone", weight=1)
        self._add_rule("customer.data_date", kind="fresh", days=365)
        self._make_lead(self.hormuz)
        self._process()
        self.customer = self._customer_of(self.hormuz)

    def _add_rule(self, field_name, **values):
        return self.env["crm.quality.rule"].create(
            {"policy_id": self.policy.id, "field_name": field_name, **values}
        )

    def _age(self, days):
        """Let the contact be as old as that, and untouched since."""
        then = fields.Datetime.now() - timedelta(days=days)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET create_date = %s, crm_data_date = %s"
                " WHERE id = %s",
                then,
                then,
                self.hormuz.id,
            )
        )
        self.env.invalidate_all()
        self.Customer._refresh(self.hormuz.ids)
        self.env.invalidate_all()

    def test_a_new_customer_is_scored_at_once(self):
        self.assertEqual(self.customer.completeness_score, 25)
        self.assertEqual(self.customer.freshness_score, 100)
        self.assertEqual(self.customer.quality_score, 47.5)

    def test_completeness_is_the_share_of_the_weights_that_are_met(self):
        self.hormuz.email = "info@hormuz.example"
        self._process()
        self.assertEqual(self.customer.completeness_score, 75)
        self.hormuz.phone = "021 8877 6655"
        self._process()
        self.assertEqual(self.customer.completeness_score, 100)

    def test_what_is_filled_but_malformed_does_not_count(self):
        self.hormuz.write({"email": "nobody", "phone": "12"})
        self._process()
        self.assertEqual(self.customer.completeness_score, 25)
        self.assertIn("Email (missing or malformed)", self.customer.quality_missing)
        self.assertIn("Phone (missing or malformed)", self.customer.quality_missing)

    def test_the_form_says_what_is_missing(self):
        self._add_rule("partner.city")
        self._add_rule("customer.user_id")
        missing = self.customer.quality_missing
        self.assertIn("City", missing)
        self.assertIn("Accountable", missing)
        self.assertNotIn("Name", missing)

    def test_a_rule_for_persons_leaves_companies_alone(self):
        self._add_rule("partner.function", applies_to="person", weight=4)
        self._process()
        self.Customer._refresh(self.hormuz.ids)
        self.assertEqual(self.customer.completeness_score, 25)

    def test_old_data_lose_their_freshness_and_a_confirmation_restores_it(self):
        self._age(400)
        self.assertEqual(self.customer.freshness_score, 0)
        self.customer.with_user(self.sara).action_confirm_data()
        self.assertEqual(self.customer.freshness_score, 100)
        self.assertEqual(self.customer.data_checked_by_id, self.sara)
        self.assertTrue(self.customer.message_ids)

    def test_a_changed_address_is_fresh_but_a_write_of_the_same_is_not(self):
        self._age(400)
        self.hormuz.write({"name": "Hormuz", "comment": "<p>seen</p>"})
        self._process()
        self.assertEqual(self.customer.freshness_score, 0)
        self.hormuz.city = "Bandar Abbas"
        self._process()
        self.assertEqual(self.customer.freshness_score, 100)

    def test_the_scores_do_not_change_from_day_to_day_without_reason(self):
        self._age(100)
        self.assertFalse(self.Customer._refresh_facts())

    def test_a_changed_rule_queues_a_pass_over_all(self):
        cron = self.env.ref("crm_lifecycle.ir_cron_refresh")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.policy.rule_ids[0].weight = 7
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertGreater(after, before)
        self.Customer._refresh_all()
        self.env.invalidate_all()
        self.assertEqual(self.customer.completeness_score, 70)

    def test_a_company_follows_its_own_policy(self):
        self._make_lead(self.hormuz, company_id=self.bahar_company.id)
        self.env["crm.quality.policy"].create(
            {
                "name": "Bahar",
                "company_id": self.bahar_company.id,
                "rule_ids": [Command.create({"field_name": "partner.name"})],
            }
        )
        self._process()
        there = self._customer_of(self.hormuz, self.bahar_company)
        self.assertEqual(there.completeness_score, 100)
        self.assertEqual(self.customer.completeness_score, 25)
        self.assertFalse(there.quality_missing)

    def test_a_confirmation_in_one_company_says_nothing_in_another(self):
        self._make_lead(self.hormuz, company_id=self.bahar_company.id)
        self._process()
        self._age(400)
        self.customer.action_confirm_data()
        there = self._customer_of(self.hormuz, self.bahar_company)
        self.assertEqual(there.freshness_score, 0)

    def test_where_nothing_is_demanded_nothing_is_missing(self):
        self.policy.unlink()
        self.Customer._refresh_all()
        self.env.invalidate_all()
        self.assertEqual(self.customer.quality_score, 100)
        self.assertFalse(self.customer.quality_missing)

    def test_senseless_rules_are_refused(self):
        for values in (
            {"field_name": "partner.country_id", "kind": "email"},
            {"field_name": "partner.name", "kind": "fresh", "days": 5},
            {"field_name": "customer.data_date", "kind": "fresh", "days": 0},
            {"field_name": "partner.name", "weight": 0},
            {"field_name": "partner.password"},
        ):
            with self.assertRaises(ValidationError):
                self._add_rule(**values)
        for values in (
            {"completeness_weight": 0, "freshness_weight": 0},
            {"review_completeness": 120},
            {"reviews_per_person": -1},
        ):
            with self.assertRaises(ValidationError):
                self.policy.write(values)

    def test_every_field_of_the_list_can_be_scored(self):
        Rule = self.env["crm.quality.rule"]
        for key in Rule._get_fields():
            self._add_rule(key)
        self.Customer._refresh(self.hormuz.ids)
        self.assertIn("Language", dict(Rule._selection_field_name())["partner.lang"])
        self.assertIn("Sales Team", self.customer.quality_missing)

    def test_scores_cannot_be_typed_in(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.sara).write({"quality_score": 100})

    def test_the_review_list_begins_with_the_most_valuable_gaps(self):
        self._pay(self._bill(self._make_order(self.caspian, price=90000)))
        self._process()
        both = self.customer | self._customer_of(self.caspian)
        listed = self.Customer.search(
            [("id", "in", both.ids)], order="review_priority desc"
        )
        self.assertEqual(listed[0].partner_id, self.caspian)
        self.assertGreater(*listed.mapped("review_priority"))

    def test_a_steward_corrects_the_contact_in_the_list(self):
        steward = self._make_user(
            "le_steward", self.arvand, "crm_lifecycle.group_data_steward"
        )
        self.customer.user_id = self.nika
        with Form(
            self.customer.with_user(steward),
            "crm_lifecycle.crm_customer_view_list_review",
        ) as form:
            form.email = "new@hormuz.example"
        self.assertEqual(self.hormuz.email, "new@hormuz.example")

    def test_scores_average_by_team(self):
        groups = self.Customer._read_group(
            [("id", "=", self.customer.id)], ["team_id"], ["quality_score:avg"]
        )
        self.assertEqual(groups[0][1], 47.5)
