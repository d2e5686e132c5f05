"""The SQL of the engine says the same as lib/."""

import random

from odoo.tests import tagged
from odoo.tools import SQL

from ..lib.pareto import abc_classes, concentration
from ..lib.rfm import scores, segment
from ..models.scoring import scored
from .common import LoyaltyCommon

EXAMPLES = 25


@tagged("post_install", "-at_install")
class TestScoring(LoyaltyCommon):
    def _score(self, facts, cuts=("0.80", "0.95"), bins=5):
        """Rows of `scored` for facts (day, purchases, revenue), by position."""
        rows = SQL(", ").join(
            SQL("(%s, DATE '2020-01-01' + %s, %s, %s::numeric)", place, *fact)
            for place, fact in enumerate(facts)
        )
        query = SQL(
            "SELECT * FROM (VALUES %s) fact (id, last_date, purchases, revenue)", rows
        )
        self.env.cr.execute(SQL("%s ORDER BY id", scored(query, *map(SQL, cuts), bins)))
        return self.env.cr.dictfetchall()

    def _random_facts(self, rng):
        return [
            (rng.randint(0, 20), rng.randint(1, 4), rng.randint(-20, 100))
            for _ in range(rng.randint(1, 30))
        ]

    def test_classes_and_scores_equal_the_plain_ones(self):
        rng = random.Random(20)
        for _ in range(EXAMPLES):
            facts = self._random_facts(rng)
            bins = rng.randint(2, 5)
            dates, counts, revenues = zip(*facts, strict=True)
            rows = self._score(facts, bins=bins)
            with self.subTest(facts=facts, bins=bins):
                found = [row["abc_class"] for row in rows]
                self.assertEqual(found, abc_classes(revenues))
                plain = [scores(column, bins) for column in (dates, counts, revenues)]
                for row, *three in zip(rows, *plain, strict=True):
                    columns = ("rfm_recency", "rfm_frequency", "rfm_monetary")
                    self.assertEqual([row[name] for name in columns], three)
                    self.assertEqual(row["rfm_segment"], segment(*three, bins))

    def test_concentration_equals_the_plain_one(self):
        rng = random.Random(21)
        for _ in range(EXAMPLES):
            values = [rng.randint(-20, 100) for _ in range(rng.randint(1, 30))]
            ranked = sorted(values, reverse=True)
            rows = SQL(", ").join(
                SQL("(%s::numeric, %s)", value, place)
                for place, value in enumerate(ranked, 1)
            )
            query = SQL(
                "SELECT * FROM (VALUES %s) r (rated_revenue, revenue_rank)", rows
            )
            found = self.env["crm.customer"]._get_concentration(query)
            for name, value in concentration(values)._asdict().items():
                if value is None:
                    self.assertIsNone(found[name])
                else:
                    self.assertAlmostEqual(found[name], value, 9)

    def test_a_single_customer_is_an_a(self):
        [row] = self._score([(0, 1, 10)])
        self.assertEqual((row["abc_class"], row["revenue_rank"]), ("a", 1))
        self.assertEqual(row["cumulative_share"], 1)

    def test_without_revenue_there_is_no_class(self):
        [row] = self._score([(0, 1, 0)])
        self.assertIsNone(row["abc_class"])
        self.assertIsNone(row["cumulative_share"])
        self.assertTrue(row["rfm_segment"])
