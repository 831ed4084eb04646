"""Figures of levels: one mean and one rounding, for pages, letters, certificates and credentials alike."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from math import floor

HALF = Fraction(1, 2)
Figure = Fraction | Decimal | float


def mean(levels: Collection[int]) -> Fraction | None:
    """Return the exact mean of levels; None, if there are none."""
    return Fraction(sum(levels), len(levels)) if levels else None


def exact(value: Figure) -> Fraction:
    """Return a figure as the fraction that it is written as: the float 2.2 is 22/10."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def rounded(value: Figure) -> Decimal:
    """Return a figure with two places, a half rounded away from zero."""
    given = exact(value)
    hundredths = floor(abs(given) * 100 + HALF)
    return Decimal(-hundredths if given < 0 else hundredths).scaleb(-2)
