"""What the criteria of a school already show of a duty, and what they do not show yet."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.content.schema.crosswalk import AspectKey
from cissapp.prepare.applications.rules.next_actions import IN_PLACE
from cissapp.review.reviews.rules.standard import Scores


class Standing(StrEnum):
    """How far something is shown: found by a decision, by the school's own levels, in part, not yet."""

    DECIDED = "decided"
    OWN = "own"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NOT_APPLICABLE = "not_applicable"


SHOWN = frozenset({Standing.DECIDED, Standing.OWN})


class CriterionStanding(Struct, frozen=True):
    """How far a criterion is shown; `level` is the school's own level of today, None if there is none."""

    criterion_id: str
    standing: Standing
    level: int | None


class AspectStanding(Struct, frozen=True):
    """How far the criteria that serve an aspect show it."""

    id: str
    criteria: tuple[CriterionStanding, ...]

    @property
    def counted(self) -> tuple[CriterionStanding, ...]:
        """The criteria that apply to the school."""
        return tuple(one for one in self.criteria if one.standing is not Standing.NOT_APPLICABLE)

    @property
    def shown(self) -> tuple[CriterionStanding, ...]:
        """The criteria that are at level 2 or above."""
        return tuple(one for one in self.criteria if one.standing in SHOWN)

    @property
    def missing(self) -> tuple[CriterionStanding, ...]:
        """The criteria that are not at level 2 yet."""
        return tuple(one for one in self.criteria if one.standing is Standing.NOT_YET)

    @property
    def standing(self) -> Standing:
        """The standing as a whole: decided if a decision found all of it, else by the school's own levels."""
        if not self.counted:
            return Standing.NOT_APPLICABLE
        if not self.missing:
            found = all(one.standing is Standing.DECIDED for one in self.counted)
            return Standing.DECIDED if found else Standing.OWN
        return Standing.PARTLY if self.shown else Standing.NOT_YET


def criterion_standing(
    criterion_id: str, own: Scores, decided: Collection[str]
) -> CriterionStanding:
    """Return how far a criterion is shown; a decision found those in `decided` at level 2 or above."""
    level = own.get(criterion_id)
    if criterion_id in decided:
        standing = Standing.DECIDED
    elif criterion_id in own and level is None:
        standing = Standing.NOT_APPLICABLE
    else:
        standing = Standing.OWN if (level or 0) >= IN_PLACE else Standing.NOT_YET
    return CriterionStanding(criterion_id, standing, level)


def aspect_standings(
    aspects: Sequence[AspectKey], own: Scores, decided: Collection[str]
) -> list[AspectStanding]:
    """Return how far each aspect of a framework is shown, in their order."""
    return [
        AspectStanding(one.id, tuple(criterion_standing(key, own, decided) for key in one.criteria))
        for one in aspects
    ]
