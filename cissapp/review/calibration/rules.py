"""How close levels are to the model, who may begin, when benchmarks are due, and how far people agree."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from statistics import mean
from typing import Literal

from msgspec import Struct

from cissapp.foundation.content.schema.standard import Calibration
from cissapp.foundation.core.clock import months_after

Levels = Mapping[str, int | None]
Measurement = Literal["nominal", "ordinal", "interval", "ratio"]

RATERS_LEAST = 3
# Krippendorff's threshold below which not even tentative conclusions are drawn.
ALPHA_LOW = 2 / 3


class Comparison(Struct, frozen=True):
    """How a review compares with the model: its mean absolute difference, its lean, what is wrong.

    `lean` is positive for a reviewer who scores higher than the model. `critical_wrong` names the critical
    criteria that are on the other side of the required level than in the model.
    """

    difference: float
    lean: float
    critical_wrong: tuple[str, ...]


def compare_levels(
    own: Levels, model: Mapping[str, int], critical: Collection[str], *, at_least: int
) -> Comparison:
    """Compare a review with the model; "not applicable" is left out of the mean, and wrong where critical."""
    gaps = [level - model[one] for one, level in own.items() if one in model and level is not None]
    wrong = tuple(
        one
        for one in model
        if one in critical and _side(own.get(one), at_least) is not (model[one] >= at_least)
    )
    return Comparison(
        difference=mean(map(abs, gaps)) if gaps else 0.0,
        lean=float(mean(gaps)) if gaps else 0.0,
        critical_wrong=wrong,
    )


def _side(level: int | None, at_least: int) -> bool | None:
    return None if level is None else level >= at_least


def meets_goals(done: Sequence[Comparison], rule: Calibration) -> bool:
    """Return whether there are enough reviews and the newest meet the goals (programme rule 5.4)."""
    newest = done[-rule.dossiers :]
    if len(newest) < rule.dossiers:
        return False
    # Sums of tenths are inexact in binary, and a mean of exactly 0.3 must still pass.
    near = round(mean(one.difference for one in newest), 6) <= rule.mean_difference
    return near and not any(one.critical_wrong for one in newest)


def is_due(rule: Calibration, *, newest_at: datetime | None, has_open: bool, today: date) -> bool:
    """Return whether a person needs benchmarks now: the first ones at once, the next a year later."""
    if has_open:
        return False
    if newest_at is None:
        return True
    return rule.yearly and newest_at.date() <= months_after(today, -12)


# --- agreement -------------------------------------------------------------------------------


class Rating(Struct, frozen=True):
    """A level that a person gave to a criterion of an application; None for "not applicable"."""

    person: str
    dossier: str
    criterion: str
    level: int | None


class Agreement(Struct, frozen=True):
    """How far people agree: the numbers of people and of rated items, and Krippendorff's alpha.

    `alpha` is None with too few people, and where all gave the same level everywhere (`same`): without
    any difference, agreement cannot be distinguished from chance.
    """

    raters: int
    units: int
    alpha: float | None = None
    same: bool = False

    @property
    def too_few(self) -> bool:
        """Whether there are too few people for a figure."""
        return self.raters < RATERS_LEAST

    @property
    def low(self) -> bool:
        """Whether the wording of the criterion should be reviewed."""
        return self.alpha is not None and self.alpha < ALPHA_LOW


def alpha_of(
    ratings: Iterable[Sequence[float | None]], *, level: Measurement = "ordinal"
) -> float | None:
    """Compute Krippendorff's alpha, with a row for each person; None where it is undefined.

    A cell is a person's rating of an item, None if there is none. At least one item needs two ratings,
    and the ratings that can be paired need two different values.
    """
    import krippendorff  # noqa: PLC0415 -- slow import
    import numpy as np  # noqa: PLC0415 -- slow import

    table = np.array(
        [[np.nan if one is None else float(one) for one in row] for row in ratings], dtype=float
    )
    if table.size == 0:
        return None
    paired = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=paired, level_of_measurement=level))


def measure_agreement(given: Iterable[Rating]) -> Agreement:
    """Measure how far people agree on these levels; only items that two people rated count."""
    cells = {
        (one.person, (one.dossier, one.criterion)): one.level
        for one in given
        if one.level is not None
    }
    by_unit: dict[tuple[str, str], set[str]] = {}
    for person, unit in cells:
        by_unit.setdefault(unit, set()).add(person)
    units = sorted(unit for unit, people in by_unit.items() if len(people) > 1)
    people = sorted({person for unit in units for person in by_unit[unit]})
    if len(people) < RATERS_LEAST:
        return Agreement(len(people), len(units))
    rows = [[cells.get((person, unit)) for unit in units] for person in people]
    alpha = alpha_of(rows)
    return Agreement(len(people), len(units), alpha, same=alpha is None)


class YearlyDrift(Struct, frozen=True):
    """How far a person, or a group, was from the model in a year."""

    name: str
    year: int
    files: int
    difference: float
    lean: float
    critical_wrong: int


def yearly_drift(done: Iterable[tuple[str, int, Comparison]]) -> list[YearlyDrift]:
    """Summarise reviews, given as (name, year, comparison), by person or group and year."""
    found: dict[tuple[str, int], list[Comparison]] = {}
    for name, year, one in done:
        found.setdefault((name, year), []).append(one)
    return [
        YearlyDrift(
            name,
            year,
            len(many),
            mean(one.difference for one in many),
            mean(one.lean for one in many),
            sum(len(one.critical_wrong) for one in many),
        )
        for (name, year), many in sorted(found.items())
    ]
