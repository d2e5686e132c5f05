from random import Random

import pytest

from ..lib.loyalty_type import (
    TYPES,
    Evidence,
    Thresholds,
    behaviour,
    loyalty_type,
    wallet_share,
)


def random_evidence(random):
    def maybe(low, high):
        return random.uniform(low, high) if random.random() < 0.7 else None

    return Evidence(
        maybe(0, 1), maybe(0, 8), maybe(0, 1), maybe(0, 10), maybe(0, 10), maybe(0, 1)
    )


def test_every_customer_gets_one_of_the_types_and_all_types_occur():
    random = Random(7)
    found = {
        loyalty_type(random_evidence(random), Thresholds()) for _turn in range(3000)
    }
    assert found == set(TYPES)


def test_without_an_answer_the_type_is_unknown_whatever_he_buys():
    random = Random(8)
    for _turn in range(500):
        evidence = random_evidence(random)._replace(
            satisfaction=None, recommendation=None
        )
        assert loyalty_type(evidence, Thresholds()) == "unknown"


def test_the_thresholds_themselves_count_as_high():
    limits = Thresholds(0.4, 3.0, 0.6, 8.0, 0.5)
    at_the_line = Evidence(alive=0.4, wallet=0.6, satisfaction=8)
    assert loyalty_type(at_the_line, limits) == "loyal"
    assert loyalty_type(at_the_line._replace(alive=0.39), limits) != "loyal"
    assert loyalty_type(at_the_line._replace(wallet=0.59), limits) != "loyal"
    assert loyalty_type(at_the_line._replace(satisfaction=7.9), limits) != "loyal"
    assert behaviour(Evidence(rhythm=3.0), limits) == 0.5


def test_buying_more_or_liking_us_more_never_makes_him_less_loyal():
    order = ["competitor_loyal", "disloyal", "relatively_loyal", "loyal"]
    random = Random(9)
    for _turn in range(2000):
        evidence = random_evidence(random)
        before = loyalty_type(evidence, Thresholds())
        better = evidence._replace(
            alive=evidence.alive and min(1, evidence.alive + 0.2),
            rhythm=evidence.rhythm and evidence.rhythm / 2,
            wallet=evidence.wallet and min(1, evidence.wallet + 0.2),
            satisfaction=evidence.satisfaction and min(10, evidence.satisfaction + 2),
        )
        after = loyalty_type(better, Thresholds())
        if before != "unknown":
            assert order.index(after) >= order.index(before)


def test_a_rank_beyond_the_suppliers_is_refused():
    for rank, suppliers in ((0, 3), (4, 3), (1, 0)):
        with pytest.raises(ValueError):
            wallet_share(rank, suppliers)
