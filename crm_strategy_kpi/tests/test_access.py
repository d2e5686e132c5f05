from xmlrpc.client import Fault

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import StrategyCommon

MODELS = (
    "crm.strategy",
    "crm.strategy.objective",
    "crm.kpi",
    "crm.kpi.target",
    "crm.kpi.value",
)


@tagged("post_install", "-at_install")
class TestAccess(StrategyCommon, HttpCase):
    """Who may do what, asked over the external API as a script would."""

    def setUp(self):
        super().setUp()
        self.strategy = self._strategy()
        self.draft = self._strategy(state="draft")
        self._target(self.revenue, "2023-03-01", 1.0)
        self._measure(self.revenue, "2023-03-01", "2023-03-31")
        self.value = self._values(self.revenue)

    def test_an_executive_reads_and_writes_all_but_figures(self):
        for user in (self.executive, self.manager):
            for model in MODELS:
                self.assertTrue(self._ids(user, model), (user.login, model))
            self._rpc(user, "crm.kpi", "write", self.revenue.ids, {"name": "Mine"})
            self._rpc(user, "crm.strategy", "action_start", self.draft.ids)
            self._rpc(
                user, "crm.kpi", "action_measure", self.revenue.ids, "2023-01-01", False
            )

    def test_figures_are_never_typed_in(self):
        self._refused(
            self.executive, "crm.kpi.value", "write", self.value.ids, {"value": 9.0}
        )
        self._refused(self.executive, "crm.kpi.value", "unlink", self.value.ids)
        cell = {
            "kpi_id": self.revenue.id,
            "company_id": self.north.id,
            "period_start": "2023-05-01",
            "period_end": "2023-05-31",
            "state": "measured",
        }
        self._refused(self.executive, "crm.kpi.value", "create", cell)

    def test_a_salesperson_reads_the_running_strategy_and_own_figures(self):
        user = self.salesperson
        self.assertIn(self.strategy.id, self._ids(user, "crm.strategy"))
        self.assertNotIn(self.draft.id, self._ids(user, "crm.strategy"))
        self.assertNotIn(
            self.draft.objective_ids.id, self._ids(user, "crm.strategy.objective")
        )
        self.assertTrue(self._ids(user, "crm.kpi.target"))
        self.assertFalse(self._ids(user, "crm.kpi.value"))
        own = self._person_value(user)
        self._person_value(self.leader)
        self.assertEqual(self._ids(user, "crm.kpi.value"), own.ids)

    def test_a_leader_reads_the_figures_of_the_team(self):
        team = self._person_value(self.env["res.users"], self.team)
        member = self._person_value(self.salesperson, self.team)
        self._person_value(self.manager)
        self.assertEqual(
            set(self._ids(self.leader, "crm.kpi.value")), {team.id, member.id}
        )

    def test_a_salesperson_changes_and_measures_nothing(self):
        user = self.salesperson
        self._refused(user, "crm.kpi", "write", self.revenue.ids, {"name": "Mine"})
        self._refused(user, "crm.kpi", "action_measure", self.revenue.ids)
        self._refused(user, "crm.strategy", "action_measure", self.strategy.ids)
        self._refused(user, "crm.strategy", "write", self.strategy.ids, {"name": "X"})
        self._refused(user, "crm.kpi.value", "action_drill_down", self.value.ids)
        target = {"kpi_id": self.revenue.id, "period_start": "2023-01-01", "target": 1}
        self._refused(user, "crm.kpi.target", "create", target)

    def test_employee_and_portal_read_nothing(self):
        for user in (self.employee, self.portal):
            for model in MODELS:
                self._refused(user, model, "search", [])
            self._refused(user, "crm.kpi", "action_measure", self.revenue.ids)
            self._refused(user, "crm.kpi.value", "read", self.value.ids)

    def test_the_public_reads_nothing(self):
        for model in MODELS:
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.public).search([])
        with self.assertRaises(AccessError):
            self.revenue.with_user(self.public).action_measure()

    def _person_value(self, user, team=None):
        """Store one figure of a person or team, as the engine will write it."""
        return self.env["crm.kpi.value"].create(
            {
                "kpi_id": self.revenue.id,
                "company_id": self.north.id,
                "team_id": team.id if team else False,
                "user_id": user.id,
                "period_start": "2023-03-01",
                "period_end": "2023-03-31",
                "state": "measured",
            }
        )

    def _ids(self, user, model):
        return self._rpc(user, model, "search", [])

    def _refused(self, user, *call):
        with self.assertRaises(Fault), mute_logger("odoo.http"):
            self._rpc(user, *call)

    @mute_logger("odoo.addons.rpc.controllers.xmlrpc")  # "removed in Odoo 20"
    def _rpc(self, user, model, method, *args):
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname, user.id, user.login, model, method, list(args)
        )
