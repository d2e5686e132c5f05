from odoo.exceptions import UserError, ValidationError

from .common import LifecycleCommon


class TestRootCompany(LifecycleCommon):
    """What branches share belongs to their root company."""

    def test_a_branch_has_no_definitions_of_its_own(self):
        branch = self.env["res.company"].create(
            {"name": "Arvand South", "parent_id": self.arvand.id}
        )
        self.env.user.company_ids |= branch
        stage = self._stage("select")
        for model, values in (
            ("crm.segment", {"name": "X"}),
            ("crm.process", {"name": "X", "owner_id": self.omid.id}),
            ("crm.lifecycle.rule", {"name": "X", "stage_id": stage.id}),
            ("crm.quality.policy", {"name": "X"}),
            ("crm.customer.group", {"name": "X"}),
        ):
            with self.subTest(model):
                with self.assertRaisesRegex(ValidationError, "set Arvand"):
                    self.env[model].create({**values, "company_id": branch.id})
                record = self.env[model].create(
                    {**values, "company_id": self.arvand.id}
                )
                with self.assertRaises(UserError):
                    record.company_id = branch

    def test_what_is_judged_by_is_judged_again_when_it_changes(self):
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("crm_lifecycle.ir_cron_refresh")

        def count():
            return triggers.search_count([("cron_id", "=", cron.id)])

        policy = self.env.ref("crm_lifecycle.crm_quality_policy_default")
        rule = policy.rule_ids[:1]
        stage_rule = self.env["crm.lifecycle.rule"].search([], limit=1)
        for record, loud, quiet in (
            (policy, {"freshness_weight": 31}, {"name": "Policy"}),
            (rule, {"weight": 9}, {"sequence": 99}),
            (stage_rule, {"hold_days": 15}, {"description": "Why"}),
        ):
            with self.subTest(record._name):
                before = count()
                record.write(quiet)
                self.assertEqual(count(), before)
                record.write(loud)
                self.assertGreater(count(), before)
