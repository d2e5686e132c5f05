from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .common import LifecycleCommon


class TestCustomerGroups(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self.Group = self.env["crm.customer.group"]
        for partner, price in ((self.hormuz, 100.0), (self.caspian, 250.0)):
            self._bill(self._make_order(partner, price=price))
        self._process()
        self.first = self._customer_of(self.hormuz)
        self.second = self._customer_of(self.caspian)
        self.holding = self.Group.create({"name": "Gulf Holding"})
        self.division = self.Group.create(
            {"name": "Water", "parent_id": self.holding.id}
        )

    def test_a_group_adds_up_its_members_and_those_of_its_divisions(self):
        self.first.group_id = self.holding
        self.second.group_id = self.division
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.holding.member_count, 2)
        self.assertEqual(self.holding.revenue_total, 350.0)
        self.assertEqual(self.holding.balance_due, 350.0)
        self.assertEqual(self.holding.order_count, 2)
        self.assertEqual(self.division.revenue_total, 250.0)
        self.assertEqual(self.division.display_name, "Gulf Holding / Water")

    def test_the_totals_are_those_the_reader_may_see(self):
        (self.first | self.second).group_id = self.holding
        self.first.user_id = self.omid
        self.second.user_id = self.nika
        self.env.flush_all()
        self.assertEqual(self.holding.with_user(self.omid).revenue_total, 100.0)
        self.assertEqual(self.holding.with_user(self.nika).revenue_total, 350.0)

    def test_customers_are_filtered_and_grouped_by_their_group(self):
        self.first.group_id = self.division
        action = self.holding.action_view_customers()
        self.assertEqual(self.Customer.search(action["domain"]), self.first)
        groups = dict(
            self.Customer._read_group(
                [("id", "in", (self.first | self.second).ids)],
                ["group_id"],
                ["revenue_total:sum"],
            )
        )
        self.assertEqual(groups[self.division], 100.0)

    def test_a_group_cannot_be_part_of_itself(self):
        with self.assertRaises(UserError):
            self.holding.parent_id = self.division
            self.env.flush_all()

    def test_a_group_belongs_to_one_company(self):
        theirs = self.Group.create(
            {"name": "Theirs", "company_id": self.bahar_company.id}
        )
        with self.assertRaises(ValidationError):
            self.first.group_id = theirs
        with self.assertRaises(ValidationError):
            theirs.parent_id = self.holding
        self.assertNotIn(theirs, self.Group.with_user(self.sara).search([]))

    def test_branches_share_the_groups_of_their_company(self):
        branch = self.env["res.company"].create(
            {"name": "Arvand South", "parent_id": self.arvand.id}
        )
        with self.assertRaises(ValidationError):
            self.Group.create({"name": "South", "company_id": branch.id})
        ziba = self._make_user(
            "le_ziba", branch, "sales_team.group_sale_salesman_all_leads"
        )
        as_ziba = self.Group.with_user(ziba).with_context(
            allowed_company_ids=branch.ids
        )
        self.assertIn(self.holding, as_ziba.search([]))
        with self.assertRaises(ValidationError):
            self.env["crm.quality.policy"].create(
                {"name": "South", "company_id": branch.id}
            )

    def test_a_group_whose_divisions_are_there_is_not_deleted(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.holding.unlink()

    def test_merged_customers_keep_the_group(self):
        self.second.group_id = self.division
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.hormuz | self.caspian).ids, self.hormuz)
        self.assertEqual(self.first.group_id, self.division)

    def test_salespeople_read_groups_and_stewards_write_them(self):
        with self.assertRaises(AccessError):
            self.holding.with_user(self.omid).name = "Mine"
        self.holding.with_user(self.sara).name = "Renamed"
        self.assertEqual(self.holding.with_user(self.omid).name, "Renamed")

    def test_totals_cost_the_same_for_one_group_and_for_many(self):
        groups = self.Group.create([{"name": f"G{number}"} for number in range(10)])
        costs = []
        for some in (groups[:1], groups):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(["revenue_total"])
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*costs)
