from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import LifecycleCommon


class TestSegments(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._make_invoice(self.hormuz, price=500.0)
        self._make_lead(self.caspian)
        self._process()
        self.buyer = self._customer_of(self.hormuz)
        self.prospect = self._customer_of(self.caspian)
        self.Segment = self.env["crm.segment"]

    def _make_segment(self, domain="[('revenue_total', '>', 100)]", **overrides):
        values = {"name": "Large", "domain": domain, "company_id": self.arvand.id}
        return self.Segment.create({**values, **overrides})

    def _make_list(self, customers, **overrides):
        return self._make_segment(
            "[]",
            kind="fixed",
            customer_ids=[Command.set(customers.ids)],
            **overrides,
        )

    def _memberships(self, segment):
        return self.env["crm.segment.membership"].search(
            [("segment_id", "=", segment.id)], order="id"
        )

    # ------------------------------------------------------------------
    # Who belongs
    # ------------------------------------------------------------------
    def test_whoever_matches_belongs_at_once(self):
        segment = self._make_segment()
        self.assertEqual(segment.customer_ids, self.buyer)
        self.assertEqual(self.buyer.segment_ids, segment)
        self.assertEqual(segment.customer_count, 1)
        self.assertEqual(segment.revenue_total, 500.0)

    def test_members_follow_the_documents_shortly_after(self):
        segment = self._make_segment()
        self._make_invoice(self.caspian, price=900.0)
        self._process()
        self.assertEqual(segment.customer_ids, self.buyer | self.prospect)
        self._make_invoice(self.hormuz, price=450.0, move_type="out_refund")
        self._process()
        self.assertEqual(segment.customer_ids, self.prospect)

    def test_members_follow_what_people_write(self):
        segment = self._make_segment(f"[('user_id', '=', {self.omid.id})]")
        self.assertFalse(segment.customer_ids)
        self.prospect.with_user(self.sara).user_id = self.omid
        self._process()
        self.assertEqual(segment.customer_ids, self.prospect)

    def test_members_follow_the_stage(self):
        segment = self._make_segment("[('stage_id.code', '=', 'lost')]")
        self.prospect.stage_id = self._stage("lost")
        self.assertEqual(segment.customer_ids, self.prospect)
        self.prospect.action_unpin()
        self._process()
        self.assertFalse(segment.customer_ids)

    def test_another_condition_means_other_members(self):
        segment = self._make_segment()
        segment.domain = "[('revenue_total', '=', 0)]"
        self.assertEqual(segment.customer_ids, self.prospect)

    def test_archived_customers_do_not_belong(self):
        segment = self._make_segment()
        self.hormuz.active = False
        self._process()
        segment._refresh_members()
        self.assertFalse(segment.with_context(active_test=False).customer_ids)

    def test_who_came_and_went_is_kept_with_dates(self):
        segment = self._make_segment()
        segment.domain = "[('revenue_total', '=', 0)]"
        first, second = self._memberships(segment)
        self.assertEqual(first.customer_id, self.buyer)
        self.assertTrue(first.date_from <= first.date_to)
        self.assertEqual(second.customer_id, self.prospect)
        self.assertFalse(second.date_to)
        self.assertEqual((segment.entered_count, segment.left_count), (2, 1))
        self.assertEqual(segment.trend, 1)

    def test_a_refresh_without_changes_writes_nothing(self):
        segment = self._make_segment() | self._make_list(self.prospect)
        segment._refresh_members()
        segment._take_snapshots()
        tables = ("crm_segment_customer_rel", "crm_segment_membership")
        tables += ("crm_segment_snapshot", "crm_segment")
        before = [self._versions(table) for table in tables]
        self.Segment._cron_refresh()
        self.env.flush_all()
        self.assertEqual([self._versions(table) for table in tables], before)

    def _versions(self, table):
        self.env.cr.execute(f"SELECT ctid::text, xmin::text FROM {table} ORDER BY 1")
        return self.env.cr.fetchall()

    def test_a_refresh_takes_as_many_statements_for_fifty_as_for_five(self):
        self._make_segment("[('lead_count', '>', 0)]")
        counts = []
        for size in (5, 50):
            partners = self.env["res.partner"].create(
                [{"name": f"P{number}"} for number in range(size)]
            )
            for partner in partners:
                self._make_lead(partner)
            self.Customer._apply_facts(partners.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Customer._refresh_segments(partners.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_many_segments_are_moved_by_one_statement(self):
        segments = self.Segment
        for number in range(6):
            segments |= self._make_segment(f"[('revenue_total', '>', {number})]")
        self.env.flush_all()

        def count(some):
            some._refresh_members()
            before = self.env.cr.sql_log_count
            some._refresh_members()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(segments[:1]), count(segments))

    # ------------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------------
    def test_only_fixed_values_and_allowed_fields_make_a_condition(self):
        for domain in (
            "[('user_id.password', '=', 'x')]",
            "[('note', 'ilike', 'x')]",
            "[('segment_ids', '!=', False)]",
            "[('revenue_total', 'any', [])]",
            "[('partner_id', '=', uid)]",
            "__import__('os')",
            "[('profile.unknown', '=', 'x')]",
            "[('first_order_date', '<', 'tomorrowish')]",
        ):
            with self.assertRaises(ValidationError, msg=domain):
                self._make_segment(domain)

    def test_a_condition_is_counted_before_it_is_saved(self):
        segment = self.Segment.new(
            {"name": "New", "domain": "[('revenue_total', '>', 100)]"}
        )
        self.assertEqual(segment.match_count, 1)
        segment.domain = "[('note', '=', 1)]"
        self.assertIn("note", segment.match_problem)

    def test_a_broken_condition_keeps_the_members_and_says_so(self):
        self.arvand.customer_profile_definition = [
            {"name": "style", "string": "Style", "type": "char"}
        ]
        self.buyer.profile = {"style": "fast"}
        segment = self._make_segment("[('profile.style', '=', 'fast')]")
        self.assertEqual(segment.customer_ids, self.buyer)
        self.arvand.customer_profile_definition = []
        self.Segment._cron_refresh()
        self.assertEqual(segment.customer_ids, self.buyer)
        self.assertIn("profile.style", segment.problem)
        segment.domain = "[]"
        self.assertFalse(segment.problem)

    def test_rules_may_ask_for_segments(self):
        segment = self._make_list(self.prospect)
        self.env["crm.lifecycle.rule"].search([]).active = False
        self.env["crm.lifecycle.rule"].create(
            {
                "name": "On the list",
                "domain": f"[('segment_ids', 'in', [{segment.id}])]",
                "stage_id": self._stage("select").id,
            }
        )
        self.Customer._refresh(self.caspian.ids)
        self.env.invalidate_all()
        self.assertEqual(self.prospect.stage_id.code, "select")

    def test_a_segment_and_a_rule_that_ask_for_each_other_come_to_rest(self):
        segment = self._make_segment("[('stage_id.code', '!=', 'lost')]")
        self.env["crm.lifecycle.rule"].search([]).active = False
        self.env["crm.lifecycle.rule"].create(
            {
                "name": "Contradiction",
                "domain": f"[('segment_ids', 'in', [{segment.id}])]",
                "stage_id": self._stage("lost").id,
            }
        )
        self.Customer._refresh(self.caspian.ids)
        self._process()
        self.assertFalse(self.env["crm.customer.event"].search_count([]))

    # ------------------------------------------------------------------
    # Lists, people, companies
    # ------------------------------------------------------------------
    def test_a_list_holds_whom_people_put_there(self):
        segment = self._make_list(self.buyer)
        segment.customer_ids = self.prospect
        self.assertEqual(
            [(m.customer_id, bool(m.date_to)) for m in self._memberships(segment)],
            [(self.buyer, True), (self.prospect, False)],
        )

    def test_members_of_a_condition_cannot_be_typed_in(self):
        segment = self._make_segment().with_user(self.sara)
        with self.assertRaises(UserError):
            segment.write({"customer_ids": [Command.link(self.prospect.id)]})
        with self.assertRaises(UserError):
            self.Segment.create(
                {"name": "X", "customer_ids": [Command.link(self.prospect.id)]}
            )
        with self.assertRaises(AccessError):
            self.prospect.with_user(self.sara).write(
                {"segment_ids": [Command.link(segment.id)]}
            )
        with self.assertRaises(UserError):
            segment.write({"problem": False})

    def test_another_companys_customer_is_refused(self):
        self._make_lead(self.hormuz, company_id=self.bahar_company.id)
        self._process()
        there = self._customer_of(self.hormuz, self.bahar_company)
        with self.assertRaises(ValidationError):
            self._make_list(there)
        segment = self._make_segment("[('lead_count', '>', 0)]")
        self.assertNotIn(there, segment.customer_ids)
        self.assertIn(self.prospect, segment.customer_ids)
        with self.assertRaises(ValidationError):
            self._make_list(self.buyer).company_id = self.bahar_company

    def test_another_companys_manager_sees_nothing_of_it(self):
        segment = self._make_segment()
        segment._take_snapshots()
        for model in (segment, self._memberships(segment), segment.snapshot_ids):
            self.assertTrue(model)
            there = {"allowed_company_ids": self.bahar_company.ids}
            with self.assertRaises(AccessError):
                model.with_user(self.bahar).with_context(**there).read(["company_id"])
            seen = model.with_user(self.bahar).with_context(**there).search([])
            self.assertFalse(seen & model)

    def test_people_change_the_segments_they_own(self):
        mine = self._make_list(self.prospect, owner_id=self.omid.id)
        others = self._make_list(self.prospect, owner_id=self.sara.id)
        mine.with_user(self.omid).name = "Mine"
        self.assertEqual(others.with_user(self.omid).name, "Large")
        with self.assertRaises(AccessError):
            others.with_user(self.omid).name = "Mine, too"
        others.with_user(self.sara).name = "Ours"

    def test_a_salesperson_counts_only_customers_he_may_see(self):
        self.buyer.user_id = self.nika
        self.prospect.user_id = self.omid
        segment = self._make_segment("[]")
        segment._take_snapshots()
        self.env.invalidate_all()
        seen = segment.with_user(self.omid)
        self.assertEqual(seen.customer_count, 1)
        self.assertEqual(seen.entered_count, 1)
        self.assertEqual(seen._get_customers(), self.prospect)
        self.assertFalse(seen.snapshot_ids)
        self.env.invalidate_all()
        self.assertEqual(segment.with_user(self.nika).customer_count, 2)
        self.assertTrue(segment.with_user(self.nika).snapshot_ids)

    def test_customers_are_put_on_a_list_old_or_new(self):
        wizard = self.env["crm.segment.add"].with_user(self.omid)
        action = wizard.create(
            {"customer_ids": [Command.set(self.prospect.ids)], "name": "Factory day"}
        ).action_add()
        segment = self.Segment.browse(action["res_id"])
        self.assertEqual((segment.kind, segment.owner_id), ("fixed", self.omid))
        wizard.create(
            {"customer_ids": [Command.set(self.buyer.ids)], "segment_id": segment.id}
        ).action_add()
        self.assertEqual(segment.customer_ids, self.buyer | self.prospect)
        with self.assertRaises(UserError):
            wizard.create({"customer_ids": [Command.set(self.buyer.ids)]}).action_add()

    def test_the_owner_works_in_the_company(self):
        with self.assertRaises(ValidationError):
            self._make_segment(owner_id=self.bahar.id)

    # ------------------------------------------------------------------
    # Over time, merging, mailing
    # ------------------------------------------------------------------
    def test_one_snapshot_a_day_holds_size_value_and_changes(self):
        segment = self._make_segment()
        segment.action_refresh()
        snapshot = segment.snapshot_ids
        self.assertEqual(len(snapshot), 1)
        self.assertEqual((snapshot.customer_count, snapshot.revenue_total), (1, 500.0))
        self.assertEqual((snapshot.entered_count, snapshot.left_count), (1, 0))
        segment.domain = "[]"
        segment.action_refresh()
        self.assertEqual(segment.snapshot_ids, snapshot)
        self.assertEqual((snapshot.customer_count, snapshot.entered_count), (2, 2))

    def test_snapshots_count_who_came_since_the_last_one(self):
        segment = self._make_segment()
        segment._take_snapshots()
        segment.snapshot_ids.sudo().date = self._days_ago(1)
        self._memberships(segment).sudo().date_from = self._days_ago(1)
        self.env.flush_all()
        segment.domain = "[('revenue_total', '=', 0)]"
        segment._take_snapshots()
        today = segment.snapshot_ids[0]
        self.assertEqual(len(segment.snapshot_ids), 2)
        self.assertEqual((today.entered_count, today.left_count), (1, 1))

    def test_old_snapshots_are_thinned_to_one_a_month(self):
        segment = self._make_segment()
        Snapshot = self.env["crm.segment.snapshot"]
        for day, came in (("2025-01-10", 3), ("2025-01-20", 4), ("2025-02-01", 1)):
            Snapshot.create(
                {
                    "segment_id": segment.id,
                    "company_id": self.arvand.id,
                    "date": day,
                    "entered_count": came,
                }
            )
        Snapshot._gc_snapshots()
        rows = Snapshot.search([("segment_id", "=", segment.id)], order="date")
        self.assertEqual(
            [(str(row.date), row.entered_count) for row in rows],
            [("2025-01-20", 7), ("2025-02-01", 1)],
        )

    def test_merged_customers_keep_their_memberships(self):
        both = self._make_segment("[]")
        own = self._make_list(self.prospect, name="Own")
        ended = self._make_list(self.prospect, name="Ended")
        ended.customer_ids = False
        start = min(self._memberships(both).mapped("date_from"))
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.hormuz | self.caspian).ids, self.hormuz)
        self._process()
        self.assertFalse(self.prospect.exists())
        self.assertEqual(self.buyer.segment_ids, both | own)
        membership = self._memberships(both)
        self.assertEqual(membership.customer_id, self.buyer)
        self.assertEqual((membership.date_from, membership.date_to), (start, False))
        self.assertEqual(self._memberships(own).customer_id, self.buyer)
        self.assertTrue(self._memberships(ended).date_to)

    def test_a_mailing_goes_to_the_members(self):
        segment = self._make_segment()
        context = segment._prepare_mailing_context()
        self.assertIn("segment_ids", context["default_mailing_domain"])
        if "mailing.mailing" not in self.env:
            self.assertFalse(segment.can_mail)
            with self.assertRaises(UserError):
                segment.action_write_to_members()
            return
        mailing = self.env["mailing.mailing"].with_context(**context).create({})
        self.assertEqual(mailing.mailing_model_real, "crm.customer")
        self.assertEqual(mailing._get_recipients(), self.buyer.ids)


class TestProfile(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz)
        self._make_lead(self.caspian)
        self._process()
        self.customer = self._customer_of(self.hormuz)
        self.definition = [
            {
                "name": "innovation",
                "string": "Attitude to innovation",
                "type": "selection",
                "selection": [["early", "Early"], ["late", "Late"]],
            },
            {"name": "price", "string": "Looks at the price", "type": "boolean"},
            {"name": "sites", "string": "Sites", "type": "integer"},
        ]
        self.arvand.customer_profile_definition = self.definition

    def test_attributes_of_the_profile_make_segments(self):
        self.customer.with_user(self.sara).profile = {
            "innovation": "early",
            "price": True,
            "sites": 4,
        }
        self._process()
        for domain in (
            "[('profile.innovation', '=', 'early')]",
            "[('profile.innovation', 'in', ['early', 'late'])]",
            "[('profile.price', '=', True)]",
            "[('profile.sites', '>', 3)]",
        ):
            segment = self.env["crm.segment"].create(
                {"name": domain, "domain": domain, "company_id": self.arvand.id}
            )
            self.assertEqual(segment.customer_ids, self.customer, domain)

    def test_a_changed_attribute_changes_the_segment_shortly_after(self):
        segment = self.env["crm.segment"].create(
            {
                "name": "Early",
                "domain": "[('profile.innovation', '=', 'early')]",
                "company_id": self.arvand.id,
            }
        )
        self.customer.profile = {"innovation": "early"}
        self._process()
        self.assertEqual(segment.customer_ids, self.customer)
        self.customer.profile = {"innovation": "late"}
        self._process()
        self.assertFalse(segment.customer_ids)

    def test_the_profile_filters_and_groups_customers(self):
        self.customer.profile = {"innovation": "early"}
        self.env.flush_all()
        here = [("company_id", "=", self.arvand.id)]
        found = self.Customer.search([*here, ("profile.innovation", "=", "early")])
        self.assertEqual(found, self.customer)
        groups = self.Customer.formatted_read_group(
            here, ["profile.innovation"], ["__count"]
        )
        counts = {group["profile.innovation"]: group["__count"] for group in groups}
        self.assertEqual(counts, {"early": 1, False: 1})

    def test_managers_define_the_profile_and_nothing_else_of_the_company(self):
        company = self.arvand.with_user(self.sara)
        company.customer_profile_definition = self.definition[:1]
        with self.assertRaises(AccessError):
            company.name = "Mine"
        for user in (self.omid, self.leila, self.bahar):
            arvand = self.arvand.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            with self.assertRaises(AccessError):
                arvand.write({"customer_profile_definition": []})

    def test_a_new_attribute_comes_with_the_customer_that_got_it(self):
        """What the web client sends when a manager edits the properties."""
        attributes = self.customer.with_user(self.sara).read(["profile"])[0]["profile"]
        new = {
            "name": "aabbccdd00112233",
            "string": "Decides",
            "type": "char",
            "value": "alone",
            "definition_changed": True,
        }
        with self.assertRaises(AccessError):
            self.customer.with_user(self.omid).write({"profile": [*attributes, new]})
        new["definition_changed"] = True
        self.customer.with_user(self.sara).write({"profile": [*attributes, new]})
        names = [a["name"] for a in self.arvand.customer_profile_definition]
        self.assertEqual(len(names), 4)

    def test_another_companys_attributes_are_refused(self):
        with self.assertRaises(ValidationError):
            self.env["crm.segment"].create(
                {
                    "name": "Theirs",
                    "domain": "[('profile.sites', '>', 1)]",
                    "company_id": self.bahar_company.id,
                    "owner_id": self.bahar.id,
                }
            )
