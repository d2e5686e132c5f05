"""Each model and each role over XML-RPC, and what a class of information hides."""

import xmlrpc.client

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_lifecycle.tests import test_rpc_access

from . import rpc_factories
from .test_access import MODELS

ACCESS_ERROR = 4
QUIET = mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")


@tagged("post_install", "-at_install")
class TestLoyaltyRpcAccess(test_rpc_access.TestRpcAccess):
    """The cast and the questions are those of crm_lifecycle."""

    rights = MODELS
    factories = rpc_factories

    def _refused(self, who, model, method, *arguments):
        self.assertFalse(self._answers(who, model, method, *arguments), (who, method))

    @QUIET
    def test_nobody_writes_measured_figures(self):
        figures = {
            "abc_class": "a",
            "rfm_segment": "champion",
            "clv": 1e6,
            "churn_band": "low",
            "loyalty_type": "loyal",
            "wallet_share": 1,
            "revenue_rank": 1,
        }
        for who in ("own", "all", "manager"):
            for name, value in figures.items():
                with self.subTest(who=who, field=name):
                    with self.assertRaises(xmlrpc.client.Fault):
                        self._call(
                            who, "crm.customer", "write", self.owned.ids, {name: value}
                        )

    @QUIET
    def test_only_managers_run_policies_and_start_benefits(self):
        policy = self.records["crm.loyalty.policy"]
        benefit = self.records["crm.loyalty.benefit"]
        for who in ("own", "all", "employee", "portal", "stranger"):
            with self.assertRaises(xmlrpc.client.Fault) as caught:
                self._call(who, "crm.loyalty.policy", "action_run", policy.ids)
            self.assertEqual(caught.exception.faultCode, ACCESS_ERROR, who)
            for method in ("action_start", "action_stop", "action_try"):
                self._refused(who, "crm.loyalty.benefit", method, benefit.ids)

    @QUIET
    def test_a_dry_run_is_seen_by_the_person_who_made_it(self):
        wizard = self.records["crm.loyalty.benefit.try"]
        other = self.users["manager"].copy({"login": "rpa_other", "name": "Other"})
        other.password = "rpa_other"
        self.users["other"] = other
        self.env.flush_all()
        read = ("crm.loyalty.benefit.try", "read", wizard.ids, ["benefit_id"])
        self.assertTrue(self._answers("manager", *read))
        self._refused("other", *read)
        self._refused("other", "crm.loyalty.benefit.try", "action_start", wizard.ids)

    def _get_ways(self, name):
        """[(method, arguments)] that ask for a field of customers."""
        own = [["id", "in", self.owned.ids]]
        group = f"{name}:month" if name.endswith("date") else name
        return [
            ("read", [self.owned.ids, [name]]),
            ("web_read", [self.owned.ids, {name: {}}]),
            ("search_read", [own, [name]]),
            ("search_count", [[[name, "!=", False]]]),
            ("search", [own, 0, 1, name]),
            ("read_group", [own, [name], [group]]),
            ("formatted_read_group", [own, [group], ["__count"]]),
            ("web_read_group", [own, [group]]),
            ("export_data", [self.owned.ids, [name]]),
        ]

    @QUIET
    def test_what_is_known_of_competitors_is_refused_on_every_way(self):
        info_class = self.env.ref("crm_lifecycle.crm_info_class_competitors")
        info_class.group_ids = self.env.ref("crm_lifecycle.group_manager")
        export = self.env.ref("base.group_allow_export")
        for who in ("own", "manager"):
            self.users[who].group_ids = [Command.link(export.id)]
        self.env.flush_all()
        for name in (
            "wallet_share",
            "wallet_date",
            "wallet_basis",
            "competitor_share",
            "main_competitor_id",
        ):
            for method, arguments in self._get_ways(name):
                if name.endswith("share") and "group" in method:
                    continue  # amounts are no groups
                with self.subTest(field=name, method=method):
                    self._refused("own", "crm.customer", method, *arguments)
                    call = ("crm.customer", method, *arguments)
                    self.assertTrue(self._answers("manager", *call))
            described = self._call("own", "crm.customer", "fields_get", [name])
            self.assertFalse(described)
        for model in ("crm.competitor", "crm.competitor.purchase"):
            record = self.records[model]
            self.assertFalse(self._sees("own", record))
            self.assertTrue(self._sees("manager", record))
            self._refused("own", model, "read", record.ids, ["id"])
        values = rpc_factories.get_finding_values(self, self.owned)
        self._refused("own", "crm.competitor.purchase", "create", values)
        nested = {"competitor_purchase_ids": {"fields": {"amount": {}}}}
        [row] = self._call("own", "crm.customer", "web_read", self.owned.ids, nested)
        self.assertFalse(row["competitor_purchase_ids"])

    @QUIET
    def test_classes_of_foreign_customers_are_not_told_by_documents(self):
        others = self.others.sudo()
        others.abc_class = "a"
        self.env.flush_all()
        about = ["id", "in", self.partners.ids]
        asked = ["res.partner", "search", [["crm_abc_class", "=", "a"], about]]
        self.assertEqual(self._call("own", *asked), [])
        self.assertEqual(self._call("all", *asked), others.partner_id.ids)
        self.assertEqual(self._call("stranger", *asked), [])
        for who in ("employee", "portal"):
            self._refused(who, *asked)
        group = ["res.partner", "formatted_read_group", [about]]
        for who, expected in (("own", {False: 2}), ("all", {False: 1, "a": 1})):
            rows = self._call(who, *group, ["crm_abc_class"], ["__count"])
            found = {row["crm_abc_class"]: row["__count"] for row in rows}
            self.assertEqual(found, expected)
