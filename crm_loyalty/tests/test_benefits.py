from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestBenefits(LoyaltyCommon):
    """Hormuz is an A customer, Caspian a C customer; see LoyaltyCommon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls._buy(cls.hormuz, cls.today - timedelta(days=30), 100000)
        cls._buy(cls.caspian, cls.today - timedelta(days=20), 10)
        cls.env["crm.customer"]._refresh_facts()
        cls._run()
        cls.silver, cls.gold = cls.env["product.pricelist"].create(
            [{"name": name, "company_id": cls.arvand.id} for name in ("Silver", "Gold")]
        )
        cls.tier = cls.env.ref("crm_lifecycle.crm_service_tier_gold")
        cls.Grant = cls.env["crm.loyalty.grant"]

    def _make_benefit(self, **values):
        return self.env["crm.loyalty.benefit"].create(
            {
                "name": "Gold terms",
                "company_id": self.arvand.id,
                "abc_class": "a",
                "pricelist_id": self.gold.id,
                **values,
            }
        )

    def _pricelist(self, partner):
        partner = partner.with_company(self.arvand)
        return partner.specific_property_product_pricelist

    def _lose_class(self):
        """Hormuz sends everything back."""
        self._buy(self.hormuz, self.today - timedelta(days=1), -99999)
        self._buy(self.zagros, self.today, 500000)
        self.env["crm.customer"]._refresh_facts()
        self._run()
        self.assertNotEqual(self._customer(self.hormuz).abc_class, "a")

    def test_a_started_benefit_reaches_the_class_and_nobody_else(self):
        benefit = self._make_benefit(service_tier_id=self.tier.id)
        benefit.with_user(self.sara).action_start()
        self.assertEqual(self._pricelist(self.hormuz), self.gold)
        self.assertEqual(self._customer(self.hormuz).service_tier_id, self.tier)
        self.assertFalse(self._pricelist(self.caspian))
        self.assertEqual(set(benefit.grant_ids.mapped("item")), {"pricelist", "tier"})

    def test_a_dry_run_writes_nothing(self):
        benefit = self._make_benefit()
        action = benefit.with_user(self.sara).action_try()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.give_count, 1)
        self.assertIn("Gold", wizard.line_ids.after)
        self.assertFalse(self._pricelist(self.hormuz))
        self.assertFalse(benefit.grant_ids)
        wizard.with_user(self.sara).action_start()
        self.assertEqual(self._pricelist(self.hormuz), self.gold)

    def test_a_second_run_gives_nothing_again(self):
        benefit = self._make_benefit()
        benefit.action_start()
        self._run()
        self.assertEqual(len(benefit.grant_ids), 1)
        self.assertFalse(self.Grant._plan(self.arvand))

    def test_the_benefit_goes_after_the_time_of_grace_and_the_old_value_is_back(self):
        self.hormuz.with_company(
            self.arvand
        ).specific_property_product_pricelist = self.silver
        benefit = self._make_benefit(replace_manual=True, grace_days=10)
        benefit.action_start()
        self.assertEqual(self._pricelist(self.hormuz), self.gold)
        self.assertIn("Silver", self._customer(self.hormuz).message_ids[0].body)
        self._lose_class()
        grant = benefit.grant_ids.filtered(
            lambda g: g.customer_id.partner_id == self.hormuz
        )
        self.assertEqual(grant.state, "ending")
        self.assertEqual(grant.date_until, self.today + timedelta(days=10))
        self.assertEqual(self._pricelist(self.hormuz), self.gold)
        grant.date_until = self.today
        self._run()
        self.assertEqual(grant.state, "taken")
        self.assertEqual(self._pricelist(self.hormuz), self.silver)

    def test_whoever_has_the_class_again_keeps_the_benefit(self):
        benefit = self._make_benefit(grace_days=10)
        benefit.action_start()
        self._lose_class()
        grant = benefit.grant_ids.filtered(
            lambda g: g.customer_id.partner_id == self.hormuz
        )
        self.assertEqual(grant.state, "ending")
        self._buy(self.hormuz, self.today, 900000)
        self.env["crm.customer"]._refresh_facts()
        self._run()
        self.assertEqual((grant.state, grant.date_until), ("active", False))
        self.assertEqual(self._pricelist(self.hormuz), self.gold)

    def test_statements_grow_with_the_benefits_not_with_the_customers(self):
        """Giving, losing, resuming and taking back: each for 3 and for 60 at once."""
        Customer = self.env["crm.customer"]
        few, many = (
            Customer.create(
                [
                    {"partner_id": partner.id, "abc_class": "b"}
                    for partner in self.env["res.partner"].create(
                        [{"name": f"{size} {number}"} for number in range(size)]
                    )
                ]
            )
            for size in (3, 60)
        )
        for partner in (few | many).partner_id:
            partner.specific_property_product_pricelist = self.silver
        many.abc_class = False
        benefit = self._make_benefit(
            abc_class="b",
            replace_manual=True,
            grace_days=10,
            service_tier_id=self.tier.id,
        )
        benefit.state = "running"
        counts = []
        for customers in (few, many):
            counts.append([])
            for abc_class in ("b", "c", "b"):
                customers.abc_class = abc_class
                counts[-1].append(self._count_settling())
            customers.abc_class = False
            self.Grant._settle(self.arvand)
            benefit.grant_ids.filtered(lambda g: g.state == "ending").write(
                {"date_until": self.today}
            )
            counts[-1].append(self._count_settling())
            states = set(customers.loyalty_grant_ids.mapped("state"))
            self.assertEqual(states, {"taken"})
            self.assertIn("Silver", customers[0].message_ids[0].body)
        for name, small, large in zip(
            ("give", "lose", "resume", "take"), *counts, strict=True
        ):
            # Odoo itself writes company-dependent values in batches of its own
            self.assertLessEqual(large, small + 6, name)

    def _count_settling(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.Grant._settle(self.arvand)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_what_a_person_set_is_held_back_and_listed(self):
        self.hormuz.with_company(
            self.arvand
        ).specific_property_product_pricelist = self.silver
        benefit = self._make_benefit()
        benefit.action_start()
        self.assertEqual(self._pricelist(self.hormuz), self.silver)
        self.assertEqual(benefit.grant_ids.state, "blocked")
        self.assertIn("Silver", benefit.grant_ids.old_value_text)

    def test_nothing_is_told_where_nothing_is_replaced(self):
        self.hormuz.with_company(
            self.arvand
        ).specific_property_product_pricelist = self.gold
        customer = self._customer(self.hormuz)
        before = customer.message_ids
        self._make_benefit(replace_manual=True).action_start()
        self.assertEqual(customer.loyalty_grant_ids.state, "active")
        self.assertEqual(customer.message_ids, before)

    def test_what_a_person_changed_since_is_left_alone(self):
        benefit = self._make_benefit(grace_days=0)
        benefit.action_start()
        self.hormuz.with_company(
            self.arvand
        ).specific_property_product_pricelist = self.silver
        self._lose_class()
        self.assertEqual(self._pricelist(self.hormuz), self.silver)
        states = benefit.grant_ids.filtered(
            lambda g: g.customer_id.partner_id == self.hormuz
        ).mapped("state")
        self.assertEqual(states, ["let"])

    def test_of_two_benefits_the_first_in_the_list_counts(self):
        self._make_benefit(sequence=2, pricelist_id=self.silver.id).action_start()
        self._make_benefit(sequence=1).action_start()
        self.assertEqual(self._pricelist(self.hormuz), self.gold)

    def test_a_stopped_benefit_is_taken_back(self):
        benefit = self._make_benefit(grace_days=0)
        benefit.action_start()
        with self.assertRaises(UserError):
            benefit.unlink()
        benefit.action_stop()
        self.assertFalse(self._pricelist(self.hormuz))
        self.assertTrue(benefit.unlink())

    def test_an_activity_plan_starts_once(self):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Welcome among the best",
                "res_model": "crm.customer",
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": self.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                            "summary": "Thank him",
                            "responsible_type": "other",
                            "responsible_id": self.sara.id,
                        },
                    )
                ],
            }
        )
        self._make_benefit(pricelist_id=False, plan_id=plan.id).action_start()
        self._run()
        activities = self._customer(self.hormuz).activity_ids
        self.assertEqual(activities.mapped("summary"), ["Thank him"])

    def test_credit_limit_and_payment_terms_hold_in_this_company_only(self):
        term = self.env["account.payment.term"].create({"name": "60 days"})
        self._make_benefit(credit_limit=5000, payment_term_id=term.id).action_start()
        here = self.hormuz.with_company(self.arvand)
        there = self.hormuz.with_company(self.bahar)
        self.assertEqual(
            (here.credit_limit, here.property_payment_term_id), (5000, term)
        )
        self.assertNotEqual(there.credit_limit, 5000)
        self.assertFalse(there.property_payment_term_id)

    def test_an_empty_benefit_and_foreign_terms_are_refused(self):
        with self.assertRaises(ValidationError):
            self._make_benefit(pricelist_id=False)
        with self.assertRaises(ValidationError):
            self._make_benefit(abc_class=False)
        self.silver.company_id = self.bahar
        with self.assertRaises(ValidationError):
            self._make_benefit(pricelist_id=self.silver.id)

    def test_merged_customers_hold_one_benefit_of_a_kind(self):
        self._make_benefit(abc_class="c").action_start()
        self._make_benefit(name="A", abc_class="a").action_start()
        loser, survivor = self._customer(self.caspian), self._customer(self.hormuz)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.hormuz + self.caspian).ids, self.hormuz)
        self.assertFalse(loser.exists())
        self.assertEqual(len(survivor.loyalty_grant_ids.filtered("is_open")), 1)
        self.assertEqual(len(survivor.loyalty_grant_ids), 2)

    def test_only_managers_of_the_company_decide_over_benefits(self):
        benefit = self._make_benefit()
        for user in (self.nika, self.omid, self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                benefit.with_user(user).action_start()
            with self.assertRaises(AccessError):
                benefit.with_user(user).action_try()
        benefit.action_start()
        with self.assertRaises(AccessError):
            benefit.grant_ids.with_user(self.sara).write({"state": "taken"})
        elsewhere = benefit.with_user(self.bahar_manager).with_context(
            allowed_company_ids=self.bahar.ids
        )
        self.assertFalse(elsewhere.has_access("read"))
