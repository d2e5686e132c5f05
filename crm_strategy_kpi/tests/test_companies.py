from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import StrategyCommon


@tagged("post_install", "-at_install")
class TestCompanies(StrategyCommon):
    with_accounts = True

    def test_companies_are_measured_and_seen_apart(self):
        self._invoice("2023-03-05", 100.0)
        self._invoice("2023-03-05", 7.0, self.south)
        self._measure(self.revenue, "2023-03-01", "2023-03-31", self.north + self.south)
        self.assertEqual(self._seen_by(self.executive), [100.0])
        self.assertEqual(self._seen_by(self.stranger), [7.0])

    def test_the_caller_measures_the_chosen_companies_only(self):
        self.revenue.with_user(self.stranger).action_measure("2023-03-01", "2023-03-31")
        self.assertFalse(self._values(self.revenue))
        self.assertEqual(len(self._values(self.revenue, self.south)), 1)

    def test_strategies_objectives_targets_and_kpis_stay_at_home(self):
        kpi = self._kpi("TEST_NORTH", company_id=self.north.id)
        strategy = self._strategy(kpis=kpi)
        target = self._target(kpi, "2023-03-01", 1.0)
        for record in (kpi, strategy, strategy.objective_ids, target):
            record.with_user(self.executive).check_access("write")
            with self.assertRaises(AccessError):
                record.with_user(self.stranger).check_access("read")

    def test_a_company_counts_its_branches(self):
        branch = self.env["res.company"].create(
            {"name": "North Branch", "parent_id": self.north.id}
        )
        self.env.user.company_ids = [Command.link(branch.id)]
        self.env.cr.precommit.run()  # gives the branch its accounts
        self._invoice("2023-03-05", 100.0)
        self._invoice("2023-03-06", 11.0, branch)
        self._measure(self.revenue, "2023-03-01", "2023-03-31", self.north + branch)
        self.assertEqual(self._values(self.revenue).value, 111.0)
        self.assertEqual(self._values(self.revenue, branch).value, 11.0)

    def _seen_by(self, user):
        values = self.env["crm.kpi.value"].with_user(user)
        return values.search([("kpi_id", "=", self.revenue.id)]).mapped("value")
