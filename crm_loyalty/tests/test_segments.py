"""One's own segments: which scores make which, checked, and used by the run."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.crm_loyalty_segment_range import BATCH
from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestSegments(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        amounts = (80, 15, 5)
        for partner, amount in zip(
            (cls.hormuz, cls.caspian, cls.zagros), amounts, strict=True
        ):
            cls._buy(partner, "2020-01-01", amount)
        cls.giant = cls.env["crm.loyalty.segment"].create({"name": "Sleeping Giants"})
        cls.other = cls.env["crm.loyalty.segment"].create({"name": "Others"})

    def _range(self, segment, recency, value):
        return Command.create(
            {
                "segment_id": segment.id,
                "recency_from": recency[0],
                "recency_to": recency[1],
                "value_from": value[0],
                "value_to": value[1],
            }
        )

    def _split(self, at=4):
        """Everybody with a value from 4 on is a giant."""
        return [
            Command.clear(),
            self._range(self.giant, (1, 5), (at, 5)),
            self._range(self.other, (1, 5), (1, at - 0.5)),
        ]

    def _segments(self):
        partners = self.hormuz + self.caspian + self.zagros
        return [self._customer(one).rfm_segment for one in partners]

    def test_the_copied_grid_changes_nothing(self):
        self._run()
        before = self._segments()
        self.policy.with_user(self.sara).action_customize_segments()
        self.assertEqual(len(self.policy.segment_range_ids), 9)
        self.assertEqual(self._run().changed_count, 0)
        self.assertEqual(self._segments(), before)

    def test_a_run_uses_ones_own_segments_and_the_shipped_ones_again(self):
        self._run()
        before = self._segments()
        self.policy.segment_range_ids = self._split(at=2.5)
        self._run()
        self.assertEqual(self._segments(), ["sleeping_giants", "others", "others"])
        labels = dict(
            self.env["crm.customer"].fields_get(["rfm_segment"])["rfm_segment"][
                "selection"
            ]
        )
        self.assertEqual(labels["sleeping_giants"], "Sleeping Giants")
        self.policy.action_use_shipped_segments()
        self._run()
        self.assertEqual(self._segments(), before)

    def test_a_cell_without_segment_is_refused_and_named(self):
        with self.assertRaisesRegex(ValidationError, "recency 5, value 5.0"):
            self.policy.segment_range_ids = [
                self._range(self.giant, (1, 5), (1, 4.5)),
                self._range(self.other, (1, 4), (5, 5)),
            ]

    def test_a_cell_with_two_segments_is_refused_and_named(self):
        with self.assertRaisesRegex(ValidationError, "recency 2, value 1.5"):
            self.policy.segment_range_ids = [
                self._range(self.giant, (1, 5), (1, 5)),
                self._range(self.other, (2, 2), (1.5, 1.5)),
            ]

    def test_a_range_may_not_be_changed_alone_into_a_fault(self):
        self.policy.segment_range_ids = self._split()
        low = self.policy.segment_range_ids[1]
        for change in (
            lambda: low.write({"value_to": 3}),
            low.unlink,
            low.copy,
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                change()

    def test_no_context_from_outside_switches_the_check_off(self):
        self.policy.segment_range_ids = self._split()
        low = self.policy.segment_range_ids[1]
        for value in (True, 1, str(BATCH)):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                low.with_context(segment_ranges=value).unlink()

    def test_scores_beyond_the_scale_and_quarters_are_refused(self):
        for recency, value in (((1, 6), (1, 5)), ((0, 5), (1, 5)), ((1, 5), (1, 4.2))):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.policy.segment_range_ids = [
                    self._range(self.giant, recency, value)
                ]

    @mute_logger("odoo.sql_db")
    def test_a_range_has_to_go_upwards(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.policy.segment_range_ids = [self._range(self.giant, (5, 1), (1, 5))]

    def test_another_number_of_scores_needs_another_grid(self):
        self.policy.segment_range_ids = self._split()
        with self.assertRaisesRegex(ValidationError, "1 to 3"), self.cr.savepoint():
            self.policy.rfm_bins = 3
        self.policy.write({"rfm_bins": 3, "segment_range_ids": [Command.clear()]})
        self._run()

    def test_the_drawn_grid_follows_the_rows_before_they_are_saved(self):
        self.policy.action_customize_segments()
        with Form(self.policy.with_user(self.sara)) as form:
            with form.segment_range_ids.edit(0) as row:
                row.recency_from = 5
            cells = [
                cell
                for row in form.segment_grid["rows"]
                for cell in row["cells"]
                if not cell["names"]
            ]
            self.assertEqual(len(cells), 3)
            with form.segment_range_ids.edit(0) as row:
                row.recency_from = 4
        self.assertEqual(self.policy.segment_range_ids[0].recency_from, 4)

    def test_codes_are_made_from_names_and_stay(self):
        self.assertEqual(self.giant.code, "sleeping_giants")
        again = self.giant.copy()
        self.assertEqual(again.code, "sleeping_giants_2")
        persian = self.env["crm.loyalty.segment"].create({"name": "غول‌های خفته"})
        self.assertRegex(persian.code, "^segment")
        self.giant.name = "Giants"
        self.assertEqual(self.giant.code, "sleeping_giants")
        with self.assertRaises(UserError):
            self.giant.code = "giants"
        with self.assertRaises(ValidationError):
            self.env["crm.loyalty.segment"].create({"name": "X", "code": "No Code"})

    def test_a_segment_with_customers_or_in_the_shipped_grid_stays(self):
        self.policy.segment_range_ids = self._split(at=2.5)
        self._run()
        self.policy.action_use_shipped_segments()
        with self.assertRaisesRegex(UserError, "Customers belong"):
            self.giant.unlink()
        with self.assertRaisesRegex(UserError, "shipped"):
            self.env.ref("crm_loyalty.segment_champion").unlink()
        self._run()
        self.giant.unlink()

    def test_another_companys_segment_is_neither_offered_nor_allowed(self):
        self.giant.company_id = self.bahar
        Customer = self.env["crm.customer"].with_user(self.sara)
        codes = dict(
            Customer._fields["rfm_segment"]._description_selection(Customer.env)
        )
        self.assertNotIn("sleeping_giants", codes)
        self.assertIn("others", codes)
        with self.assertRaisesRegex(ValidationError, "Bahar"):
            self.policy.segment_range_ids = [self._range(self.giant, (1, 5), (1, 5))]

    def test_a_benefit_cannot_name_a_segment_that_is_not_there(self):
        with self.assertRaisesRegex(ValidationError, "no segment"):
            self.env["crm.loyalty.benefit"].new(
                {"rfm_segment": "nobody"}
            )._check_rfm_segment()

    def test_only_managers_name_segments_and_change_the_grid(self):
        self.policy.segment_range_ids = self._split()
        row = self.policy.segment_range_ids[:1]
        for user in (self.omid, self.nika, self.leila, self.portal, self.public):
            for record, values in (
                (self.giant, {"name": "X"}),
                (row, {"value_to": 4}),
            ):
                with self.assertRaises(AccessError, msg=user.login):
                    record.with_user(user).write(values)
        self.giant.with_user(self.sara).name = "Giants"
        for user in (self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self.giant.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            row.with_user(self.bahar_manager).read(["value_to"])
