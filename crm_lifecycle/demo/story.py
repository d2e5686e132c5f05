"""The two years of "Arvand Pumps" as plain data: who bought what, how long ago.

Everything is counted in days before today, so the demo company never grows old, and
drawn from one seeded generator, so it is the same on every machine.
"""

from random import Random
from typing import NamedTuple

SEED = 1402
"""Of the random generator; another number tells another story."""


class Buyer(NamedTuple):
    """A customer who bought: every so many days, from first to last, days ago."""

    key: str
    first: int
    last: int
    every: int
    size: str  # which baskets: plant, works, shop
    owner: str
    pays_after: int  # days after the invoice, give or take
    euro: bool = False


class Prospect(NamedTuple):
    """Somebody who has not bought yet."""

    key: str
    title: str
    asked: int  # days ago
    revenue: int
    owner: str | None
    state: str  # lead, opportunity, quoted, lost


class Deal(NamedTuple):
    """One order: its day and the day on which it is paid, counted backwards."""

    key: str
    day: int
    lines: tuple[tuple[str, int], ...]  # (product, quantity)
    paid: int
    owner: str
    euro: bool
    number: int  # of the buyer's orders: 1 is the first


BUYERS = (
    Buyer("hormuz", 715, 6, 19, "plant", "omid", 28),
    Buyer("caspian", 708, 11, 26, "plant", "omid", 33),
    Buyer("karun", 690, 17, 28, "plant", "omid", 38),
    Buyer("alborz", 702, 9, 30, "plant", "nika", 58),
    Buyer("zagros", 640, 22, 36, "works", "nika", 26),
    Buyer("pardis", 580, 14, 38, "works", "nika", 21),
    Buyer("kavir", 660, 31, 46, "works", "omid", 66),
    Buyer("parsa", 520, 27, 48, "works", "nika", 61),
    Buyer("tabriz", 700, 402, 42, "works", "nika", 30),
    Buyer("atlas", 690, 430, 55, "works", "omid", 35),
    Buyer("shiraz", 64, 20, 40, "shop", "nika", 15),
    Buyer("mehr", 44, 44, 60, "works", "omid", 20),
    Buyer("saman", 600, 41, 140, "shop", "nika", 24),
    Buyer("sahand", 505, 505, 60, "shop", "nika", 19),
    Buyer("bam", 680, 250, 150, "shop", "omid", 25),
    Buyer("golestan", 430, 74, 120, "shop", "nika", 31),
    Buyer("yazd", 300, 33, 90, "shop", "omid", 27),
    Buyer("qeshm", 160, 16, 62, "shop", "omid", 22),
    Buyer("muscat", 350, 48, 74, "works", "omid", 29, True),
    Buyer("basra", 640, 498, 62, "works", "omid", 47, True),
)

PROSPECTS = (
    Prospect(
        "ahvaz", "Cooling water pumps, rolling mill 3", 52, 88000, "omid", "quoted"
    ),
    Prospect(
        "arg", "Leaching plant, eight dosing pumps", 34, 14500, "omid", "opportunity"
    ),
    Prospect("sepid", "Stock pumps for paper machine 1", 210, 36000, "nika", "lost"),
    Prospect("kish", "Pool and garden pumps, two villas", 12, 6200, "nika", "lead"),
    Prospect("rasht", "Asks for the catalogue", 25, 0, "nika", "lead"),
    Prospect("semnan", "Web form: price of a DP-10", 5, 1200, None, "lead"),
)

# More of those who buy already: what is in the pipeline, what was lost
CHANCES = (
    Prospect("hormuz", "Second desalination line", 40, 145000, "omid", "quoted"),
    Prospect(
        "caspian", "Monitoring for all stations", 21, 17000, "omid", "opportunity"
    ),
    Prospect("alborz", "Replace slurry pumps, kiln 2", 66, 52000, "nika", "quoted"),
    Prospect("pardis", "Clean room dosing, phase 2", 15, 9200, "nika", "opportunity"),
    Prospect("zagros", "Pasteuriser feed pump", 120, 5200, "nika", "lost"),
    Prospect("kavir", "Dewatering, south pit", 95, 41000, "omid", "lost"),
    Prospect("tabriz", "Dye house renewal", 390, 24000, "nika", "lost"),
    Prospect("karun", "Canal station 4", 8, 62000, "omid", "opportunity"),
)

STANDING = {
    "hormuz": "served",
    "caspian": "served",
    "karun": "served",
    "alborz": "served",
    "pardis": "served",
    "zagros": "trouble",
}

NOTES = {
    "hormuz": "<p>Call before seven: the morning shift decides. "
    "Dariush signs up to 50,000, above that the board.</p>",
    "zagros": "<p>Seal of the feed pump leaked twice this autumn. "
    "Parvin wants a visit, not a mail.</p>",
    "kavir": "<p>Pays after two reminders; agree on dates by phone.</p>",
}

# (customer, what, days from today)
NEXT_STEPS = (
    ("hormuz", "Send the offer for the second line", 2),
    ("zagros", "Call about the leaking seal", 0),
    ("kavir", "Ask for the overdue invoices", -3),
    ("tabriz", "Win back: invite to the factory day", 7),
)

BASKETS = {
    "plant": (
        (("ap80", 2), ("install", 1), ("seal_kit", 4)),
        (("ap80", 3), ("install", 2)),
        (("ap40", 3), ("impeller", 2), ("install", 1)),
        (("ap80", 1), ("monitoring", 12)),
        (("impeller", 6), ("seal_kit", 20), ("maintenance", 4)),
        (("maintenance", 6), ("monitoring", 12), ("seal_kit", 12)),
    ),
    "works": (
        (("ap40", 1), ("seal_kit", 4)),
        (("dosing", 2), ("seal_kit", 2)),
        (("impeller", 3), ("seal_kit", 6), ("maintenance", 1)),
        (("maintenance", 2), ("seal_kit", 3)),
        (("dosing", 1), ("install", 1)),
    ),
    "shop": (
        (("dosing", 1),),
        (("seal_kit", 4), ("maintenance", 1)),
        (("impeller", 1), ("seal_kit", 3)),
    ),
}


def tell():
    """Return the deals of all buyers, the oldest first.

    >>> deals = tell()
    >>> 200 <= len(deals) <= 260
    True
    >>> deals == tell()
    True
    >>> [deal.key for deal in deals if deal.number == 1 and deal.day < 60]
    ['mehr']
    """
    random = Random(SEED)
    deals = []
    for buyer in BUYERS:
        for number, day in enumerate(_draw_days(buyer, random), start=1):
            basket = random.choice(BASKETS[buyer.size])
            if number == 1 and buyer.size != "shop":
                basket = BASKETS[buyer.size][0]  # they began with a pump
            lag = max(3, round(random.gauss(buyer.pays_after, 6)))
            deals.append(
                Deal(
                    buyer.key,
                    day,
                    basket,
                    day - lag,
                    buyer.owner,
                    buyer.euro,
                    number,
                )
            )
    return sorted(deals, key=lambda deal: (-deal.day, deal.key))


def _draw_days(buyer, random):
    """Return the days of the buyer's orders, the first and the last one exactly."""
    days, day = [], buyer.first
    while day > buyer.last:
        days.append(day)
        day -= max(4, round(random.gauss(buyer.every, buyer.every / 6)))
    return [*days, buyer.last] if days else [buyer.last]
