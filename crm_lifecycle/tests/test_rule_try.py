from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import SQL

from .test_rule_kinds import RuleCase


class TestRuleTry(RuleCase):
    """A rule is tried without moving anybody, then switched on."""

    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian, type="opportunity")
        self._process()
        self.rule = self._make_rule(domain="[('lead_count', '=', 1)]", active=False)

    def _try(self, rule=None, user=None):
        rule = (rule or self.rule).with_user(user or self.sara)
        action = rule.action_try()
        return rule.env[action["res_model"]].browse(action["res_id"])

    def _count(self, trial):
        return {
            (line.from_stage_id.code, line.to_stage_id.code): line.count
            for line in trial.line_ids
        }

    def _versions(self):
        self.env.flush_all()
        return self.env.execute_query(
            SQL("SELECT id, xmin, stage_id FROM crm_customer ORDER BY id")
        )

    def test_a_trial_counts_and_lists_whom_the_rule_would_move(self):
        before = self._versions()
        trial = self._try()
        self.assertEqual(trial.moved_count, 2)
        self.assertEqual(
            self._count(trial), {("identify", "retain"): 1, ("acquire", "retain"): 1}
        )
        self.assertEqual(trial.customer_ids.partner_id, self.hormuz | self.caspian)
        self.assertEqual(self._versions(), before)

    def test_a_trial_promises_what_switching_on_does(self):
        promised = self._try().customer_ids
        self.rule.with_user(self.sara).action_switch_on()
        moved = self.Customer.sudo()._apply_rules()
        self.assertEqual(moved, promised)
        self.assertEqual(self.rule.here_count, 2)

    def test_pinned_customers_stay_and_are_named(self):
        customer = self._customer_of(self.hormuz)
        customer.stage_id = self._stage("develop")
        trial = self._try()
        self.assertEqual((trial.moved_count, trial.pinned_count), (1, 1))
        self.assertEqual(trial.pinned_ids, customer)

    def test_a_rule_below_others_moves_only_whom_they_leave(self):
        self.rule.sequence = 99
        trial = self._try()
        self.assertEqual(self._count(trial), {("identify", "retain"): 1})

    def test_a_draft_is_tried_instead_of_the_rule_that_it_replaces(self):
        self.rule.action_switch_on()
        self.Customer.sudo()._apply_rules()
        action = self.rule.with_user(self.sara).action_draft_change()
        draft = self.rule.browse(action["res_id"])
        self.assertFalse(draft.active)
        draft.domain = "[('lead_count', '=', 1), ('qualified_lead_count', '=', 1)]"
        self.assertEqual(self._count(self._try(draft)), {("retain", "identify"): 1})
        draft.action_switch_on()
        self.assertFalse(self.rule.active)
        self.assertEqual(self.rule.sequence, draft.sequence)

    def test_the_first_rule_of_a_companys_own_is_warned_of(self):
        self.rule.company_id = self.arvand
        trial = self._try()
        self.assertTrue(trial.is_first_own)

    def test_the_present_company_gets_a_copy_of_the_shared_rules(self):
        Rule = self.env["crm.lifecycle.rule"].with_user(self.sara)
        shared = Rule.search([("company_id", "=", False)])
        Rule.action_copy_shared()
        own = Rule.search([("company_id", "=", self.arvand.id)])
        self.assertEqual(own.mapped("name"), shared.mapped("name"))
        self.assertEqual(own.mapped("sequence"), shared.mapped("sequence"))
        self.assertFalse(self.Customer.sudo()._apply_rules())
        with self.assertRaises(UserError):
            Rule.action_copy_shared()

    def test_a_rule_made_on_the_screen_starts_switched_off(self):
        action = self.env.ref("crm_lifecycle.crm_lifecycle_rule_action")
        context = {"default_active": False}
        self.assertIn("'default_active': False", action.context)
        form = Form(self.env["crm.lifecycle.rule"].with_context(**context))
        form.name = "New"
        form.stage_id = self._stage("retain")
        self.assertFalse(form.save().active)

    def test_only_managers_try_and_only_their_own_companies(self):
        for user in (self.omid, self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self._try(user=user)
        bahar = self.rule.with_user(self.bahar).with_context(
            allowed_company_ids=self.bahar_company.ids
        )
        action = bahar.action_try()
        trial = bahar.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(trial.moved_count, 0)
