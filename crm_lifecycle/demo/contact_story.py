"""Where customers meet "Arvand Pumps" and what they said there: plain data."""

# (name, channel, stages, owner, direction, address)
TOUCHPOINTS = (
    ("Sales hotline", "phone", "identify select acquire", "omid", "in", "ext. 1210"),
    ("Service hotline", "phone", "develop retain", "nika", "in", "ext. 1220"),
    ("Call to silent customers", "phone", "lost", "omid", "out", ""),
    ("Enquiries", "mail", "identify select acquire", "nika", "in", "info@…"),
    ("Order desk", "mail", "develop retain", "nika", "both", "orders@…"),
    ("Invoices and reminders", "mail", "develop retain", "sara", "out", "accounts@…"),
    ("Delivery notices", "sms", "develop retain", "nika", "out", ""),
    ("Framework offers", "letter", "retain", "sara", "out", ""),
    ("Plant visit", "visit", "select acquire develop", "omid", "out", ""),
    ("Factory day", "visit", "retain lost", "sara", "in", "Khorramshahr"),
    ("Water Expo", "visit", "identify", "sara", "in", "Tehran, hall 12"),
    ("Web form", "web", "identify select", "nika", "in", "/contactus"),
    ("Customer portal", "portal", "develop retain", "nika", "in", "/my"),
    ("WhatsApp of the sales team", "messaging", "acquire develop", "omid", "both", ""),
)

# (customer, channel, direction, days ago, minutes, summary)
INTERACTIONS = (
    ("hormuz", "phone", "in", 4, 6, "Asked when the second line can be offered"),
    ("hormuz", "phone", "in", 33, 12, "Spare seals for the spring overhaul"),
    ("hormuz", "phone", "in", 71, 4, "Thanked for the quick delivery"),
    ("hormuz", "visit", "out", 58, 90, "Walked through the intake station"),
    ("caspian", "messaging", "in", 2, 0, "Photo of a worn impeller"),
    ("caspian", "messaging", "in", 19, 0, "Asked for the data sheet of the AP-80"),
    ("caspian", "phone", "out", 12, 9, "Agreed on the monitoring trial"),
    ("zagros", "phone", "in", 1, 15, "Feed pump leaks again"),
    ("zagros", "phone", "in", 9, 8, "Wants a visit, not a mail"),
    ("alborz", "letter", "in", 45, 0, "Signed price agreement"),
    ("alborz", "fax", "in", 16, 0, "Purchase order for slurry pumps"),
    ("pardis", "visit", "in", 27, 60, "Came to see the clean room pumps tested"),
    ("kavir", "phone", "out", 6, 5, "Promised to pay by the end of the month"),
    ("tabriz", "phone", "out", 20, 3, "Nobody could decide; call in autumn"),
    ("semnan", "web", "in", 5, 0, "Price of a DP-10"),
)

# (customer, purpose, channel, state, source, days ago, words)
CONSENTS = (
    ("hormuz", "marketing", None, "given", "form", 400, "Signed at the Water Expo"),
    ("caspian", "marketing", "mail", "given", "portal", 210, "Ticked in the portal"),
    ("zagros", "marketing", None, "given", "form", 320, ""),
    ("zagros", "marketing", None, "withdrawn", "phone", 9, "First repair the pump!"),
    ("alborz", "all", "sms", "refused", "letter", 45, "No phones on the kiln floor"),
    (
        "atlas",
        "all",
        None,
        "refused",
        "mail",
        130,
        "Moved to another supplier for good",
    ),
    ("pardis", "survey", None, "refused", "mail", 88, "Compliance forbids surveys"),
)

# customers whose contact said himself how he wants to be reached
DECLARED = (("hormuz", "phone"), ("caspian", "messaging"), ("pardis", "mail"))
