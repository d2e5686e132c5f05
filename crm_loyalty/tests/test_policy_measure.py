"""Fixed limits of the scores."""

import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..lib.cuts import score_from, score_up_to
from ..lib.rfm import segment
from ..models.scoring import FixedCuts, scored
from .common import LoyaltyCommon

AS_OF = date(2024, 1, 1)


@tagged("post_install", "-at_install")
class TestPolicyMeasure(LoyaltyCommon):
    def test_fixed_scores_equal_the_plain_ones(self):
        rng = random.Random(30)
        for _ in range(20):
            bins = rng.randint(2, 5)
            limits = [sorted(rng.sample(range(1, 40), bins - 1)) for _ in range(3)]
            facts = [
                (rng.randint(0, 45), rng.randint(1, 45), rng.randint(-20, 45))
                for _ in range(rng.randint(1, 12))
            ]
            rows = SQL(", ").join(
                SQL(
                    "(%s, %s::date, %s, %s::numeric)", place, AS_OF - timedelta(d), n, r
                )
                for place, (d, n, r) in enumerate(facts)
            )
            query = SQL(
                "SELECT * FROM (VALUES %s) fact (id, last_date, purchases, revenue)",
                rows,
            )
            cuts = FixedCuts(AS_OF, *([Decimal(x) for x in one] for one in limits))
            self.env.cr.execute(
                SQL(
                    "%s ORDER BY id",
                    scored(query, Decimal("0.8"), Decimal("0.95"), bins, cuts),
                )
            )
            for row, (days, count, revenue) in zip(
                self.env.cr.dictfetchall(), facts, strict=True
            ):
                expected = (
                    score_up_to(days, limits[0]),
                    score_from(count, limits[1]),
                    score_from(revenue, limits[2]),
                )
                with self.subTest(limits=limits, fact=(days, count, revenue)):
                    found = tuple(
                        row[f"rfm_{name}"]
                        for name in ("recency", "frequency", "monetary")
                    )
                    self.assertEqual(found, expected)
                    self.assertEqual(row["rfm_segment"], segment(*expected, bins))

    def test_a_run_scores_by_fixed_limits(self):
        self._buy(self.hormuz, "2023-12-01", 5000)
        self._buy(self.caspian, "2020-01-01", 10)
        self.policy.write(
            {
                "rfm_method": "fixed",
                "rfm_bins": 3,
                "recency_cuts": "31 365",
                "frequency_cuts": "2, 4",
                "monetary_cuts": "1000, ۵۰۰۰",
                "date_as_of": AS_OF,
            }
        )
        self._run()
        names = ("rfm_recency", "rfm_frequency", "rfm_monetary")
        scores = [
            tuple(self._customer(one)[name] for name in names)
            for one in (self.hormuz, self.caspian)
        ]
        self.assertEqual(scores, [(3, 1, 3), (1, 1, 1)])

    def test_limits_that_make_no_sense_are_refused_in_words(self):
        for values, words in (
            ({"recency_cuts": "30, soon, 90, 100"}, "soon"),
            ({"frequency_cuts": "4, 2, 7, 12"}, "2"),
            ({"monetary_cuts": "1000, 2000"}, "4 limits"),
            ({"recency_cuts": False}, "4 limits"),
        ):
            with self.subTest(values), self.assertRaises(ValidationError) as caught:
                self.policy.write({"rfm_method": "fixed", **values})
            self.assertIn(words, str(caught.exception))
        self.policy.write({"rfm_method": "distribution", "recency_cuts": "none"})
