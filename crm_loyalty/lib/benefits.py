"""What happens to one benefit of one customer, free of Odoo.

A grant is a value that a benefit has set on a customer: a pricelist, a payment term,
a service tier. It begins when the customer's class earns it and is taken back when the
class is lost and the time of grace is over. What a person has set by hand is left
alone, unless the benefit says otherwise; then the old value is kept for the way back.
"""

from datetime import date, timedelta
from typing import NamedTuple

ACTIVE, ENDING, BLOCKED = "active", "ending", "blocked"
"""States of an open grant: given; lost, in its time of grace; not given, a person set
something else."""


class Grant(NamedTuple):
    """An open grant. ``old`` is what stood there before."""

    state: str
    value: object
    old: object
    until: date | None = None


class Step(NamedTuple):
    """What to do: ``verb`` is one of give, block, keep, resume, lose, take, let.

    ``value`` is what will stand there afterwards, ``old`` what to restore one day.
    """

    verb: str
    value: object = None
    old: object = None
    until: date | None = None


def next_step(
    wanted: object,
    grant: Grant | None,
    current: object,
    by_hand: bool,
    replace: bool,
    grace: int,
    today: date,
) -> Step | None:
    """Decide about one benefit of one customer; None: there is nothing to do.

    :param wanted: the value that the class earns, None for none
    :param grant: the open grant, or None
    :param current: what stands there now
    :param by_hand: whether a person set it (it is neither empty nor the default)
    :param replace: whether the benefit may replace what a person set
    :param grace: days for which a lost benefit is kept

    >>> day = date(2026, 3, 1)
    >>> next_step(7, None, None, False, False, 30, day)
    Step(verb='give', value=7, old=None, until=None)
    >>> next_step(7, None, 5, True, False, 30, day).verb
    'block'
    >>> next_step(7, None, 5, True, True, 30, day).old
    5
    >>> next_step(None, Grant(ACTIVE, 7, 5), 7, False, False, 30, day).until
    datetime.date(2026, 3, 31)
    >>> next_step(None, Grant(ENDING, 7, 5, day), 7, False, False, 30, day)
    Step(verb='take', value=5, old=None, until=None)
    >>> next_step(None, Grant(ENDING, 7, 5, day), 9, True, False, 30, day).verb
    'let'
    """
    if wanted is not None:
        return _earned(wanted, grant, current, by_hand, replace)
    if grant is None:
        return None
    return _lost(grant, current, grace, today)


def _earned(wanted, grant, current, by_hand, replace):
    if grant is None:
        if by_hand and current != wanted and not replace:
            return Step("block", current, current)
        return Step("give", wanted, current)
    if grant.state == BLOCKED:
        if current == wanted or not by_hand or replace:
            return Step("give", wanted, current)
        return None if grant.value == wanted else Step("block", current, current)
    if current != grant.value:  # a person has set something else since
        return Step("give", wanted, grant.old) if replace else Step("let", current)
    if grant.value != wanted:  # another class, another value: the old one stays noted
        return Step("give", wanted, grant.old)
    return Step("resume", wanted, grant.old) if grant.state == ENDING else None


def _lost(grant, current, grace, today):
    if grant.state == BLOCKED:
        return Step("let", current)
    if current != grant.value:
        return Step("let", current)
    if grant.state == ACTIVE and grace > 0:
        return Step("lose", grant.value, grant.old, today + timedelta(days=grace))
    if grant.state == ENDING and today < grant.until:
        return None
    return Step("take", grant.old)
