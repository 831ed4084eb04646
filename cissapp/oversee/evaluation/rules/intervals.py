"""Intervals of 95 %, computed by SciPy.

NumPy and SciPy's statistics take more than half a second and 65 MB to load, which only these pages need: they
are loaded with the first interval.
"""

import warnings
from collections.abc import Callable, Sequence
from math import atanh, isfinite, sqrt, tanh
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES = 1999
# A fixed seed: the same figures give the same interval every day.
SEED = 20_261_125

Floats: TypeAlias = "NDArray[np.float64]"


class Interval(Struct, frozen=True):
    """The lower and the upper end."""

    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Return whether the value lies outside."""
        return not self.low <= value <= self.high


class Moments(Struct, frozen=True):
    """The size, mean and sample variance (with n - 1) of a group."""

    count: int
    mean: float
    variance: float


def _stats() -> Any:
    from scipy import stats  # noqa: PLC0415 -- see the first lines

    return stats


def _checked(low: float, high: float) -> Interval | None:
    return Interval(float(low), float(high)) if isfinite(low) and isfinite(high) else None


def normal(value: float, error: float) -> Interval | None:
    """Return the interval of a value with a standard error, by the normal distribution."""
    return _checked(*_stats().norm.interval(LEVEL, loc=value, scale=error)) if error > 0 else None


def bootstrap(samples: "tuple[Floats, Floats]", statistic: Callable[..., Any]) -> Interval | None:
    """Return the BCa interval of a statistic of pairs (Efron 1987); None if it cannot be computed.

    It cannot if the statistic hardly changes between resamples, or is undefined for one of them.
    """
    import numpy as np  # noqa: PLC0415 -- see the first lines

    stats = _stats()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cannot be computed is told by the result
        found = stats.bootstrap(
            samples,
            statistic,
            paired=True,
            vectorized=True,
            n_resamples=RESAMPLES,
            confidence_level=LEVEL,
            method="BCa",
            rng=np.random.default_rng(SEED),
        ).confidence_interval
    return _checked(found.low, found.high)


def correlation(value: float, count: int) -> Interval | None:
    """Return the interval of a correlation over `count` pairs, by Fisher's transformation."""
    if count <= 3 or not -1 < value < 1:
        return None
    half = float(_stats().norm.ppf((1 + LEVEL) / 2)) / sqrt(count - 3)
    return Interval(tanh(atanh(value) - half), tanh(atanh(value) + half))


def difference(one: Moments, others: Sequence[Moments]) -> Interval:
    """Return the interval of a mean minus the equally weighted mean of other groups' means.

    Degrees of freedom are Welch's; where nothing varies, both ends are the difference.
    """
    gap = apart(one, others)
    weights = [1.0, *[1 / len(others)] * len(others)]
    parts = [
        (weight**2 * group.variance / group.count, group.count - 1)
        for weight, group in zip(weights, (one, *others), strict=True)
    ]
    whole = sum(part for part, _ in parts)
    if whole == 0:
        return Interval(gap, gap)
    freedom = whole**2 / sum(part**2 / below for part, below in parts)
    low, high = _stats().t.interval(LEVEL, freedom, loc=gap, scale=sqrt(whole))
    return Interval(float(low), float(high))


def apart(one: Moments, others: Sequence[Moments]) -> float:
    """Return a mean minus the equally weighted mean of other groups' means."""
    return one.mean - sum(group.mean for group in others) / len(others)
