from odoo.exceptions import AccessError, UserError

from ..lib import duplicates
from .common import LifecycleCommon


class TestDuplicates(LifecycleCommon):
    # | who     | group        |
    # |---------|--------------|
    # | steward | data steward |

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Duplicate = cls.env["crm.duplicate"]
        cls.Partner = cls.env["res.partner"]
        cls.steward = cls._make_user(
            "le_steward", cls.arvand, "crm_lifecycle.group_data_steward"
        )

    def _make(self, name, **values):
        return self.Partner.create({"name": name, "is_company": True, **values})

    def _search(self, *partners):
        self.Duplicate._refresh()
        ids = [partner.id for partner in partners]
        return self.Duplicate.search([("partner_ids", "in", ids)])

    def _merge(self, sources, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((sources | target).ids, target)

    def test_companies_of_one_name_in_any_spelling_are_offered(self):
        one = self._make("شرکت فولاد كاوه (سهامی خاص)")
        two = self._make("فولاد کاوه")
        self._make("فولاد مبارکه")
        found = self._search(one)
        self.assertEqual(found.partner_ids, one | two)
        self.assertTrue(found.by_name)
        self.assertFalse(found.by_phone or found.by_mail or found.by_vat)
        self.assertEqual(found.score, duplicates.likelihood(["name"]))

    def test_more_in_common_is_one_offer_with_a_higher_likelihood(self):
        one = self._make(
            "Kaveh Steel", phone="+98 21 8877 6655", email="a@kaveh.example"
        )
        two = self._make(
            "KAVEH STEEL Co.", phone="٠٢١٨٨٧٧٦٦٥٥", email="A@Kaveh.example"
        )
        found = self._search(one)
        self.assertEqual(found.partner_ids, one | two)
        self.assertEqual(found.score, duplicates.likelihood(["name", "phone", "mail"]))
        self.assertEqual(found.evidence, "Same Mail Address, Same Name, Same Phone")

    def test_the_score_of_the_statement_is_that_of_the_library(self):
        one = self._make("Vat A", vat="IR 1234-5678-901")
        two = self._make("Vat B", vat="12345678901")
        found = self._search(one)
        self.assertEqual(found.partner_ids, one | two)
        self.assertEqual(found.score, duplicates.likelihood(["vat"]))

    def test_colleagues_share_the_switchboard_and_are_no_duplicates(self):
        firm = self._make("Board", phone="021 1111 2222", email="info@board.example")
        for name in ("Ali", "Mina"):
            self.Partner.create(
                {
                    "name": name,
                    "parent_id": firm.id,
                    "phone": firm.phone,
                    "email": firm.email,
                }
            )
        self.assertFalse(self._search(firm, *firm.child_ids))

    def test_a_person_entered_twice_at_one_firm_is_offered(self):
        twice = self.Partner.create(
            [{"name": name, "parent_id": self.hormuz.id} for name in ("علي", "علی")]
        )
        self.assertEqual(self._search(*twice).partner_ids, twice)

    def test_a_person_entered_at_two_firms_is_offered_by_his_mail(self):
        persons = self.Partner.create(
            [
                {"name": "Mina K", "parent_id": firm.id, "email": "mina@mail.example"}
                for firm in (self.hormuz, self.caspian)
            ]
        )
        self.assertEqual(self._search(*persons).partner_ids, persons)

    def test_persons_without_firm_need_the_same_city_beside_the_name(self):
        one, two, three = self.Partner.create(
            [{"name": "Reza Ahmadi", "city": city} for city in ("Rey", "rey", "Yazd")]
        )
        self.assertEqual(self._search(one, two, three).partner_ids, one | two)

    def test_addresses_archived_contacts_and_colleagues_are_left_out(self):
        firm = self._make("Depot", email="d@depot.example")
        self.Partner.create(
            {
                "name": "Depot",
                "type": "delivery",
                "parent_id": firm.id,
                "email": "d@depot.example",
            }
        )
        self._make("Depot", email="d@depot.example").active = False
        self.omid.partner_id.email = "d@depot.example"
        self.assertFalse(self._search(firm))

    def test_a_key_that_many_share_says_nothing(self):
        firms = self.Partner.create(
            [
                {"name": f"Firm {number}", "phone": "021 0000 0000"}
                for number in range(duplicates.SHARED_BY + 1)
            ]
        )
        self.assertFalse(self._search(*firms))

    def test_companies_do_not_see_each_others_contacts(self):
        common = self._make("Trio")
        ours = self._make("Trio", company_id=self.arvand.id)
        theirs = self._make("Trio", company_id=self.bahar_company.id)
        found = self._search(common, ours, theirs)
        sets = {row.company_id: row.partner_ids for row in found}
        self.assertEqual(
            sets,
            {self.arvand: common | ours, self.bahar_company: common | theirs},
        )
        seen = self.Duplicate.with_user(self.steward).search([("id", "in", found.ids)])
        self.assertEqual(seen.company_id, self.arvand)
        self.assertEqual(ours.with_user(self.omid).crm_duplicate_count, 1)

    def test_a_second_search_writes_nothing(self):
        self._make("Twice")
        self._make("Twice Ltd")
        self.assertTrue(self.Duplicate._refresh())
        self.assertFalse(self.Duplicate._refresh())

    def test_what_no_longer_resembles_is_dropped(self):
        one, two = self._make("Same"), self._make("Same")
        found = self._search(one)
        two.name = "Different"
        self.assertFalse(self._search(one))
        self.assertFalse(found.exists())

    def test_who_was_called_different_is_not_offered_again(self):
        one, two = self._make("Twin", phone="021 3333 4444"), self._make("Twin")
        found = self._search(one)
        found.with_user(self.steward).action_ignore()
        self.assertEqual(found.state, "ignored")
        two.phone = "02133334444"
        self.assertEqual(self._search(one).state, "ignored")
        self.assertFalse(one.crm_duplicate_count)
        found.with_user(self.steward).action_reopen()
        self.assertEqual(found.state, "new")

    def test_a_third_one_is_offered_although_two_are_different(self):
        one, two = self._make("Triple"), self._make("Triple")
        self._search(one).action_ignore()
        three = self._make("Triple")
        found = self._search(one)
        self.assertEqual(found.partner_ids, one | two | three)
        self.assertEqual(found.state, "new")

    def test_the_contact_warns_before_anybody_has_searched(self):
        one = self._make("Warn", email="w@warn.example")
        self.assertFalse(one.crm_duplicate_count)
        two = self._make("Warned", email="W+x@warn.example")
        self.env.invalidate_all()
        self.assertEqual((one | two).mapped("crm_duplicate_count"), [1, 1])
        action = one.with_user(self.omid).action_view_crm_duplicates()
        found = self.Partner.search(action["domain"])
        self.assertEqual(found, one | two)
        action = one.with_user(self.steward).action_view_crm_duplicates()
        self.assertEqual(self.Duplicate.browse(action["res_id"]).partner_ids, one | two)

    def test_looking_at_one_contact_leaves_other_offers_alone(self):
        one, two = self._make("Left", phone="021 5555 1111"), self._make("Left")
        far = self._make("Far", phone="021 5555 1111")
        found = self._search(one, two, far)
        before = found.read(["signature", "score", "state"])
        self.Duplicate._refresh(two.ids)
        self.assertEqual(found.exists().read(["signature", "score", "state"]), before)

    def test_the_comparison_marks_what_differs(self):
        one = self._make("Mark", city="Rey", email="m@mark.example")
        self._make("Mark", city="Yazd", email="m@mark.example")
        comparison = self._search(one).with_user(self.steward).comparison
        self.assertIn("<td>Rey</td><td>Yazd</td>", comparison)
        self.assertIn('class="table-warning"><th>City', comparison)
        self.assertNotIn('class="table-warning"><th>Email', comparison)

    def test_names_in_the_comparison_are_text(self):
        one = self._make("<b>x</b>")
        self._make("<b>x</b>")
        self.assertNotIn("<b>", self._search(one).comparison)

    def test_the_button_opens_odoos_merge_and_the_offer_closes(self):
        one = self._make("Join", email="one@join.example")
        two = self._make("Join", email="two@join.example")
        found = self._search(one)
        action = found.with_user(self.steward).action_merge()
        Wizard = self.env[action["res_model"]].with_user(self.steward)
        wizard = Wizard.with_context(**action["context"]).create({})
        self.assertEqual(wizard.partner_ids, one | two)
        wizard.action_merge()
        self.assertEqual(len((one | two).exists()), 1)
        self.assertEqual(found.state, "merged")
        self.assertEqual(found.merged_names, "Join / Join")
        self.assertEqual(found.merged_user_id, self.steward)
        with self.assertRaises(UserError):
            found.action_merge()

    def test_of_four_the_offer_stays_with_the_rest(self):
        firms = self.Partner.create([{"name": "Four", "is_company": True}] * 4)
        found = self._search(*firms)
        self._merge(firms[2], firms[0])
        self.assertEqual(found.partner_ids, firms[0] | firms[1] | firms[3])
        self.assertEqual(found.state, "new")
        self.assertFalse(self.Duplicate._refresh())

    def test_what_was_called_different_holds_for_the_merged(self):
        one, two, three = (self._make("Trust") for _number in range(3))
        found = self._search(one)
        found.action_ignore()
        self._merge(two, one)
        self.env.flush_all()
        self.assertEqual(one.crm_different_ids - one, three)
        self.assertEqual(self._search(one).state, "ignored")

    def test_stewards_do_not_merge_users(self):
        one = self._make("User", email="u1@user.example")
        self.portal.partner_id.write({"name": "User", "is_company": True})
        Wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.steward)
        with self.assertRaises(UserError):
            Wizard.create({})._merge((one | self.portal.partner_id).ids, one)

    def test_only_stewards_search_and_judge(self):
        one = self._make("Guard")
        self._make("Guard")
        found = self._search(one)
        for user in (self.omid, self.nika, self.leila, self.portal):
            with self.assertRaises(AccessError):
                self.Duplicate.with_user(user).action_search()
            with self.assertRaises(AccessError):
                found.with_user(user).action_ignore()
        self.Duplicate.with_user(self.steward).action_search()
        self.Duplicate.with_user(self.sara).action_search()

    def test_a_search_takes_as_many_statements_for_many_as_for_few(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Duplicate._refresh()
            return self.env.cr.sql_log_count - before

        self._make("Count"), self._make("Count")
        few = count()
        for number in range(20):
            self._make(f"Count {number}"), self._make(f"Count {number}")
        self.assertEqual(count(), few)
