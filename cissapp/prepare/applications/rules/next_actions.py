"""What to do next, of all criteria (programme rule 4.6), and the mean of each part."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from fractions import Fraction
from typing import Protocol

from msgspec import Struct

from cissapp.foundation.content.figures import mean

# From this level on a criterion is in place.
IN_PLACE = 2
HIGHEST = 3


class Urgency(IntEnum):
    """Why a criterion comes next, the most pressing first."""

    CRITICAL = 1
    ZERO = 2
    CHEAP = 3


class RankedCriterion(Protocol):
    """What is asked of a criterion."""

    @property
    def id(self) -> str:
        """The id in the rubric."""
        ...

    @property
    def part(self) -> str:
        """The part of the rubric: A, B or C."""
        ...

    @property
    def critical(self) -> bool:
        """Whether it has to be in place for a certificate."""
        ...


class NextAction(Struct, frozen=True):
    """A criterion to work on, and why it comes now; `level` is None where it was not scored."""

    criterion_id: str
    why: Urgency
    level: int | None


class PartMean(Struct, frozen=True):
    """The mean level of a part, of the criteria that were scored and apply; None, if there are none."""

    part: str
    mean: Fraction | None
    scored: int
    total: int


def next_actions(
    criteria: Sequence[RankedCriterion],
    levels: Mapping[str, int | None],
    unclear: Mapping[str, int],
) -> list[NextAction]:
    """List the next actions: critical below 2, then any 0, then what is quick to improve.

    `levels` has None for "not applicable"; a criterion that is not in it was not scored and counts as
    0. A criterion one level short is quick; of these, the answer that lacks least comes first
    (`unclear`: how much each answer lacks).
    """
    found: list[tuple[tuple[int, int, int], NextAction]] = []
    for place, one in enumerate(criteria):
        if one.id in levels and levels[one.id] is None:
            continue
        level = levels.get(one.id)
        why = _why(one, level or 0)
        if why is not None:
            effort = unclear.get(one.id, 0) if why is Urgency.CHEAP else level or 0
            found.append(((why, effort, place), NextAction(one.id, why, level)))
    return [action for _key, action in sorted(found, key=lambda pair: pair[0])]


def _why(criterion: RankedCriterion, level: int) -> Urgency | None:
    if level >= IN_PLACE:
        return None
    if criterion.critical:
        return Urgency.CRITICAL
    return Urgency.ZERO if level == 0 else Urgency.CHEAP


def part_means(
    criteria: Sequence[RankedCriterion], levels: Mapping[str, int | None]
) -> list[PartMean]:
    """Return the mean of each part, in the order of the rubric."""
    return [_bar(part, criteria, levels) for part in dict.fromkeys(one.part for one in criteria)]


def _bar(
    part: str, criteria: Sequence[RankedCriterion], levels: Mapping[str, int | None]
) -> PartMean:
    own = [one.id for one in criteria if one.part == part]
    scored = [level for one in own if (level := levels.get(one)) is not None]
    return PartMean(part, mean(scored), len(scored), len(own))
