"""Customer lifetime value over a finite horizon, discounted.

The horizon is cut into months of 30 days, the last one as short as needed; what is
expected to be bought in a month counts at the month's end, and twelve months are a
year. Times of the purchase model are in its own unit, so the length of a month in that
unit is stated by the caller: taking weeks for days makes the value about four times
too high, a mistake that is widely copied.

    value = sum over months i of
            (expected purchases of month i) * (value of a purchase) * (margin)
            / (1 + yearly rate)**(i / 12)
"""

import numpy as np

from . import nbd

MONTH_DAYS = 30.0
UNIT_DAYS = {"day": 1.0, "week": 7.0, "month": MONTH_DAYS}


def month_ends(days: float) -> list[float]:
    """Ends of the months of a horizon, in months.

    >>> month_ends(75)
    [1.0, 2.0, 2.5]
    >>> len(month_ends(360))
    12
    """
    whole = int(days // MONTH_DAYS)
    ends = [float(number) for number in range(1, whole + 1)]
    return ends if whole * MONTH_DAYS == days else [*ends, days / MONTH_DAYS]


def discounted_if_alive(model, params, x, T, days, unit, yearly_rate=0.0):
    """Discounted number of purchases of a customer who is alive at `T`.

    :param days: the horizon, in days
    :param unit: day, week or month: the unit of `T` and of ``params.alpha``
    :param yearly_rate: 0.1 means that money in a year is worth a tenth less
    :return: array like `x`
    """
    x, T = np.broadcast_arrays(np.asarray(x, float), np.asarray(T, float))
    total, before = np.zeros(x.shape), np.zeros(x.shape)
    month = MONTH_DAYS / UNIT_DAYS[unit]
    for end in month_ends(days):
        until = nbd.expected_if_alive(model, params, x, T, end * month)
        total += (until - before) / (1 + yearly_rate) ** (end / 12)
        before = until
    return total
