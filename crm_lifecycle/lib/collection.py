"""Which fields a text (a condition, a grouping, a template) speaks of."""

import re

from .information import walk

QUOTED = re.compile(
    r"""['"]([A-Za-z_][\w./]*)(?::\w+| (?:asc|desc)[\w ]*)?['"]""", re.IGNORECASE
)
TEMPLATE = re.compile(r"\bobject\.([A-Za-z_][\w.]*)")


def quoted_paths(text):
    """Return the dotted paths that stand in quotes, as in conditions and groupings.

    >>> sorted(quoted_paths("[('partner_id.city', '=', 'Rey')]"))
    ['Rey', 'partner_id.city']
    >>> quoted_paths("{'group_by': ['create_date:month']}") >= {"create_date"}
    True
    """
    return {path.replace("/", ".") for path in QUOTED.findall(text or "")}


def template_paths(text):
    """Return the dotted paths that a mail template reads from its record.

    >>> template_paths("Dear {{ object.partner_id.name }}")
    {'partner_id.name'}
    """
    return set(TEMPLATE.findall(text or ""))


def fields_of(model, paths, comodel, related):
    """Return {(model, field)} of all fields on the paths, related ones followed.

    :param comodel: function (model, name) -> model that the field leads to, or None
    :param related: function (model, name) -> path that the field repeats, or None

    >>> to = {("customer", "partner_id"): "partner"}
    >>> repeats = {("customer", "city"): "partner_id.city"}
    >>> sorted(fields_of("customer", {"city"}, lambda m, n: to.get((m, n)),
    ...                  lambda m, n: repeats.get((m, n))))
    [('customer', 'city'), ('customer', 'partner_id'), ('partner', 'city')]
    """
    found = set()
    waiting = [(model, path) for path in paths]
    while waiting:
        for step in walk(*waiting.pop(), comodel):
            if step in found:
                continue
            found.add(step)
            path = related(*step)
            if path:
                waiting.append((step[0], path))
    return found
