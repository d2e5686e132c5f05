from .common import LifecycleCommon


class TestMoving(LifecycleCommon):
    """Contacts who are archived, go to another company, or leave theirs."""

    def setUp(self):
        super().setUp()
        for partner in (self.hormuz, self.caspian):
            self._make_lead(partner)
        self._process()
        self.first = self._customer_of(self.hormuz)
        self.second = self._customer_of(self.caspian)

    def _call(self, partner):
        return self.env["crm.interaction"].create(
            {
                "name": "Call",
                "partner_id": partner.id,
                "channel_id": self.env.ref("crm_lifecycle.crm_channel_phone").id,
            }
        )

    def test_archiving_a_contact_archives_the_customer_and_keeps_everything(self):
        call = self._call(self.hormuz)
        stages = self.first.history_ids
        self.hormuz.active = False
        self._process()
        self.assertFalse(self.first.active)
        self.assertNotIn(self.first, self.Customer.search([]))
        self.assertEqual(self.first.history_ids, stages)
        self.assertEqual(call.customer_id, self.first)
        self.assertEqual(self.first.lead_count, 1)
        self.hormuz.active = True
        self._process()
        self.assertTrue(self.first.active)
        self.assertEqual(self.first.history_ids, stages)

    def test_a_person_takes_his_calls_and_leads_to_another_company(self):
        call = self._call(self.reza)
        self._make_lead(self.reza)
        self._process()
        self.assertEqual(call.customer_id, self.first)
        self.reza.parent_id = self.caspian
        self._process()
        self.assertEqual(call.customer_id, self.second)
        self.assertEqual((self.first.lead_count, self.second.lead_count), (1, 2))
        log = self.second.merge_log_ids
        self.assertEqual(log.cause, "moved")
        self.assertEqual(log.from_customer_id, self.first)
        self.assertEqual(log.merged_partner, self.reza.id)
        self.assertEqual(log.snapshot["moved"]["crm.interaction"], 1)
        self.assertIn("Interaction", log.moved_html)

    def test_who_leaves_his_company_becomes_a_customer_and_the_log_says_so(self):
        call = self._call(self.reza)
        self._make_lead(self.reza)
        self._process()
        self.reza.parent_id = False
        self._process()
        own = self._customer_of(self.reza)
        self.assertTrue(own)
        self.assertEqual(call.customer_id, own)
        log = self.first.merge_log_ids
        self.assertEqual((log.cause, log.merged_name), ("left", "Reza"))

    def test_calls_of_who_was_no_customer_yet_join_him_when_he_becomes_one(self):
        person = self.env["res.partner"].create({"name": "New"})
        call = self._call(person)
        self.assertFalse(call.customer_id)
        self._make_lead(person)
        self._process()
        self.assertEqual(call.customer_id, self._customer_of(person))
        by_hand = self.env["res.partner"].create({"name": "By hand"})
        call = self._call(by_hand)
        customer = self.Customer.create({"partner_id": by_hand.id})
        self.assertEqual(call.customer_id, customer)

    def test_calls_follow_a_company_that_gets_a_parent_company(self):
        call = self._call(self.caspian)
        self.caspian.write({"is_company": False, "parent_id": self.hormuz.id})
        self._process()
        self.assertEqual(call.customer_id, self.first)
        self.assertEqual(self.first.merge_log_ids.cause, "parent")

    def test_calls_follow_a_merge_also_where_the_other_was_no_customer(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        call = self._call(stranger)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((stranger | self.hormuz).ids, self.hormuz)
        self._process()
        self.assertEqual(call.customer_id, self.first)
        log = self.first.merge_log_ids
        self.assertEqual(log.merged_name, "Stranger")
        self.assertEqual(log.snapshot["moved"]["crm.interaction"], 1)

    def test_followers_ratings_attachments_and_notes_move_with_the_customer(self):
        people = self.omid.partner_id | self.nika.partner_id
        self.first.message_subscribe(people[:1].ids)
        self.second.message_subscribe(people.ids)
        self.first.note, self.second.note = "<p>Here</p>", "<p>There</p>"
        model = self.env["ir.model"]._get("crm.customer")
        rating = self.env["rating.rating"].create(
            {"res_model_id": model.id, "res_id": self.second.id, "rating": 5}
        )
        paper = self.env["ir.attachment"].create(
            {"name": "x", "res_model": "crm.customer", "res_id": self.second.id}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.caspian | self.hormuz).ids, self.hormuz)
        self.env.invalidate_all()
        self.assertLessEqual(people, self.first.message_partner_ids)
        self.assertEqual(rating.res_id, self.first.id)
        self.assertEqual(paper.res_id, self.first.id)
        self.assertIn("Here", self.first.note)
        self.assertIn("There", self.first.note)

    def test_a_contact_who_follows_both_documents_keeps_his_other_follows(self):
        follower, twin = self.env["res.partner"].create(
            [{"name": "Reader"}, {"name": "Reader"}]
        )
        self.first.message_subscribe((follower | twin).ids)
        self.second.message_subscribe(twin.ids)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((follower | twin).ids, follower)
        self.env.invalidate_all()
        self.assertIn(follower, self.first.message_partner_ids)
        self.assertIn(follower, self.second.message_partner_ids)

    def test_the_log_reads_without_json(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        self.caspian.city = "Sari"
        wizard._merge((self.caspian | self.hormuz).ids, self.hormuz)
        log = self.first.with_user(self.sara).merge_log_ids
        self.assertEqual(self.first.with_user(self.sara).merge_count, 1)
        self.assertIn("<td>City</td><td>Sari</td>", log.contact_html)
        self.assertIn("<td>Leads</td><td>1</td>", log.values_html)
        self.assertIn("Identify", log.stages_html)
        self.assertIn("Lead", log.moved_html)
