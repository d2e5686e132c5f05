"""The CDNOW sample as the papers use it: 39 weeks seen, 39 weeks held out."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import numpy as np

from . import cdnow

CUT, END = date(1997, 9, 30), date(1998, 6, 30)


class Sample(NamedTuple):
    """2,357 customers in the order of the file; times in weeks."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    value: np.ndarray  # mean of the repeat purchases, 0 without any
    later: np.ndarray  # purchases held out
    born: np.ndarray  # first purchase, in weeks from the first of all


def load():
    days = defaultdict(lambda: defaultdict(float))
    for one in cdnow.purchases(cdnow.SAMPLE):
        days[one.customer][date.fromisoformat(one.date)] += float(one.amount)
    start = min(min(amounts) for amounts in days.values())
    rows = [_measure(days[number], start) for number in sorted(days)]
    return Sample(*(np.array(column) for column in zip(*rows, strict=True)))


def _measure(amounts, start):
    dates = sorted(amounts)
    seen = [day for day in dates if day <= CUT]
    first, repeats = seen[0], seen[1:]
    return (
        float(len(repeats)),
        (seen[-1] - first).days / 7,
        (CUT - first).days / 7,
        float(np.mean([amounts[day] for day in repeats])) if repeats else 0.0,
        len(dates) - len(seen),
        (first - start).days / 7,
    )
