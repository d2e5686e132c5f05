"""The figures behind the heat map, and the movement of the last run."""

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestRfmMap(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner, amount in ((cls.hormuz, 80), (cls.caspian, 15), (cls.zagros, 5)):
            cls._buy(partner, "2023-01-01", amount)
        with freeze_time("2024-01-10"):
            cls._run()

    def _rfm(self, user=None):
        user = user or self.sara
        context = {"allowed_company_ids": user.company_ids.ids}
        return (
            self.env["crm.customer"].with_user(user).with_context(**context).get_rfm()
        )

    def test_everybody_rated_is_in_one_cell_with_his_revenue(self):
        data = self._rfm()
        self.assertEqual(sum(cell["customers"] for cell in data["cells"]), 3)
        self.assertEqual(sum(cell["revenue"] for cell in data["cells"]), 100)
        best = max(data["cells"], key=lambda cell: cell["monetary"])
        hormuz = self._customer(self.hormuz)
        self.assertEqual(best["segment"], hormuz.rfm_segment)
        self.assertEqual(best["revenue"], 80)
        codes = [one["code"] for one in data["segments"]]
        self.assertEqual(codes[0], "champion")

    def test_the_map_is_as_large_as_the_scores_of_the_run(self):
        self.assertEqual(self._rfm()["bins"], 5)
        self.policy.rfm_bins = 3
        self.assertEqual(self._rfm()["bins"], 5)
        self._run()
        self.assertEqual(self._rfm()["bins"], 3)

    def test_the_first_run_has_everybody_as_new(self):
        moves = self._rfm()["movement"]["moves"]
        self.assertEqual({move["before"] for move in moves}, {False})
        self.assertEqual(sum(move["customers"] for move in moves), 3)

    def test_the_movement_is_that_of_the_last_run_and_opens_who_moved(self):
        before = self._customer(self.zagros).rfm_segment
        self._buy(self.zagros, "2024-01-11", 995)
        with freeze_time("2024-02-10"):
            run = self._run()
        after = self._customer(self.zagros).rfm_segment
        movement = self._rfm()["movement"]
        self.assertEqual((movement["run_id"], movement["date"]), (run.id, "2024-02-10"))
        move = {"before": before, "after": after, "customers": 1}
        self.assertIn(move, movement["moves"])
        held = [
            ("run_id", "=", run.id),
            ("rfm_segment_before", "=", before),
            ("rfm_segment", "=", after),
        ]
        found = self.env["crm.customer"].with_user(self.sara)
        found = found.search([("loyalty_history_ids", "any", held)])
        self.assertEqual(found.partner_id, self.zagros)

    def test_a_run_in_which_nobody_moved_says_so(self):
        with freeze_time("2024-01-10"):
            self._run()
            self._run()
        self.assertEqual(self._rfm()["movement"]["moves"], [])

    def test_a_salesperson_sees_own_customers_in_it(self):
        self._customer(self.hormuz).user_id = self.omid
        (self._customer(self.caspian) + self._customer(self.zagros)).user_id = self.nika
        data = self._rfm(self.omid)
        self.assertEqual([cell["customers"] for cell in data["cells"]], [1])
        self.assertEqual(sum(m["customers"] for m in data["movement"]["moves"]), 1)

    def test_an_empty_company_has_an_empty_map_and_outsiders_none(self):
        data = self._rfm(self.bahar_manager)
        self.assertEqual((data["cells"], data["movement"]), ([], False))
        for user in (self.leila, self.portal, self.public):
            with self.assertRaises(AccessError):
                self._rfm(user)
