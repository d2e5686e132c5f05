"""How far a figure reaches its target: attainment and status, in one place.

Attainment is 1.0 where the target is met to the point; more is better for every
direction. The distance to the target is measured in units of the target:

- up: `1 + (value - target) / |target|`, which is `value / target` for a
  positive target and still right for a negative one (a loss that shrinks);
- down: the mirror image, `1 - (value - target) / |target|`;
- range: 1.0 inside [target, upper], else the attainment of the limit broken.

A target of 0 has no unit: it is met (1.0) or not (0.0). Attainment never falls
below 0.
"""

from typing import NamedTuple

UP, DOWN, RANGE = "up", "down", "range"

ON_TRACK, AT_RISK, OFF_TRACK = "on_track", "at_risk", "off_track"
NO_TARGET, NO_DATA = "no_target", "no_data"

THRESHOLD_ON_TRACK = 1.0
THRESHOLD_AT_RISK = 0.9

# Far finer than any figure shown, coarse enough to swallow binary fractions, so
# that 0.9 of a target is exactly at a threshold of 0.9.
PRECISION = 9


class Target(NamedTuple):
    """`value` to reach; for a range the lower limit, with `upper` the other."""

    value: float
    upper: float | None = None


class Assessment(NamedTuple):
    """`attainment` as a share of the target (None: cannot be said), `status`."""

    attainment: float | None
    status: str


def assess(
    value,
    direction,
    target,
    on_track=THRESHOLD_ON_TRACK,
    at_risk=THRESHOLD_AT_RISK,
):
    """Judge `value` (None: no data) by `target` (None: none was set).

    A figure exactly at a threshold belongs to the better side of it.

    >>> assess(90.0, "up", Target(100.0))
    Assessment(attainment=0.9, status='at_risk')
    >>> assess(12.0, "down", Target(10.0))
    Assessment(attainment=0.8, status='off_track')
    >>> assess(7.0, "range", Target(5.0, 7.0))
    Assessment(attainment=1.0, status='on_track')
    >>> assess(0.0, "up", None), assess(None, "up", Target(5.0))
    ... # doctest: +NORMALIZE_WHITESPACE
    (Assessment(attainment=None, status='no_target'),
     Assessment(attainment=None, status='no_data'))
    """
    if value is None:
        return Assessment(None, NO_DATA)
    if target is None:
        return Assessment(None, NO_TARGET)
    share = attainment(value, direction, target)
    if share >= on_track:
        return Assessment(share, ON_TRACK)
    return Assessment(share, AT_RISK if share >= at_risk else OFF_TRACK)


def attainment(value, direction, target):
    """Return the share of `target` that `value` attains, 0.0 or more.

    >>> attainment(-50.0, "up", Target(-100.0)), attainment(3.0, "down", Target(0.0))
    (1.5, 0.0)
    """
    if direction == RANGE:
        share = min(
            1.0, _attained(value, target.value), _attained(-value, -target.upper)
        )
    elif direction == DOWN:
        share = _attained(-value, -target.value)
    else:
        share = _attained(value, target.value)
    return max(round(share, PRECISION), 0.0)


def _attained(value, target):
    if not target:
        return 1.0 if value >= target else 0.0
    return 1.0 + (value - target) / abs(target)
