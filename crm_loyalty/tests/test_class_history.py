"""What a row of the history says, and who moved between two days."""

import runpy
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_path

from .common import LoyaltyCommon

FIRST, SECOND, THIRD = "2024-01-10", "2024-02-10", "2024-03-10"


@tagged("post_install", "-at_install")
class TestClassHistory(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, amount in ((cls.hormuz, 80), (cls.caspian, 15), (cls.zagros, 5)):
            cls._buy(partner, "2023-01-01", amount)
        with freeze_time(FIRST):
            cls._run()

    def _rows(self, partner):
        return self._customer(partner).loyalty_history_ids.sorted("id")

    def _filters(self, first="2024-01-15", last="2024-02-15", **overrides):
        return {"date_from": first, "date_to": last, **overrides}

    def _matrix(self, user=None, **filters):
        user = user or self.sara
        history = self.env["crm.loyalty.history"].with_user(user)
        history = history.with_context(allowed_company_ids=user.company_ids.ids)
        return history.get_migration(self._filters(**filters))

    def _cells(self, matrix):
        names = [state["id"] for state in matrix["states"]]
        return {
            (row["stage_id"], column): count
            for row in matrix["rows"]
            for column, count in zip(names, row["cells"], strict=True)
            if count
        }

    def _move(self):
        """Zagros rises from C to A, Hormuz falls to B, Caspian leaves, Alborz comes."""
        alborz = self.env["res.partner"].create({"name": "Alborz"})
        self._buy(self.zagros, "2024-01-20", 995)
        self._buy(alborz, "2024-01-20", 10)
        self.env["crm.purchase.history"].search(
            [("partner_id", "=", self.caspian.id)]
        ).unlink()
        with freeze_time(SECOND):
            self._run()
        return alborz

    def test_the_first_row_says_new(self):
        row = self._rows(self.hormuz)
        self.assertEqual(row.change, "new")
        self.assertIn("Rated for the first time: $\xa080.00", row.reason)
        self.assertEqual(row.loyalty_type, "unknown")

    def test_a_rise_and_a_fall_name_the_figures(self):
        self._move()
        risen, fallen = self._rows(self.zagros)[-1], self._rows(self.hormuz)[-1]
        self.assertEqual((risen.change, risen.abc_class_before), ("up", "c"))
        self.assertIn("Class C → A: Revenue rose from $\xa05.00", risen.reason)
        self.assertIn("1,000.00", risen.reason)
        self.assertEqual((fallen.change, fallen.abc_class), ("down", "b"))
        self.assertIn("is still $\xa080.00", fallen.reason)
        self.assertIn("not 80.0 %", fallen.reason)

    def test_a_smaller_revenue_is_called_a_fall(self):
        self._buy(self.hormuz, "2024-01-20", -79)
        with freeze_time(SECOND):
            self._run()
        row = self._rows(self.hormuz)[-1]
        self.assertEqual(row.change, "down")
        self.assertIn("fell from $\xa080.00 to $\xa01.00", row.reason)

    def test_who_leaves_and_comes_back_has_a_row_for_each(self):
        self._move()
        with freeze_time(THIRD):
            self._buy(self.caspian, "2024-03-01", 3, reference="again")
            self._run()
        first, gone, back = self._rows(self.caspian)
        self.assertEqual(
            [row.change for row in (first, gone, back)], ["new", "lost", "returned"]
        )
        self.assertFalse(gone.abc_class or gone.rfm_segment)
        self.assertEqual(
            (gone.date_from, gone.date_to), (date(2024, 2, 10), date(2024, 3, 10))
        )
        self.assertIn("None of his purchases", gone.reason)

    def test_a_changed_policy_is_named(self):
        self.policy.cut_a = 0.5
        self.policy.cut_b = 0.79
        with freeze_time(SECOND):
            self._run()
        row = self._rows(self.caspian)[-1]
        self.assertEqual((row.change, row.abc_class), ("policy", "c"))
        self.assertIn("A Up To: 0.8 → 0.5", row.reason)
        self.assertIn("is still $\xa015.00", row.reason)
        with freeze_time(THIRD):
            self._buy(self.zagros, "2024-03-01", 995)
            self._run()
        self.assertEqual(self._rows(self.zagros)[-1].change, "up")

    def test_the_reason_says_what_customers_are_ranked_by(self):
        self.policy.measure = "margin"
        with freeze_time(SECOND):
            self._run()
        self._buy(self.zagros, "2024-02-20", 99500)
        with freeze_time(THIRD):
            self._run()
        row = self._rows(self.zagros)[-1]
        self.assertEqual(row.change, "up")
        self.assertIn("Margin rose from", row.reason)

    def test_settings_that_rate_nobody_are_no_change_of_policy(self):
        self.policy.churn_high = 0.9
        self._buy(self.zagros, "2024-01-20", 995)
        with freeze_time(SECOND):
            run = self._run()
        self.assertFalse(run.policy_changes)
        self.assertEqual(self._rows(self.zagros)[-1].change, "up")

    def test_a_merge_is_named(self):
        with freeze_time("2024-01-20"):
            wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
            wizard._merge((self.hormuz + self.zagros).ids, self.zagros)
        self.env["crm.customer"]._refresh_facts()
        with freeze_time(SECOND):
            self._run()
        row = self._rows(self.zagros)[-1]
        self.assertEqual(row.change, "merged")
        self.assertIn("Another customer was merged", row.reason)

    def test_another_loyalty_type_is_a_row_too(self):
        customer = self._customer(self.hormuz)
        customer.sudo().write({"satisfaction": 9, "satisfaction_date": "2024-01-20"})
        self._buy(self.hormuz, "2024-01-19", 1)
        self.env["crm.customer"]._refresh_facts()
        customer.sudo().write({"satisfaction": 9, "satisfaction_date": "2024-01-20"})
        with freeze_time(SECOND):
            self.policy._run()
        row = self._rows(self.hormuz)[-1]
        self.assertEqual(row.loyalty_type, customer.loyalty_type)
        self.assertNotEqual(row.loyalty_type, row.loyalty_type_before)
        self.assertIn("attitude – → 0.90", row.reason)

    def test_the_matrix_says_who_went_where(self):
        self._move()
        matrix = self._matrix()
        self.assertEqual(
            self._cells(matrix),
            {("a", "b"): 1, ("b", False): 1, ("c", "a"): 1, (False, "c"): 1},
        )
        self.assertEqual(matrix["total"], 4)

    def test_the_matrix_adds_up_to_the_population_for_every_kind(self):
        self._move()
        for kind in ("abc_class", "rfm_segment", "loyalty_type"):
            matrix = self._matrix(kind=kind)
            later = matrix["total"] - matrix["totals"][-1]
            rated = self.env["crm.customer"].search_count(
                [("company_id", "=", self.arvand.id), (kind, "!=", False)]
            )
            self.assertEqual(later, rated, kind)
            earlier = sum(row["total"] for row in matrix["rows"][:-1])
            self.assertEqual(earlier, 3, kind)
            self.assertEqual(sum(self._cells(matrix).values()), matrix["total"])

    def test_each_figure_opens_as_many_customers_as_it_says(self):
        self._move()
        history = self.env["crm.loyalty.history"].with_user(self.sara)
        for kind in ("abc_class", "rfm_segment", "loyalty_type"):
            matrix = self._matrix(kind=kind)
            expected = dict(self._cells(matrix))
            expected.update(
                {(row["stage_id"], None): row["total"] for row in matrix["rows"]}
            )
            names = [state["id"] for state in matrix["states"]]
            expected.update(
                {(None, n): t for n, t in zip(names, matrix["totals"], strict=True)}
            )
            expected[None, None] = matrix["total"]
            for (before, after), count in expected.items():
                action = history.get_migration_action(
                    self._filters(kind=kind), {"before": before, "after": after}
                )
                found = self.env["crm.customer"].search_count(action["domain"])
                self.assertEqual(found, count, (kind, before, after))

    def test_a_salesperson_gets_the_matrix_of_own_customers(self):
        self._customer(self.hormuz).user_id = self.omid
        (self._customer(self.caspian) + self._customer(self.zagros)).user_id = self.nika
        self.assertEqual(self._matrix(self.omid)["total"], 1)
        self.assertEqual(self._matrix(self.sara)["total"], 3)
        self.assertEqual(self._matrix(user_id=self.nika.id)["total"], 2)

    def test_another_company_and_outsiders_get_nothing(self):
        self.assertEqual(self._matrix(self.bahar_manager)["total"], 0)
        self.assertEqual(
            self._matrix(self.bahar_manager, company_id=self.arvand.id)["total"], 0
        )
        for user in (self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self._matrix(user)

    def test_bad_dates_and_kinds_are_refused(self):
        for filters in (
            {"first": "2024-02-15"},
            {"first": False},
            {"last": "soon"},
            {"kind": "name"},
        ):
            with self.subTest(filters), self.assertRaises(UserError):
                self._matrix(**filters)

    def test_nobody_writes_history_whatever_his_rights(self):
        self.env["ir.model.access"].create(
            {
                "name": "too much",
                "model_id": self.env["ir.model"]._get_id("crm.loyalty.history"),
                "group_id": self.env.ref("crm_loyalty.group_manager").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        row = self._rows(self.hormuz).with_user(self.sara)
        for change in (
            lambda: row.write({"abc_class": "c"}),
            row.unlink,
            lambda: row.create({"customer_id": row.customer_id.id, "date_from": FIRST}),
        ):
            with self.assertRaisesRegex(AccessError, "written by the loyalty run"):
                change()

    def test_rows_from_before_get_their_kind_and_the_type_that_holds(self):
        self._move()
        rows = self.env["crm.loyalty.history"].search(
            [("company_id", "=", self.arvand.id)]
        )
        changes = {row.id: row.change for row in rows if row.change != "lost"}
        self.env.cr.execute(
            "UPDATE crm_loyalty_history SET change = NULL, figures = NULL,"
            " abc_class_before = NULL, loyalty_type = NULL WHERE id = ANY(%s)",
            [rows.ids],
        )
        path = "crm_loyalty/migrations/19.0.1.1.0/post-loyalty_history.py"
        runpy.run_path(file_path(path))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        found = {row.id: row.change for row in rows if row.id in changes}
        self.assertEqual(found, changes)
        risen = self._rows(self.zagros)[-1]
        self.assertEqual((risen.abc_class_before, risen.loyalty_type), ("c", "unknown"))
        self.assertFalse(risen.reason)

    def test_the_matrix_takes_a_constant_number_of_queries(self):
        self._matrix()
        with self.assertQueryCount(__system__=12):
            self.env["crm.loyalty.history"].get_migration(self._filters())
