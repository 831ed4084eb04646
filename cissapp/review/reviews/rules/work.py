"""What a person of the group does next with an application."""

from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import Problem
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.involvement import (
    Involvement,
    is_mentor,
    may_decide,
    may_open,
    reasons_never_to_assign,
    reasons_not_to_review,
)
from cissapp.review.reviews.rules.phases import Phase
from cissapp.review.reviews.rules.places import ReviewPlace

ROLE_OF_PLACE = {
    ReviewPlace.FIRST: CaseRole.REVIEWER,
    ReviewPlace.SECOND: CaseRole.SECOND_REVIEWER,
    ReviewPlace.THIRD: CaseRole.THIRD_REVIEWER,
}
# A completeness check is not a review: it only requires calibration and a declaration without a conflict
# of interest, and excludes mentors.
AGAINST_COMPLETENESS_CHECK = frozenset({"declaration", "tied", "hint", "mentored", "calibration"})


class Work(StrEnum):
    """What a person of the group does next with an application."""

    DECLARE = "declare"
    STAY_OUT = "stay_out"
    CHECK_COMPLETENESS = "sift"
    START = "start"
    START_SECOND = "start_second"
    START_THIRD = "start_third"
    SCORE = "score"
    DECIDE = "decide"
    WAIT = "wait"


STARTS = {
    ReviewPlace.FIRST: Work.START,
    ReviewPlace.SECOND: Work.START_SECOND,
    ReviewPlace.THIRD: Work.START_THIRD,
}


def reasons_not_to_check_completeness(involvement: Involvement) -> list[Problem]:
    """List why a person may not check completeness: undeclared, in conflict, mentor, or not calibrated."""
    return [
        one for one in reasons_not_to_review(involvement) if one.code in AGAINST_COMPLETENESS_CHECK
    ]


def may_review_place(involvement: Involvement, place: ReviewPlace) -> bool:
    """Return whether the person may write the review of a place."""
    return not reasons_not_to_review(involvement, ROLE_OF_PLACE[place])


class ReviewsOfRound(Struct, frozen=True):
    """The state of a round's reviews: which are needed, begun and submitted, and which are the person's."""

    wanted: Collection[ReviewPlace] = (ReviewPlace.FIRST,)
    begun: Collection[ReviewPlace] = ()
    handed_in: Collection[ReviewPlace] = ()
    own: Collection[ReviewPlace] = ()


def free_places(
    state: ApplicationState, phase: Phase, reviewing: ReviewsOfRound
) -> list[ReviewPlace]:
    """List the reviews that may be begun now; a third is only requested once the first two are submitted."""
    if state is ApplicationState.SUBMITTED:
        return [ReviewPlace.FIRST] if phase is Phase.REVIEW else []
    if state is not ApplicationState.IN_REVIEW:
        return []
    return [one for one in reviewing.wanted if one not in reviewing.begun]


def next_work(
    involvement: Involvement, state: ApplicationState, phase: Phase, reviewing: ReviewsOfRound
) -> Work:
    """Return what the person does next."""
    if not may_open(involvement):
        return _before_opening(involvement, phase)
    if phase is Phase.COMPLETENESS_CHECK:
        return (
            Work.WAIT if reasons_not_to_check_completeness(involvement) else Work.CHECK_COMPLETENESS
        )
    if state is ApplicationState.IN_REVIEW and set(reviewing.own) - set(reviewing.handed_in):
        return Work.SCORE
    return _new_work(involvement, state, phase, reviewing)


def _before_opening(involvement: Involvement, phase: Phase) -> Work:
    """Return what is next while the contents are closed; nobody declares for a decision that is never theirs."""
    if involvement.has_conflict is not None or is_mentor(involvement):
        return Work.STAY_OUT
    barred = phase is Phase.DECISION and reasons_never_to_assign(involvement, CaseRole.DECIDER)
    return Work.WAIT if barred else Work.DECLARE


def _new_work(
    involvement: Involvement, state: ApplicationState, phase: Phase, reviewing: ReviewsOfRound
) -> Work:
    """Return what a person without an open review may begin now."""
    for place in free_places(state, phase, reviewing):
        if may_review_place(involvement, place) and not reviewing.own:
            return STARTS[place]
    return Work.DECIDE if phase is Phase.DECISION and may_decide(involvement) else Work.WAIT
