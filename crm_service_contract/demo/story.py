"""Contracts and manufacturing orders of "Arvand Pumps" as plain data.

Days are counted back from today, so that the demo company never grows old.
"""

from random import Random
from typing import NamedTuple

SEED = 1403
MONTHS = 15
BOMS = {
    "ap40": (("seal_kit", 1), ("impeller", 1)),
    "ap80": (("seal_kit", 2), ("impeller", 2)),
    "dosing": (("seal_kit", 1),),
}


class Line(NamedTuple):
    product: str
    quantity: float
    unit: str
    mode: str = "pre"
    discount: float = 0.0
    note: str = ""


class Contract(NamedTuple):
    """One contract: ``start`` and ``end`` are months before this one (end: or None)."""

    key: str
    customer: str
    name: str
    owner: str
    start: int
    day: int
    end: int | None
    lines: tuple[Line, ...]
    state: str = "running"
    terms: str = ""
    unpaid: int = 0


class Production(NamedTuple):
    """A manufacturing order: due and finished so many days ago; None: not yet."""

    product: str
    quantity: int
    due: int
    finished: int | None


CARE = (
    "<p>We keep the pumps running:</p><ul>"
    "<li>response within four working hours, on site within two days;</li>"
    "<li>seals and impellers are changed at list price less 10 %;</li>"
    "<li>one named engineer, who knows the plant.</li></ul>"
    "<p>Either side may end the contract with three months' notice.</p>"
)
WATCH = (
    "<p>Vibration, temperature and flow are watched day and night. You are called "
    "before a bearing fails, with a proposal for the repair.</p>"
)

CONTRACTS = (
    Contract(
        "hormuz_care",
        "hormuz",
        "Full care for the AP-80 pumps of hall A",
        "omid",
        14,
        20,
        -22,
        (
            Line("monitoring", 4, "month"),
            Line("maintenance", 2, "quarter", "post", 0.0, "Two visits per quarter"),
        ),
        terms=CARE,
        unpaid=2,
    ),
    Contract(
        "hormuz_dosing",
        "hormuz",
        "Yearly inspection of the dosing pumps",
        "nika",
        8,
        1,
        None,
        (Line("maintenance", 3, "year", "pre", 5.0, "Calibration included"),),
        terms=CARE,
    ),
    Contract(
        "caspian_watch",
        "caspian",
        "Remote monitoring of twelve pumping stations",
        "omid",
        11,
        1,
        -13,
        (Line("monitoring", 12, "month", "pre", 10.0),),
        terms=WATCH,
        unpaid=1,
    ),
    Contract(
        "zagros_hygiene",
        "zagros",
        "Hygienic service of the dairy line",
        "nika",
        6,
        15,
        -6,
        (Line("maintenance", 1, "month", "post"), Line("monitoring", 2, "month")),
        terms=CARE,
    ),
    Contract(
        "pardis_clean",
        "pardis",
        "Clean-room pumps: care and monitoring",
        "omid",
        9,
        31,
        None,
        (Line("monitoring", 3, "month"), Line("maintenance", 1, "quarter", "post")),
        terms=CARE,
        unpaid=1,
    ),
    Contract(
        "alborz_slurry",
        "alborz",
        "Slurry pumps: quarterly overhaul",
        "nika",
        10,
        1,
        -1,
        (Line("maintenance", 4, "quarter"),),
        terms=CARE,
    ),
    Contract(
        "mehr_standby",
        "mehr",
        "Stand-by service for the hospital",
        "nika",
        15,
        1,
        2,
        (Line("maintenance", 1, "month"),),
        terms=CARE,
    ),
    Contract(
        "tabriz_watch",
        "tabriz",
        "Monitoring of the dye house",
        "omid",
        12,
        1,
        None,
        (Line("monitoring", 2, "month"),),
        state="terminated",
        terms=WATCH,
    ),
    Contract(
        "kavir_care",
        "kavir",
        "Mine drainage: full care (proposal)",
        "omid",
        0,
        1,
        None,
        (Line("monitoring", 6, "month"), Line("maintenance", 2, "month", "post")),
        state="draft",
        terms=CARE,
    ),
)


def tell_productions():
    """Two to four orders a month; half a year ago castings came late for two months.

    >>> orders = tell_productions()
    >>> orders == tell_productions()
    True
    >>> sum(order.finished is None for order in orders) > 0
    True
    """
    random, orders = Random(SEED), []
    for month in range(MONTHS, -2, -1):
        late_share = 0.55 if month in (6, 7) else 0.12
        for _number in range(random.randint(2, 4)):
            due = month * 30 - random.randint(0, 29)
            product = random.choice(("ap40", "ap40", "ap80", "dosing"))
            late = random.random() < late_share
            days = random.randint(1, 9) if late else -random.randint(0, 5)
            finished = due - days
            orders.append(
                Production(
                    product,
                    random.randint(1, 6),
                    due,
                    finished if finished > 0 else None,
                )
            )
    return orders
