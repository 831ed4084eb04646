"""Shares and their 95 % intervals: Wilson's for one, Newcombe's for the difference of two.

Newcombe (1998): Interval estimation for the difference between independent proportions, method 10.
"""

from math import sqrt

from msgspec import Struct

Z = 1.959963984540054


class Share(Struct, frozen=True):
    """A part of a whole, with the 95 % interval of its share; from 0 to 1."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself."""
        return self.part / self.whole


class Change(Struct, frozen=True):
    """The difference of two shares, later less earlier, with its 95 % interval; from -1 to 1."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether chance alone is an unlikely explanation: the interval does not include 0."""
        return self.low > 0 or self.high < 0


def share_of(part: int, whole: int) -> Share:
    """Return a share with Wilson's interval; the whole is more than 0."""
    value, square = part / whole, Z * Z
    middle = (value + square / (2 * whole)) / (1 + square / whole)
    spread = (
        Z / (1 + square / whole) * sqrt(value * (1 - value) / whole + square / (4 * whole * whole))
    )
    low = 0.0 if part == 0 else max(0.0, middle - spread)
    high = 1.0 if part == whole else min(1.0, middle + spread)
    return Share(part, whole, low, high)


def change_of(before: Share, after: Share) -> Change:
    """Return the difference of two independent shares, with Newcombe's interval."""
    value = after.value - before.value
    below = sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    above = sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Change(value, max(-1.0, value - below), min(1.0, value + above))
