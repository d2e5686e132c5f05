from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..models.crm_customer_review import REASK_DAYS, REVIEW_TYPE
from .common import LifecycleCommon


class TestReview(LifecycleCommon):
    """Five old customers of Omid, and one whose data are right."""

    def setUp(self):
        super().setUp()
        self.policy = self.env.ref("crm_lifecycle.crm_quality_policy_default")
        self.policy.write({"review_completeness": 0, "reviews_per_person": 2})
        names = [f"Old {number}" for number in range(5)]
        self.old = self.env["res.partner"].create([{"name": name} for name in names])
        for partner in self.old | self.hormuz:
            self._make_lead(partner, user_id=self.omid.id)
        self.env.flush_all()
        then = fields.Datetime.now() - timedelta(days=800)
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET create_date = %s, crm_data_date = %s"
                " WHERE id = ANY(%s)",
                then,
                then,
                self.old.ids,
            )
        )
        self.env.invalidate_all()
        self._process()
        self.customers = self.Customer.search([("partner_id", "in", self.old.ids)])
        self.others = self.Customer.search([]) - self.customers

    def _plan(self):
        self.Customer._plan_reviews()
        self.env.invalidate_all()
        return self._reviews()

    def _reviews(self):
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.env.ref(REVIEW_TYPE).id),
                ("res_id", "in", self.customers.ids),
            ]
        )

    def _next_day(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_customer SET data_review_date"
            " = data_review_date - interval '1 day'"
        )
        self.env.invalidate_all()

    def test_the_old_data_want_a_review_and_the_others_do_not(self):
        self.assertTrue(all(self.customers.mapped("needs_review")))
        wanted = self.Customer.search([("needs_review", "=", True)])
        self.assertEqual(wanted & (self.customers | self.others), self.customers)
        fresh = self.Customer.search([("needs_review", "=", False)])
        self.assertEqual(fresh & (self.customers | self.others), self.others)

    def test_a_person_is_asked_for_so_many_reviews_a_day_at_most(self):
        self.assertEqual(len(self._plan()), 2)
        self.assertEqual(len(self._plan()), 2)
        self._next_day()
        self.assertEqual(len(self._plan()), 4)
        self._next_day()
        self.assertEqual(len(self._plan()), 5)
        self.assertEqual(self._reviews().user_id, self.omid)
        self.assertEqual(len(set(self._reviews().mapped("res_id"))), 5)

    def test_a_night_asks_for_so_many_at_most(self):
        self.policy.write({"reviews_per_person": 9, "reviews_per_run": 3})
        self.assertEqual(len(self._plan()), 3)

    def test_no_reviews_where_the_policy_wants_none(self):
        self.policy.reviews_per_person = 0
        self.assertFalse(self._plan())

    def test_the_deputy_and_then_the_head_of_the_team_stand_in(self):
        self.policy.reviews_per_person = 9
        first, second, third = self.customers[:3]
        (first | second | third).user_id = False
        first.deputy_id = self.nika
        team = self.env["crm.team"].create(
            {"name": "South", "company_id": self.arvand.id, "user_id": self.sara.id}
        )
        second.team_id = team
        third.team_id = False
        self.env.flush_all()
        by_customer = {review.res_id: review.user_id for review in self._plan()}
        self.assertEqual(by_customer[first.id], self.nika)
        self.assertEqual(by_customer[second.id], self.sara)
        self.assertNotIn(third.id, by_customer)

    def test_who_has_left_is_not_asked(self):
        self.policy.reviews_per_person = 9
        self.customers.deputy_id = self.nika
        self.omid.active = False
        self.env.flush_all()
        self.assertEqual(self._plan().user_id, self.nika)

    def test_a_confirmation_closes_the_review_whoever_was_asked(self):
        review = self._plan()[0]
        customer = self.Customer.browse(review.res_id)
        customer.with_user(self.sara).action_confirm_data()
        self.assertNotIn(review, self._reviews())
        self.assertFalse(customer.needs_review)
        self.assertFalse(self._plan().filtered(lambda r: r.res_id == customer.id))

    def test_who_marks_the_review_as_done_confirms_the_data(self):
        review = self._plan()[0]
        customer = self.Customer.browse(review.res_id)
        review.with_user(self.omid).action_feedback()
        self.assertFalse(customer.needs_review)
        self.assertEqual(customer.data_checked_by_id, self.omid)

    def test_corrected_data_close_the_review_by_themselves(self):
        review = self._plan()[0]
        customer = self.Customer.browse(review.res_id)
        customer.partner_id.city = "Yazd"
        self._process()
        self.Customer._find_done_reviews()._close_reviews()
        self.assertNotIn(review, self._reviews())
        self.assertFalse(customer.data_checked_at)

    def test_who_deletes_a_review_has_peace_for_a_while(self):
        self.policy.reviews_per_person = 9
        self._plan().unlink()
        self.assertFalse(self._plan())
        for _day in range(REASK_DAYS + 1):
            self._next_day()
        self.assertEqual(len(self._plan()), 5)

    def test_gaps_want_a_review_too(self):
        self.policy.write({"review_completeness": 100, "review_days": 0})
        self.assertIn(
            self._customer_of(self.hormuz),
            self.Customer.search([("needs_review", "=", True)]),
        )

    def test_the_cron_asks_and_closes(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_lifecycle.ir_cron_data_reviews").method_direct_trigger()
        self.assertEqual(len(self._reviews()), 2)

    def test_merged_customers_keep_one_review(self):
        self.policy.reviews_per_person = 9
        self._plan()
        kept, merged = self.customers[:2]
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((kept | merged).partner_id.ids, kept.partner_id)
        mine = self._reviews().filtered(lambda review: review.res_id == kept.id)
        self.assertEqual(len(mine), 1)

    def test_salespeople_confirm_their_own_customers_only(self):
        other = self.customers[0]
        other.user_id = self.nika
        with self.assertRaises(AccessError):
            other.with_user(self.omid).action_confirm_data()
        self.customers[1].with_user(self.omid).action_confirm_data()
        self.assertEqual(self.customers[1].data_checked_by_id, self.omid)
