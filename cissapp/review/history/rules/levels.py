"""The levels of the five modules at each point in time, and what rose or fell between two of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.content.values import Criterion
from cissapp.prepare.applications.rules.next_actions import Urgency, next_actions
from cissapp.review.reviews.rules.standard import Scores, module_levels

HIGHEST = 3


class MeasurementKind(StrEnum):
    """Whose levels they are: the school's own of today or of a round, or those of a decision."""

    TODAY = "today"
    SUBMITTED = "submitted"
    DECIDED = "decided"


OWN = (MeasurementKind.SUBMITTED, MeasurementKind.TODAY)


class Measurement(Struct, frozen=True):
    """The levels of a school at one time; `modules` are the means by module, to two decimal places.

    A module without scores is left out, and so are all if the standard of `version` is no longer available.
    """

    kind: MeasurementKind
    at: datetime
    version: str
    modules: Mapping[str, float]
    cycle: int = 0
    round: int = 0
    scored: int = 0
    total: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every criterion has been scored."""
        return self.scored == self.total


def measured(
    kind: MeasurementKind,
    at: datetime,
    scores: Scores,
    criteria: Sequence[Criterion],
    *,
    version: str,
    cycle: int = 0,
    round_: int = 0,
) -> Measurement:
    """Return the measurement of scores at a time, by the criteria under which they were given."""
    return Measurement(
        kind,
        at,
        version,
        module_levels(scores, criteria),
        cycle,
        round_,
        scored=sum(one.id in scores for one in criteria),
        total=len(criteria),
    )


class ModuleChange(Struct, frozen=True):
    """The level of a module before and after."""

    module_id: str
    before: float
    after: float


class LevelChange(Struct, frozen=True):
    """What rose, fell or stayed between two measurements, in the order of the modules."""

    before: Measurement
    after: Measurement
    rose: tuple[ModuleChange, ...]
    fell: tuple[ModuleChange, ...]
    same: tuple[ModuleChange, ...]

    @property
    def same_criteria(self) -> bool:
        """Whether both were measured by one version of the criteria."""
        return self.before.version == self.after.version


def change_between(
    before: Measurement, after: Measurement, module_ids: Iterable[str]
) -> LevelChange:
    """Compare two measurements; a module that is missing from either is left out."""
    found = [
        ModuleChange(one, before.modules[one], after.modules[one])
        for one in module_ids
        if one in before.modules and one in after.modules
    ]
    return LevelChange(
        before,
        after,
        tuple(one for one in found if one.after > one.before),
        tuple(one for one in found if one.after < one.before),
        tuple(one for one in found if one.after == one.before),
    )


def changes(history: Sequence[Measurement], module_ids: Sequence[str]) -> list[LevelChange]:
    """Compare the last two decisions, and the school's last two own levels; only those with figures count."""
    found = []
    for kinds in ((MeasurementKind.DECIDED,), OWN):
        with_figures = [one for one in history if one.kind in kinds and one.modules]
        if len(with_figures) > 1:
            found.append(change_between(with_figures[-2], with_figures[-1], module_ids))
    return found


def lower_of_both(own: Scores, told: Mapping[str, int]) -> dict[str, int | None]:
    """Return the school's own levels, lowered to those that a decision stated where these are lower."""
    levels = {**own}
    for one, level in told.items():
        known = levels.get(one)
        levels[one] = level if known is None else min(known, level)
    return levels


def lowest_critical(
    criteria: Sequence[Criterion], levels: Scores
) -> tuple[Criterion, int | None] | None:
    """Find the critical criterion to work on next, with its level; None if all are in place.

    A criterion that was not scored comes first, with None.
    """
    by_id = {one.id: one for one in criteria}
    for action in next_actions(criteria, levels, {}):
        if action.why is Urgency.CRITICAL:
            return by_id[action.criterion_id], action.level
    return None
