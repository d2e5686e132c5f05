"""How long somebody waited, in the unit that people would use."""


def measure(hours: float) -> tuple[int, str]:
    """Return a time as a whole number of minutes, hours or days.

    Minutes up to two hours, hours up to two days, days from there on: so a rounded
    number never hides more than a part of what it says.

    >>> measure(0.4), measure(0.001), measure(1.9)
    ((24, 'minutes'), (0, 'minutes'), (114, 'minutes'))
    >>> measure(2), measure(30.4), measure(48), measure(-3)
    ((2, 'hours'), (30, 'hours'), (2, 'days'), (0, 'minutes'))
    """
    hours = max(hours, 0.0)
    if hours < 2:
        return round(hours * 60), "minutes"
    if hours < 48:
        return round(hours), "hours"
    return round(hours / 24), "days"
