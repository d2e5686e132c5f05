"""Fixed limits between scores, as people write them: "30, 90, 180, 365"."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

_SEPARATORS = re.compile(r"[,;\s\u060c\u061b]+")


def parse(text: str) -> list[Decimal]:
    """Numbers of a text, separated by commas or spaces; other digits than ours, too.

    :raise ValueError: the part that is no number, or the first that does not rise

    >>> [str(cut) for cut in parse("30, 90;180  ۳۶۵")]
    ['30', '90', '180', '365']
    >>> parse("30, soon")
    Traceback (most recent call last):
        ...
    ValueError: soon
    >>> parse("90, 30")
    Traceback (most recent call last):
        ...
    ValueError: 30
    """
    cuts: list[Decimal] = []
    for part in filter(None, _SEPARATORS.split(text or "")):
        try:
            cut = Decimal(part)
        except InvalidOperation:
            raise ValueError(part) from None
        if not cut.is_finite() or (cuts and cut <= cuts[-1]):
            raise ValueError(part)
        cuts.append(cut)
    return cuts


def score_from(value, cuts: Sequence) -> int:
    """1 plus the limits that a value reaches: the more the better.

    >>> [score_from(value, [2, 4]) for value in (1, 2, 3, 4)]
    [1, 2, 2, 3]
    """
    return 1 + sum(value >= cut for cut in cuts)


def score_up_to(value, cuts: Sequence) -> int:
    """1 plus the limits that a value does not exceed: the less the better.

    >>> [score_up_to(days, [30, 90]) for days in (0, 30, 31, 90, 91)]
    [3, 3, 2, 2, 1]
    """
    return 1 + sum(value <= cut for cut in cuts)
