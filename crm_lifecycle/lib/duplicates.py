"""How likely two contacts are one, free of Odoo."""

EVIDENCE = {"vat": 0.95, "mail": 0.8, "name": 0.6, "phone": 0.5}
"""How much each kind of equal key says, between 0 and 1."""

SHARED_BY = 10
"""A key that more contacts share than this is a placeholder or a switchboard."""


def likelihood(kinds):
    """Return in percent how likely contacts are one that share these kinds of keys.

    The kinds count as independent witnesses: it is unlikely that all of them err.

    >>> likelihood(["vat"]), likelihood(["phone", "name"]), likelihood([])
    (95, 80, 0)
    >>> likelihood(["name", "phone"]) == likelihood(["phone", "name"])
    True
    """
    doubt = 1.0
    for kind in kinds:
        doubt *= 1 - EVIDENCE[kind]
    return round(100 * (1 - doubt))


def signature(ids):
    """Return the name of a set of contacts: the same however they are ordered.

    >>> signature([12, 3, 12])
    '3,12'
    """
    return ",".join(map(str, sorted(set(ids))))
