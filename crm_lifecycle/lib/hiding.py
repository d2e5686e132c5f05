"""Take out of a view what names fields that a person may not see.

A view is a tree of elements (``xml.etree`` or ``lxml``). Hiding in a view protects
nothing: it keeps screens whole for people whom the server refuses the fields.
"""

import re

EXPRESSIONS = ("invisible", "column_invisible", "readonly", "required")
DROPPED = ("sum_field", "default_order", "default_group_by", "domain", "context")
SHELLS = ("page", "group")
VIEWS = ("form", "list", "kanban", "graph", "pivot", "calendar", "search", "groupby")


def prune(node, model, hidden, comodel):
    """Remove from a view, in place, what names hidden fields.

    :param node: element of a view of `model`
    :param dict hidden: {model: names of its fields that are hidden}
    :param comodel: function (model, field name) -> model that the field leads to
    :return: whether anything was removed below `node`
    """
    names = hidden.get(model, ())
    removed = False
    for child in list(node):
        if not isinstance(child.tag, str):  # a comment
            continue
        if names and _is_about(child, names):
            _remove(node, child)
            removed = True
            continue
        _cleanse(child, names)
        inner = comodel(model, child.get("name")) if _leads_on(child) else model
        emptied = prune(child, inner, hidden, comodel)
        if emptied and child.tag in SHELLS and not _has_content(child):
            _remove(node, child)
        removed |= emptied
    return removed


def prune_view(root, model, hidden, comodel):
    """Remove from a whole view what names hidden fields; see `prune`."""
    _cleanse(root, hidden.get(model, ()))
    prune(root, model, hidden, comodel)


def mentions(text, names):
    """Return whether one of the names stands in an expression as a word of its own.

    >>> mentions("[('balance_due', '>', 0)]", {"balance_due"})
    True
    >>> mentions("due or balance_due_date", {"balance_due"})
    False
    """
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)


def _leads_on(node):
    return node.tag in ("field", "groupby")


def _is_about(node, names):
    """Return whether an element makes no sense without a hidden field."""
    if node.tag in ("field", "groupby") and node.get("name") in names:
        return True
    if node.tag == "label" and node.get("for") in names:
        return True
    if node.tag == "progressbar" and node.get("field") in names:
        return True
    if node.tag == "filter":
        told = (node.get(key, "") for key in ("domain", "context", "date"))
        return any(mentions(text, names) for text in told)
    return any(
        _is_template(key) and _shows(value, names) for key, value in node.attrib.items()
    )


def _is_template(key):
    return key.startswith("t-")


def _shows(text, names):
    """Return whether a template reads a hidden field of its record."""
    return any(re.search(rf"record\.{re.escape(name)}(?!\w)", text) for name in names)


def _cleanse(node, names):
    """Settle the expressions of an element that is kept."""
    if not names:
        return
    for key in list(node.attrib):
        value = node.attrib[key]
        if key in EXPRESSIONS and mentions(value, names):
            # what depends on a hidden field is neither shown nor asked for
            node.attrib[key] = "False" if key == "required" else "True"
        elif (key in DROPPED or key.startswith("decoration-")) and mentions(
            value, names
        ):
            del node.attrib[key]


def _has_content(node):
    return any(
        below.tag in ("field", "button", "widget") for below in node.iter() if below.tag
    )


def _remove(parent, child):
    parent.remove(child)
