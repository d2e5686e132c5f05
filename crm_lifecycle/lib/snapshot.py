"""Values of records as plain data that JSON can keep."""


def to_json(value):
    """Return a value with whatever JSON does not know, such as dates, as text.

    >>> from datetime import date
    >>> to_json({"day": date(2026, 1, 2), "ids": (1, 2), "none": None})
    {'day': '2026-01-02', 'ids': [1, 2], 'none': None}
    """
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
