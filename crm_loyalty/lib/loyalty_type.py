"""The four types of customers by behaviour and attitude.

Source: Dick & Basu, "Customer Loyalty: Toward an Integrated Conceptual Framework",
*Journal of the Academy of Marketing Science* 22 (1994): loyalty is repeat patronage
together with a favourable attitude. High on both: loyal. High on one only (they call it
spurious or latent loyalty): relatively loyal. Low on both: disloyal, or loyal to a
competitor where one is known to get the larger part of what the customer spends.

Share of wallet from ranks alone: the Wallet Allocation Rule of Keiningham et al.,
"Customer Loyalty Isn't Enough. Grow Your Share of Wallet", *Harvard Business Review*
(October 2011).

Both scores run from 0 to 1. A behaviour of exactly one half stands on the thresholds.
"""

from typing import NamedTuple

TYPES = ("loyal", "relatively_loyal", "disloyal", "competitor_loyal", "unknown")


class Evidence(NamedTuple):
    """What is known of one customer; None is "nobody knows", never a middle value."""

    alive: float | None = None
    """Probability that he still buys, 0 to 1."""
    rhythm: float | None = None
    """Days since the last purchase, in his usual gaps between two purchases."""
    wallet: float | None = None
    """Our share of what he spends on such things, 0 to 1."""
    satisfaction: float | None = None
    """0 to 10."""
    recommendation: float | None = None
    """0 to 10."""
    competitor: float | None = None
    """Share of the competitor who gets most, 0 to 1."""


class Thresholds(NamedTuple):
    alive: float = 0.5
    rhythm: float = 2.0
    wallet: float = 0.5
    attitude: float = 7.0
    competitor: float = 0.5


def behaviour(evidence: Evidence, thresholds: Thresholds) -> float | None:
    """How faithfully he buys, 0 to 1; from one half on it is high.

    The weakest known sign decides. The rhythm counts only where no probability is
    known: both say whether he still buys.

    >>> behaviour(Evidence(alive=0.5, wallet=0.8), Thresholds())
    0.5
    >>> behaviour(Evidence(rhythm=4.0), Thresholds())
    0.25
    >>> behaviour(Evidence(satisfaction=9), Thresholds()) is None
    True
    """
    signs = []
    if evidence.alive is not None:
        signs.append(evidence.alive / (2 * thresholds.alive))
    elif evidence.rhythm is not None:
        signs.append(thresholds.rhythm / (2 * max(evidence.rhythm, 1e-9)))
    if evidence.wallet is not None:
        signs.append(evidence.wallet / (2 * thresholds.wallet))
    return min(1.0, *signs) if signs else None


def attitude(evidence: Evidence) -> float | None:
    """How he thinks of us, 0 to 1: the mean of the answers that are known.

    >>> attitude(Evidence(satisfaction=8, recommendation=9))
    0.85
    >>> attitude(Evidence(alive=1.0)) is None
    True
    """
    answers = [
        answer
        for answer in (evidence.satisfaction, evidence.recommendation)
        if answer is not None
    ]
    return sum(answers) / len(answers) / 10 if answers else None


def loyalty_type(evidence: Evidence, thresholds: Thresholds) -> str:
    """One of TYPES. Without an attitude, or without behaviour: unknown.

    >>> kind = lambda **known: loyalty_type(Evidence(**known), Thresholds())
    >>> kind(alive=0.9, satisfaction=9), kind(alive=0.9, satisfaction=3)
    ('loyal', 'relatively_loyal')
    >>> kind(alive=0.1, satisfaction=9), kind(alive=0.1, satisfaction=3)
    ('relatively_loyal', 'disloyal')
    >>> kind(alive=0.1, satisfaction=3, wallet=0.2, competitor=0.8)
    'competitor_loyal'
    >>> kind(alive=0.9), kind(satisfaction=9)
    ('unknown', 'unknown')
    """
    how, feeling = behaviour(evidence, thresholds), attitude(evidence)
    if how is None or feeling is None:
        return "unknown"
    faithful, fond = how >= 0.5, feeling >= thresholds.attitude / 10
    if faithful and fond:
        return "loyal"
    if faithful or fond:
        return "relatively_loyal"
    if evidence.competitor is not None and evidence.competitor >= thresholds.competitor:
        return "competitor_loyal"
    return "disloyal"


def wallet_share(rank: int, suppliers: int) -> float:
    """Share of wallet of the supplier on a rank, by the Wallet Allocation Rule.

    :param rank: 1 for the customer's first choice
    :param suppliers: how many he uses, at least the rank
    :raise ValueError: when the rank is none

    >>> round(wallet_share(1, 2), 4), round(wallet_share(2, 2), 4)
    (0.6667, 0.3333)
    >>> wallet_share(1, 1)
    1.0
    >>> round(sum(wallet_share(rank, 5) for rank in range(1, 6)), 9)
    1.0
    """
    if not 1 <= rank <= suppliers:
        raise ValueError(f"rank {rank} among {suppliers}")
    return (1 - rank / (suppliers + 1)) * 2 / suppliers
