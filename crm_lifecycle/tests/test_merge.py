from .common import LifecycleCommon


class TestMerge(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._make_lead(self.hormuz)
        self._process()
        self._make_lead(self.caspian)
        self._process()
        self._make_lead(self.hormuz, type="opportunity")
        self._process()
        self._pay(self._bill(self._make_order(self.caspian)))
        self._process()
        self.kept = self._customer_of(self.hormuz)
        self.merged = self._customer_of(self.caspian)

    def _merge(self, sources, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((sources | target).ids, target)
        self._process()

    def test_histories_are_interleaved_and_facts_added_up(self):
        intervals = self.kept.history_ids | self.merged.history_ids
        self.assertEqual(len(intervals), 4)
        starts = {interval.id: interval.date_from for interval in intervals}
        self._merge(self.caspian, self.hormuz)
        self.assertEqual(
            self.kept.history_ids,
            intervals.exists().sorted(lambda h: (h.date_from, h.id), reverse=True),
        )
        self.assertEqual({h.id: h.date_from for h in self.kept.history_ids}, starts)
        history = self.kept.history_ids.sorted("date_from")
        for before, after in zip(history, history[1:], strict=False):
            self.assertEqual(before.date_to, after.date_from)
        self.assertFalse(history[-1].date_to)
        self.assertEqual(history[-1].stage_id, self.kept.stage_id)
        self.assertEqual(self.kept.stage_id.code, "develop")
        self.assertEqual(self.kept.lead_count, 3)
        self.assertEqual(self.kept.paid_order_count, 1)
        self.assertFalse(self.merged.exists())

    def test_the_log_keeps_what_the_merged_was(self):
        merged_id, stages = self.merged.id, len(self.merged.history_ids)
        self._merge(self.caspian, self.hormuz)
        log = self.env["crm.customer.merge.log"].search(
            [("customer_id", "=", self.kept.id)]
        )
        self.assertEqual(log.merged_customer, merged_id)
        self.assertEqual(log.merged_name, "Caspian")
        self.assertEqual(log.cause, "merge")
        self.assertEqual(log.snapshot["values"]["paid_order_count"], 1)
        self.assertEqual(len(log.snapshot["stages"]), stages)

    def test_messages_activities_and_people_are_kept(self):
        self.merged.user_id = self.omid
        message = self.merged.message_post(body="Promised a discount")
        activity = self.merged.activity_schedule(summary="Call", user_id=self.omid.id)
        self._merge(self.caspian, self.hormuz)
        self.assertIn(message, self.kept.message_ids)
        self.assertIn(activity, self.kept.activity_ids)
        self.assertEqual(self.kept.user_id, self.omid)

    def test_a_pin_survives(self):
        self.merged.write({"stage_id": self._stage("lost").id, "pin_reason": "Broke"})
        self._merge(self.caspian, self.hormuz)
        self.assertTrue(self.kept.stage_pinned)
        self.assertEqual(self.kept.stage_id.code, "lost")
        self.assertEqual(self.kept.pin_reason, "Broke")

    def test_without_a_customer_there_the_row_moves(self):
        target = self.env["res.partner"].create({"name": "New", "is_company": True})
        self._merge(self.caspian, target)
        self.assertEqual(self._customer_of(target), self.merged)
        self.assertEqual(self.merged.paid_order_count, 1)

    def test_three_into_one_in_two_companies(self):
        third = self.env["res.partner"].create({"name": "Third", "is_company": True})
        for partner in (self.caspian, third):
            self._make_lead(partner, company_id=self.bahar_company.id)
        self._process()
        self._merge(self.caspian | third, self.hormuz)
        self.assertEqual(len(self.kept.history_ids), 4)
        there = self._customer_of(self.hormuz, self.bahar_company)
        self.assertEqual(there.lead_count, 2)
        # both entered at one moment: one stays, the log keeps the other
        self.assertEqual(len(there.history_ids), 1)
        logs = self.env["crm.customer.merge.log"].search(
            [("customer_id", "=", there.id)]
        )
        self.assertEqual([len(log.snapshot["stages"]) for log in logs], [1, 1])

    def test_a_contact_that_gets_a_parent_gives_his_customer_to_it(self):
        intervals = len(self.kept.history_ids | self.merged.history_ids)
        self.caspian.write({"is_company": False, "parent_id": self.hormuz.id})
        self._process()
        self.assertFalse(self.merged.exists())
        self.assertEqual(len(self.kept.history_ids), intervals)
        self.assertEqual(self.kept.lead_count, 3)
        self.assertEqual(self.kept.revenue_total, 100.0)
        self.assertEqual(self.kept.stage_id.code, "develop")
        log = self.env["crm.customer.merge.log"].search(
            [("customer_id", "=", self.kept.id)]
        )
        self.assertEqual(log.cause, "parent")

    def test_the_customer_moves_with_him_where_the_parent_has_none(self):
        parent = self.env["res.partner"].create({"name": "Group", "is_company": True})
        self.caspian.write({"is_company": False, "parent_id": parent.id})
        self._process()
        self.assertEqual(self._customer_of(parent), self.merged)
        self.assertEqual(self.merged.revenue_total, 100.0)

    def test_who_leaves_his_company_takes_his_leads_and_the_company_keeps_its_invoices(
        self,
    ):
        self._make_lead(self.reza)
        self._make_invoice(self.reza)
        self._process()
        self.assertEqual(self.kept.lead_count, 3)
        self.reza.parent_id = False
        self._process()
        self.assertEqual(self.kept.lead_count, 2)
        self.assertEqual(self.kept.revenue_total, 100.0)
        own = self._customer_of(self.reza)
        self.assertEqual((own.lead_count, own.revenue_total), (1, 0.0))

    def test_the_nightly_pass_finds_moves_that_nobody_told_of(self):
        self.caspian.write({"is_company": False, "parent_id": self.hormuz.id})
        self.env.flush_all()
        self.env.cr.precommit.data.clear()
        self.Customer._refresh_all()
        self.env.invalidate_all()
        self.assertFalse(self.merged.exists())
        self.assertEqual(self.kept.lead_count, 3)

    def test_deleting_a_contact_deletes_its_customer_and_his_messages(self):
        partner = self.env["res.partner"].create({"name": "Brief"})
        customer = self.Customer.create({"partner_id": partner.id})
        message = customer.message_post(body="Hello")
        partner.unlink()
        self.assertFalse(customer.exists())
        self.assertFalse(message.exists())
