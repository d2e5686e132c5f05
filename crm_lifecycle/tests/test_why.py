from odoo.exceptions import AccessError

from .test_rule_kinds import RuleCase


class TestWhy(RuleCase):
    """Why a customer is in his stage, in words and with his own figures."""

    def _explain(self, partner=None, user=None):
        customer = self._customer_of(partner or self.hormuz)
        return customer.with_user(user or self.sara)._explain_stage()

    def _get_rule(self, told, name):
        return next(rule for rule in told["rules"] if rule["name"] == name)

    def test_the_rule_that_decides_is_named_with_each_condition(self):
        self._make_lead(self.hormuz, type="opportunity")
        self._process()
        told = self._explain()
        self.assertEqual((told["cause"], told["by"]), ("rule", "Qualified lead"))
        rule = self._get_rule(told, "Qualified lead")
        self.assertEqual(rule["state"], "decides")
        self.assertEqual(
            rule["lines"], [(0, "Qualified Leads is at least 1", "1", True)]
        )
        other = self._get_rule(told, "Third paid order")
        self.assertEqual(other["state"], "no")
        self.assertEqual(other["lines"], [(0, "Paid Orders is at least 3", "0", False)])

    def test_rules_below_the_one_that_decides_say_that_they_match(self):
        self._make_lead(self.hormuz, type="opportunity", user_id=self.omid.id)
        self._process()
        rule = self._get_rule(self._explain(), "Lead with an accountable person")
        self.assertEqual(rule["state"], "later")
        self.assertEqual([line[3] for line in rule["lines"]], [True, True])
        self.assertEqual(rule["lines"][1][1], "Accountable is set")

    def test_alternatives_negations_paths_and_silence_are_spelt_out(self):
        self.hormuz.country_id = self.env.ref("base.ir")
        self._make_rule(
            name="Odd",
            domain="['|', ('partner_id.country_id.code', '=', 'IR'),"
            " '!', ('last_order_date', '<', '-30d')]",
        )
        self._make_lead(self.hormuz)
        self._process()
        lines = self._get_rule(self._explain(), "Odd")["lines"]
        self.assertEqual(lines[0], (0, "at least one of these:", "", None))
        self.assertEqual(lines[1][0], 1)
        self.assertEqual(lines[1][2:], ("IR", True))
        self.assertEqual(lines[2], (1, "not:", "", None))
        self.assertEqual((lines[3][0], lines[3][2:]), (2, ("-", False)))
        self.assertIn("(-30d)", lines[3][1])
        silence = self._get_rule(self._explain(), "Silent for a year after a purchase")
        self.assertEqual(
            silence["lines"], [(0, "Order: nothing for 365 days", "never", False)]
        )

    def test_a_rule_for_other_stages_says_so(self):
        self._make_rule(name="Back", domain="[]", only_from=["lost"])
        self._make_lead(self.hormuz)
        self._process()
        rule = self._get_rule(self._explain(), "Back")
        self.assertEqual(rule["state"], "other")
        self.assertEqual(
            rule["lines"], [(0, "Only customers who come from: Lost", "", False)]
        )

    def test_a_person_and_his_pin_are_named(self):
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        self._customer_of(self.hormuz).with_user(self.omid).write(
            {"stage_id": self._stage("retain").id, "pin_reason": "Old friend"}
        )
        told = self._explain()
        self.assertEqual(told["cause"], "person")
        self.assertEqual((told["by"], told["reason"]), (self.omid.name, "Old friend"))
        self.assertTrue(told["pinned"])

    def test_a_move_that_waits_is_told_with_its_day(self):
        self._make_rule(
            "select", domain="[('lead_count', '=', 1)]", hold_days=10, sequence=2
        )
        self._make_rule("retain", kind="event", event="quotation", days=2)
        self._make_lead(self.hormuz)
        self._refresh_in(-5)
        order = self._make_order(self.hormuz, confirm=False)
        self._refresh_in(-2)
        order.unlink()
        self._refresh_in(0)
        told = self._explain()
        self.assertEqual(told["stage"], "Retain")
        self.assertEqual(told["held_stage"], "Select")
        self.assertTrue(told["held_until"])

    def test_the_wizard_tells_it_to_who_may_see_the_customer(self):
        self._make_lead(self.hormuz, user_id=self.omid.id)
        self._process()
        customer = self._customer_of(self.hormuz)
        action = customer.with_user(self.omid).action_why()
        why = (
            self.env[action["res_model"]].with_user(self.omid).browse(action["res_id"])
        )
        self.assertIn("Lead with an accountable person", why.explanation)
        self.assertIn("decides", why.explanation)

    def test_the_customers_of_others_are_not_explained(self):
        self._make_lead(self.hormuz, user_id=self.nika.id)
        self._process()
        for user in (self.omid, self.bahar, self.leila, self.portal, self.public):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._explain(user=user)
