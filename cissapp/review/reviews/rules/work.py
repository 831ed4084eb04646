"""What a person of the group does next with an application."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from cissapp.foundation.core.errors import Problem
from cissapp.prepare.applications.rules import State
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.involvement import (
    Involvement,
    may_decide,
    may_open,
    reasons_not_to_review,
)
from cissapp.review.reviews.rules.phases import Phase
from cissapp.review.reviews.rules.places import Place

SEATS = {
    Place.FIRST: CaseRole.ASSESSOR,
    Place.SECOND: CaseRole.SECOND_ASSESSOR,
    Place.THIRD: CaseRole.THIRD_ASSESSOR,
}
# A sift is no assessment: it needs a declaration without ties and the first two files, and keeps the
# mentor out, no more.
OF_SIFT = frozenset({"declaration", "tied", "hint", "mentored", "calibration"})


class Work(StrEnum):
    """What a person of the group does next with an application."""

    DECLARE = "declare"
    STAY_OUT = "stay_out"
    SIFT = "sift"
    START = "start"
    START_SECOND = "start_second"
    START_THIRD = "start_third"
    SCORE = "score"
    DECIDE = "decide"
    WAIT = "wait"


STARTS = {
    Place.FIRST: Work.START,
    Place.SECOND: Work.START_SECOND,
    Place.THIRD: Work.START_THIRD,
}


def keeps_from_sifting(hands: Involvement) -> list[Problem]:
    """List why the person does not sift: nothing declared, a tie, mentor, or the first two files are not scored."""
    return [one for one in reasons_not_to_review(hands) if one.code in OF_SIFT]


def may_take(hands: Involvement, place: Place) -> bool:
    """Say whether the person may write the review of a place."""
    return not reasons_not_to_review(hands, SEATS[place])


@dataclass(frozen=True)
class Reviewing:
    """Where the reviews of a round stand: which are wanted, begun and handed in, and which are the person's."""

    wanted: Collection[Place] = (Place.FIRST,)
    begun: Collection[Place] = ()
    handed_in: Collection[Place] = ()
    own: Collection[Place] = ()


def free_places(state: State, phase: Phase, reviewing: Reviewing) -> list[Place]:
    """List the reviews that somebody may begin now; a third one only waits for the two before it."""
    if state is State.SUBMITTED:
        return [Place.FIRST] if phase is Phase.REVIEW else []
    if state is not State.IN_REVIEW:
        return []
    return [one for one in reviewing.wanted if one not in reviewing.begun]


def work(hands: Involvement, state: State, phase: Phase, reviewing: Reviewing) -> Work:
    """Say what the person does next."""
    if not may_open(hands):
        return Work.DECLARE if hands.tied is None else Work.STAY_OUT
    if phase is Phase.SIFT:
        return Work.WAIT if keeps_from_sifting(hands) else Work.SIFT
    if state is State.IN_REVIEW and set(reviewing.own) - set(reviewing.handed_in):
        return Work.SCORE
    return _new_work(hands, state, phase, reviewing)


def _new_work(hands: Involvement, state: State, phase: Phase, reviewing: Reviewing) -> Work:
    """Say what the person, who has nothing begun, may begin now."""
    for place in free_places(state, phase, reviewing):
        if may_take(hands, place) and not reviewing.own:
            return STARTS[place]
    return Work.DECIDE if phase is Phase.DECISION and may_decide(hands) else Work.WAIT
