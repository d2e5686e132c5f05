"""Whom a change would move, before it is saved."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.crm_customer import RATING_COLUMNS
from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPolicyPreview(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, amount in ((cls.hormuz, 80), (cls.caspian, 15), (cls.zagros, 5)):
            cls._buy(partner, "2020-01-01", amount)
        cls._run()

    def _preview(self, changes, user=None):
        policy = self.policy.with_user(user or self.sara).sudo(False)
        action = policy.action_preview(changes)
        model = self.env["crm.loyalty.preview"].with_user(user or self.sara)
        return model.browse(action["res_id"])

    def _rows(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT 'c', id, ctid::text FROM crm_customer UNION ALL"
            " SELECT 'h', id, ctid::text FROM crm_loyalty_history UNION ALL"
            " SELECT 'r', id, ctid::text FROM crm_loyalty_run UNION ALL"
            " SELECT 'p', id, ctid::text FROM crm_loyalty_policy ORDER BY 1, 2"
        )
        return self.env.cr.fetchall()

    def test_it_counts_who_moves_from_class_to_class(self):
        preview = self._preview({"cut_a": 0.85})
        self.assertEqual((preview.customer_count, preview.moved_count), (3, 1))
        self.assertEqual(preview.mover_ids.customer_id.partner_id, self.caspian)
        mover = preview.mover_ids
        self.assertEqual((mover.abc_class_before, mover.abc_class_after), ("b", "a"))
        matrix = {tuple(row) for row in dict(preview.matrices)["abc_class"]}
        self.assertEqual(matrix, {("a", "a", 1), ("b", "a", 1), ("c", "c", 1)})
        self.assertEqual(
            sum(row[2] for row in dict(preview.matrices)["rfm_segment"]), 3
        )
        self.assertIn("table", preview.matrix_html)
        self.assertNotIn("RFM Segment", preview.matrix_html)  # nobody moves there

    def test_nothing_is_written(self):
        before = self._rows()
        self._preview({"cut_a": 0.85, "window_months": 3})
        self.assertEqual(self._rows(), before)
        self.assertAlmostEqual(self.policy.cut_a, 0.8)

    def test_it_says_what_each_change_does_alone(self):
        preview = self._preview({"cut_a": 0.96, "cut_b": 0.98, "rfm_bins": 2})
        found = {row.name: row for row in preview.setting_ids}
        alone = found["A Up To"]
        self.assertTrue(alone.is_refused)  # above the limit of B as it is
        self.assertEqual((alone.before, alone.after), ("80.0 %", "96.0 %"))
        scores = found["Number of Scores"]
        self.assertEqual((scores.before, scores.after), ("5", "2"))
        self.assertEqual(found["B Up To"].moved, 1)
        self.assertEqual(preview.moved_count, 2)

    def test_it_tells_what_the_next_run_does(self):
        changes = {"date_as_of": "2019-12-31"}
        preview = self._preview(changes)
        self.policy.write(changes)
        self.assertEqual(preview.moved_count, self._run().moved_count)
        self.assertEqual(preview.moved_count, 3)

    def test_it_compares_with_the_saved_policy_not_with_the_last_run(self):
        self._buy(self.zagros, "2020-01-02", 995)
        self.env["crm.customer"]._refresh_facts()
        self.assertEqual(self._preview({"cut_b": 0.96}).moved_count, 0)

    def test_loyalty_types_and_risks_move_too(self):
        customer = self._customer(self.hormuz).sudo()
        customer.write({"churn_risk": 0.6, "value_method": "purchases", "p_alive": 0.4})
        preview = self._preview({"churn_high": 0.55})
        [row] = preview.mover_ids
        self.assertEqual(
            (row.churn_band_before, row.churn_band_after), ("medium", "high")
        )

    def test_the_forecast_is_made_anew_where_it_depends_on_the_change(self):
        preview = self._preview({"horizon": 24})
        self.assertEqual(preview.moved_count, 0)  # too few customers to estimate

    def test_applying_saves_the_changes_and_only_then(self):
        preview = self._preview({"cut_a": 0.85})
        close = preview.action_apply()
        self.assertTrue(close["infos"]["applied"])
        self.assertAlmostEqual(self.policy.cut_a, 0.85)
        self.assertEqual(self._customer(self.caspian).abc_class, "b")
        preview.action_apply_and_run()
        self.assertEqual(self._customer(self.caspian).abc_class, "a")

    def test_margin_and_profit_can_be_previewed(self):
        self.policy.profit_enabled = False
        preview = self._preview({"measure": "profit", "cost_hour": 100})
        self.assertEqual(preview.moved_count, 0)
        self.env["crm.interaction"].create(
            {
                "name": "Talk",
                "partner_id": self.hormuz.id,
                "company_id": self.arvand.id,
                "channel_id": self.env.ref("crm_lifecycle.crm_channel_phone").id,
                "duration": 600,
                "date": "2022-01-01 09:00:00",
            }
        )
        preview = self._preview({"measure": "profit", "cost_hour": 100})
        self.assertEqual(preview.moved_count, 3)
        self.assertFalse(self._customer(self.hormuz).profit_breakdown)

    @mute_logger("odoo.sql_db")
    def test_changes_that_make_no_sense_are_refused(self):
        for changes, error in (
            ({}, UserError),
            ({"cut_a": 0.8}, UserError),  # as it is
            ({"nonsense": 1}, UserError),
            ({"company_id": self.bahar.id}, UserError),
            ({"attitude_months": 0}, ValidationError),
            ({"rfm_method": "fixed", "recency_cuts": "x"}, ValidationError),
        ):
            with self.subTest(changes), self.assertRaises(error):
                self._preview(changes)

    def test_only_managers_of_the_company_preview(self):
        for user in (self.omid, self.nika, self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self._preview({"cut_a": 0.85}, user)
            with self.assertRaises(AccessError):
                self.env["crm.loyalty.preview"].with_user(user).search([])
        policy = self.policy.with_user(self.bahar_manager)
        policy = policy.with_context(allowed_company_ids=self.bahar.ids)
        with self.assertRaises(AccessError):
            policy.action_preview({"cut_a": 0.85})

    def test_a_preview_belongs_to_who_made_it(self):
        preview = self._preview({"cut_a": 0.85})
        with self.assertRaises(AccessError):
            preview.with_user(self.bahar_manager).read(["moved_count"])

    def test_ratings_stay_what_they_were(self):
        customers = self.env["crm.customer"].search(
            [("company_id", "=", self.arvand.id)]
        )
        before = customers.read(RATING_COLUMNS)
        self._preview({"cut_a": 0.5, "rfm_bins": 3, "window_months": 1})
        self.assertEqual(customers.read(RATING_COLUMNS), before)
