"""Which fields tell what hidden fields tell."""


def spread(hidden, paths, comodel):
    """Hide also the fields that only repeat hidden ones.

    :param dict hidden: {model: names of hidden fields}
    :param dict paths: {(model, name): dotted path that the field repeats}
    :param comodel: function (model, name) -> model that the field leads to, or None
    :return: {model: frozenset of names}, what was hidden included

    >>> to = {("visit", "customer_id"): "customer"}
    >>> paths = {("visit", "due"): "customer_id.due", ("visit", "late"): "due"}
    >>> found = spread({"customer": {"due"}}, paths, lambda m, n: to.get((m, n)))
    >>> sorted(found["visit"])
    ['due', 'late']
    """
    found = {model: set(names) for model, names in hidden.items()}
    grown = True
    while grown:
        grown = False
        for (model, name), path in paths.items():
            if name in found.get(model, ()):
                continue
            if _passes(model, path, found, comodel):
                found.setdefault(model, set()).add(name)
                grown = True
    return {model: frozenset(names) for model, names in found.items()}


def walk(model, path, comodel):
    """Yield (model, name) of each field on a dotted path, as far as it leads.

    >>> to = {("visit", "customer_id"): "customer"}
    >>> list(walk("visit", "customer_id.due", lambda m, n: to.get((m, n))))
    [('visit', 'customer_id'), ('customer', 'due')]
    """
    for name in path.split("."):
        if model is None:
            return
        yield model, name
        model = comodel(model, name)


def _passes(model, path, hidden, comodel):
    return any(
        name in hidden.get(where, ()) for where, name in walk(model, path, comodel)
    )
