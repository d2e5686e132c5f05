"""Segments and processes of "Arvand Pumps" as plain data, days counted backwards."""

from typing import NamedTuple

# (name, title, type, what can be chosen)
PROFILE = (
    ("values", "What they value most", "selection", ("safety", "price", "speed")),
    ("innovation", "Attitude to innovation", "selection", ("early", "waits", "late")),
    ("price_sensitive", "Looks at the price first", "boolean", ()),
    ("decides", "How they decide", "selection", ("alone", "board", "tender")),
)
LABELS = {
    "safety": "Safety of operation",
    "price": "Price",
    "speed": "Speed",
    "early": "Among the first",
    "waits": "Waits for references",
    "late": "Among the last",
    "alone": "One person",
    "board": "A board",
    "tender": "By tender",
}

# customer: what he values, attitude, looks at the price, decides
CHARACTERS = {
    "hormuz": ("safety", "early", False, "board"),
    "caspian": ("safety", "waits", True, "tender"),
    "karun": ("price", "waits", True, "tender"),
    "alborz": ("speed", "waits", False, "alone"),
    "zagros": ("speed", "late", True, "alone"),
    "pardis": ("safety", "early", False, "board"),
    "kavir": ("price", "late", True, "alone"),
    "parsa": ("price", "waits", True, "board"),
    "muscat": ("safety", "early", False, "board"),
    "yazd": ("speed", "waits", False, "alone"),
    "qeshm": ("speed", "early", False, "alone"),
}

# (key, name, owner, colour, purpose, condition)
SEGMENTS = (
    (
        "key",
        "Key accounts",
        "sara",
        1,
        "An account plan each, a visit every quarter.",
        "[('revenue_total', '>', 150000)]",
    ),
    (
        "water",
        "Water and waste",
        "omid",
        4,
        "Long life and energy use decide; offer monitoring.",
        "[('partner_id.industry_id', '=', %(water)s)]",
    ),
    (
        "early",
        "First to try new things",
        "nika",
        10,
        "Ask them first when a new pump is to be tested.",
        "[('profile.innovation', '=', 'early')]",
    ),
    (
        "silent",
        "Silent for half a year",
        "nika",
        2,
        "Call, ask why, invite to the factory day.",
        "[('order_count', '>', 0), ('last_order_date', '<', '-182d')]",
    ),
)
FACTORY_DAY = ("hormuz", "caspian", "pardis", "tabriz", "muscat", "golestan")


class Process(NamedTuple):
    """A process, what people think of it, and what customers answered on average."""

    key: str
    name: str
    owner: str
    segments: tuple[str, ...]
    about: str
    effects: dict[str, tuple[int, str]]  # goal: (effect, reason)
    answers: tuple[float, float, float] | None  # importance, satisfaction, effort
    cost: tuple[int, str] | None
    share: tuple[int, str] | None
    target: tuple[str, str, str, float] | None  # name, unit, direction, value
    measured: tuple[float, ...]  # month by month, the latest last


PROCESSES = (
    Process(
        "quotation",
        "Quotation",
        "nika",
        ("key", "water"),
        "From the question to a priced offer with delivery date.",
        {
            "acquire": (3, "Whoever answers first is asked first"),
            "develop": (2, "Spare parts are bought where the offer comes quickly"),
        },
        (4.1, 3.4, 2.6),
        (120, "Two hours of a planner, told by Pardis"),
        (15, "Lost reasons of last year: late offer"),
        ("Working days to an offer", "days", "down", 3),
        (6.5, 5.0, 4.2, 3.4),
    ),
    Process(
        "order",
        "Order handling and delivery",
        "omid",
        ("key", "water", "early"),
        "From the order to the pump on the customer's ground, on the promised day.",
        {
            "retain": (3, "Standstill at the customer costs more than the pump"),
            "serve": (2, "Every call of last month asked for a date"),
            "develop": (1, "Follow-up orders came after punctual ones"),
        },
        (4.8, 2.9, 3.1),
        (900, "A day of a crane and two fitters who wait, Hormuz"),
        (30, "Answers of the customers who left us"),
        ("Delivered on the promised day", "%", "up", 95),
        (81, 84, 88, 90),
    ),
    Process(
        "commissioning",
        "Commissioning on site",
        "omid",
        ("key",),
        "Our fitter sets the pump going and trains the shift.",
        {
            "serve": (3, "The first week decides what they think of us"),
            "retain": (2, "Trained shifts have half as many faults"),
        },
        (4.4, 4.5, 1.8),
        None,
        (10, "Maintenance contracts signed at commissioning"),
        ("Pumps running on the first day", "%", "up", 90),
        (92, 95, 94),
    ),
    Process(
        "parts",
        "Spare parts",
        "nika",
        ("water", "silent"),
        "From the fault to the part in the fitter's hand.",
        {
            "retain": (3, "The pump stands until the part is there"),
            "develop": (2, "Every third order is a part"),
            "serve": (3, "It is why customers call us"),
        },
        (4.7, 2.3, 3.9),
        (2400, "A shift of standstill, Alborz and Zagros"),
        (20, "Service revenue of customers with more than two pumps"),
        ("Parts sent the same day", "%", "up", 80),
        (48, 55, 61),
    ),
    Process(
        "complaint",
        "Complaint handling",
        "sara",
        ("key", "water", "silent"),
        "From the first call to the customer saying that it is settled.",
        {
            "retain": (3, "Whoever complains in vain does not come back"),
            "serve": (2, "An answer on the same day calms most"),
        },
        (4.3, 2.6, 4.2),
        (300, "Calls and letters until somebody answers, Zagros"),
        None,
        ("Settled within five working days", "%", "up", 90),
        (),
    ),
    Process(
        "invoicing",
        "Invoicing",
        "sara",
        ("key", "early"),
        "From the delivery to an invoice that the customer can book as it is.",
        {"serve": (1, "Few ask, but wrong ones are paid late")},
        (2.6, 4.2, 2.0),
        None,
        None,
        None,
        (),
    ),
    Process(
        "training",
        "Training of operators",
        "omid",
        ("early",),
        "Two days at the factory for the people who run the pumps.",
        {},
        None,
        None,
        None,
        None,
        (),
    ),
)

# (process, what, who, due in days, state, expected, checked)
CHANGES = (
    ("parts", "Stock the ten fastest parts in Tehran", "nika", 12, "doing", "Next day"),
    ("parts", "Order seal kits from the serial number", "omid", -4, "todo", "No calls"),
    ("order", "Tell a delay before the customer asks", "omid", 25, "todo", "Trust"),
    ("quotation", "Standard offers for the DP series", "nika", -40, "done", "Two days"),
)
# (process, from, to, what, hours, cases: hours each took)
HANDOVERS = (
    ("quotation", "Sales", "Engineering", "Duty point", 8, (5, 7, 12, 6)),
    ("order", "Sales", "Production planning", "Clean order", 4, (2, 3, 9, 3, 4)),
    ("order", "Production", "Dispatch", "Tested pump", 16, (10, 14, 22)),
    ("parts", "Service desk", "Store", "Part number", 2, (1, 2, 6, 5)),
)
# (process, segment, days ago, next in days, findings, decision)
REVIEWS = (
    ("parts", "water", 100, -10, "Half of the parts wait for a number.", "Serial scan"),
    ("order", None, 60, 30, "Dates are promised without planning.", "Ask first"),
    ("complaint", "key", 20, 70, "Nobody owns a case across shifts.", "One owner"),
)
