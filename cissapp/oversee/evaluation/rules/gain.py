"""The normalised gain of a group (Hake 1998): the share of what was left to learn that was learned.

g = (mean after - mean before) / (100 - mean before), of the people who have taken both tests.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.oversee.evaluation.rules.intervals import Floats, Interval, bootstrap, normal
from cissapp.oversee.evaluation.rules.reasons import LEAST, NoFigureReason

FULL_MARKS = 100.0
# Above this many people, the interval by the normal distribution is the same to two decimals, and is
# computed instantly.
BOOTSTRAP_MOST = 500
# Hake's own thresholds between a low, a medium and a high gain.
MEDIUM, HIGH = 0.3, 0.7


class GainSize(StrEnum):
    """A gain in a word. `NONE`: the interval reaches 0, so that chance alone explains it."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


GAIN_SIZES = {
    GainSize.NONE: N_("No gain can be shown"),
    GainSize.LOW: N_("Low gain"),
    GainSize.MEDIUM: N_("Medium gain"),
    GainSize.HIGH: N_("High gain"),
}


class Pair(Struct, frozen=True):
    """A number of people with the same two results, before and after, from 0 to 100."""

    before: float
    after: float
    people: int = 1


class Gain(Struct, frozen=True):
    """The gain of a group; every figure is None where `reason` says why it is not shown.

    With `FULL` the means are there but no gain, with `ALIKE` the gain but no interval.
    """

    people: int | None = None
    before: float | None = None
    after: float | None = None
    gain: float | None = None
    interval: Interval | None = None
    reason: NoFigureReason | None = None

    @property
    def size(self) -> GainSize | None:
        """The gain in a word; None where it has no interval."""
        if self.gain is None or self.interval is None:
            return None
        if self.interval.low <= 0:
            return GainSize.NONE
        if self.gain < MEDIUM:
            return GainSize.LOW
        return GainSize.MEDIUM if self.gain < HIGH else GainSize.HIGH


def gain_of(pairs: Sequence[Pair]) -> Gain:
    """Compute the gain of a group, in any order of its people; no figures for fewer than 10."""
    together: dict[tuple[float, float], int] = {}
    for pair in pairs:
        key = (pair.before, pair.after)
        together[key] = together.get(key, 0) + pair.people
    return _gain(tuple((*key, together[key]) for key in sorted(together)))


@lru_cache(maxsize=512)
def _gain(pairs: tuple[tuple[float, float, int], ...]) -> Gain:
    """Compute the gain; cached, since results change rarely and are read often."""
    import numpy as np  # noqa: PLC0415 -- slow import, see `intervals`

    people = sum(count for _, _, count in pairs)
    if people < LEAST:
        return Gain(reason=NoFigureReason.FEW)
    counts = [count for _, _, count in pairs]
    before = np.repeat(np.array([one[0] for one in pairs], dtype=np.float64), counts)
    after = np.repeat(np.array([one[1] for one in pairs], dtype=np.float64), counts)
    means = float(before.mean()), float(after.mean())
    if all(first == FULL_MARKS for first, _, _ in pairs):
        return Gain(people, *means, reason=NoFigureReason.FULL)
    found = float(hake(before, after))
    interval = _interval(before, after, found)
    return Gain(people, *means, found, interval, None if interval else NoFigureReason.ALIKE)


def hake(before: "Floats", after: "Floats", axis: int = -1) -> Any:
    """Compute the normalised gain along an axis; not a number where nothing was left to gain."""
    import numpy as np  # noqa: PLC0415 -- slow import, see `intervals`

    left = FULL_MARKS - np.mean(before, axis=axis)
    return np.divide(
        np.mean(after, axis=axis) - np.mean(before, axis=axis),
        left,
        out=np.full_like(left, np.nan),
        where=left > 0,
    )


def _interval(before: "Floats", after: "Floats", found: float) -> Interval | None:
    import numpy as np  # noqa: PLC0415 -- slow import, see `intervals`

    # The residuals of each person's gain from the group's. If they are all alike, so is every resample, and
    # there is no interval.
    rest = after - before - found * (FULL_MARKS - before)
    if np.ptp(rest) < 1e-9:
        return None
    if len(before) <= BOOTSTRAP_MOST:
        return bootstrap((before, after), hake)
    error = np.std(rest, ddof=1) / np.sqrt(len(rest)) / (FULL_MARKS - before.mean())
    return normal(found, float(error))
