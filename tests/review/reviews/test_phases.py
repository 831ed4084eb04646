"""The table of who sees what, the phases, and what a person does next: plain tables, without a database."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.involvement import Involvement
from cissapp.review.reviews.rules.phases import (
    AUTHOR_OF,
    SCORES_OF,
    CaseContent,
    CaseRelation,
    Phase,
    may_see,
    phase_of_case,
    relations_of,
)
from cissapp.review.reviews.rules.places import ReviewPlace, wanted_places
from cissapp.review.reviews.rules.work import (
    ReviewsOfRound,
    Work,
    next_work,
    reasons_not_to_check_completeness,
)

FREE = Involvement(has_conflict=False)
BLIND = (Phase.COMPLETENESS_CHECK, Phase.REVIEW, Phase.SECOND_REVIEW, Phase.CHANGES)
SECRET = (
    CaseContent.FIRST_SCORES,
    CaseContent.SECOND_SCORES,
    CaseContent.THIRD_SCORES,
    CaseContent.RECOMMENDATION,
    CaseContent.COMMENTS,
)


@pytest.mark.parametrize(("now", "what"), list(product(Phase, CaseContent)))
def test_nobody_and_the_secretariat_see_nothing(now, what):
    assert not may_see({CaseRelation.NOBODY, CaseRelation.SECRETARIAT}, what, now)


@pytest.mark.parametrize(("now", "what"), list(product(Phase, SECRET)))
def test_a_school_never_sees_scores_recommendation_and_comments(now, what):
    assert not may_see({CaseRelation.SCHOOL}, what, now)


@pytest.mark.parametrize(("now", "what"), list(product(Phase, SECRET)))
def test_a_guest_sees_scores_once_it_is_decided_and_nothing_else_that_is_secret(now, what):
    over = now in {Phase.APPEAL, Phase.CLOSED}
    scores = {CaseContent.FIRST_SCORES, CaseContent.SECOND_SCORES, CaseContent.THIRD_SCORES}
    assert may_see({CaseRelation.GUEST}, what, now) == (over and what in scores)


@pytest.mark.parametrize(("now", "place", "who"), list(product(BLIND, ReviewPlace, CaseRelation)))
def test_while_a_review_may_be_written_only_its_author_sees_it(now, place, who):
    expected = who is AUTHOR_OF[place] and now is not Phase.COMPLETENESS_CHECK

    assert may_see({who}, SCORES_OF[place], now) is expected


@pytest.mark.parametrize("now", BLIND)
@pytest.mark.parametrize(
    "what", [CaseContent.RECOMMENDATION, CaseContent.COMMENTS, CaseContent.PROGRESS]
)
def test_before_the_decision_phase_nobody_sees_what_is_recommended_or_how_far_it_is(now, what):
    assert not may_see(set(CaseRelation), what, now)


def test_the_letter_is_there_after_a_decision_only():
    shown = {now for now in Phase if may_see({CaseRelation.SCHOOL}, CaseContent.LETTER, now)}

    assert shown == {Phase.CHANGES, Phase.APPEAL, Phase.CLOSED}


def test_a_coordinator_who_declared_nothing_sees_names_and_the_outcome_only():
    seen = {
        what
        for now in Phase
        for what in CaseContent
        if may_see({CaseRelation.COORDINATOR}, what, now)
    }

    assert seen == {CaseContent.REVIEWERS, CaseContent.DECISION}


@pytest.mark.parametrize(
    ("opened", "coordinator", "may_decide", "authored", "expected"),
    [
        (False, False, True, [], {CaseRelation.NOBODY}),
        (False, True, True, [ReviewPlace.FIRST], {CaseRelation.COORDINATOR}),
        (True, False, True, [], {CaseRelation.MEMBER, CaseRelation.DECIDER}),
        (True, False, False, [], {CaseRelation.MEMBER}),
        (
            True,
            False,
            True,
            [ReviewPlace.SECOND],
            {CaseRelation.MEMBER, CaseRelation.SECOND_REVIEWER},
        ),
        (
            True,
            True,
            False,
            [ReviewPlace.FIRST],
            {CaseRelation.COORDINATOR, CaseRelation.MEMBER, CaseRelation.REVIEWER},
        ),
    ],
)
def test_what_a_person_is(opened, coordinator, may_decide, authored, expected):
    found = relations_of(
        opened=opened, coordinator=coordinator, may_decide=may_decide, authored=authored
    )

    assert found == expected


@pytest.mark.parametrize(
    ("state", "checked", "wanted", "handed_in", "expected"),
    [
        (ApplicationState.SUBMITTED, False, 1, [], Phase.COMPLETENESS_CHECK),
        (ApplicationState.SUBMITTED, True, 1, [], Phase.REVIEW),
        (ApplicationState.IN_REVIEW, True, 1, [], Phase.REVIEW),
        (ApplicationState.IN_REVIEW, True, 2, [ReviewPlace.SECOND], Phase.REVIEW),
        (ApplicationState.IN_REVIEW, True, 2, [ReviewPlace.FIRST], Phase.SECOND_REVIEW),
        (
            ApplicationState.IN_REVIEW,
            True,
            3,
            [ReviewPlace.FIRST, ReviewPlace.SECOND],
            Phase.SECOND_REVIEW,
        ),
        (ApplicationState.IN_REVIEW, True, 1, [ReviewPlace.FIRST], Phase.DECISION),
        (ApplicationState.IN_REVIEW, True, 3, list(ReviewPlace), Phase.DECISION),
        (ApplicationState.CHANGES_REQUESTED, True, 1, [ReviewPlace.FIRST], Phase.CHANGES),
        (ApplicationState.DECIDED, True, 1, [ReviewPlace.FIRST], Phase.CLOSED),
        (ApplicationState.WITHDRAWN, True, 1, [], Phase.CLOSED),
    ],
)
def test_the_phase_of_an_application(state, checked, wanted, handed_in, expected):
    assert (
        phase_of_case(state, checked=checked, wanted=wanted_places(wanted), handed_in=handed_in)
        is expected
    )


def test_an_open_appeal_is_a_phase_of_its_own():
    found = phase_of_case(
        ApplicationState.DECIDED, checked=True, wanted=[], handed_in=[], appealed=True
    )

    assert found is Phase.APPEAL


# --- what a person does next -----------------------------------------------------------------

BOTH = (ReviewPlace.FIRST, ReviewPlace.SECOND)


@pytest.mark.parametrize(
    ("involvement", "state", "now", "reviewing", "expected"),
    [
        (
            Involvement(),
            ApplicationState.SUBMITTED,
            Phase.COMPLETENESS_CHECK,
            ReviewsOfRound(),
            Work.DECLARE,
        ),
        (
            Involvement(has_conflict=True),
            ApplicationState.IN_REVIEW,
            Phase.REVIEW,
            ReviewsOfRound(),
            Work.STAY_OUT,
        ),
        (
            FREE,
            ApplicationState.SUBMITTED,
            Phase.COMPLETENESS_CHECK,
            ReviewsOfRound(),
            Work.CHECK_COMPLETENESS,
        ),
        (
            Involvement(has_conflict=False, mentored=True),
            ApplicationState.SUBMITTED,
            Phase.COMPLETENESS_CHECK,
            ReviewsOfRound(),
            Work.STAY_OUT,
        ),
        (
            Involvement(has_conflict=False, invited=True),
            ApplicationState.SUBMITTED,
            Phase.COMPLETENESS_CHECK,
            ReviewsOfRound(),
            Work.CHECK_COMPLETENESS,
        ),
        (FREE, ApplicationState.SUBMITTED, Phase.REVIEW, ReviewsOfRound(), Work.START),
        (
            Involvement(has_conflict=False, invited=True),
            ApplicationState.SUBMITTED,
            Phase.REVIEW,
            ReviewsOfRound(),
            Work.WAIT,
        ),
        (
            Involvement(has_conflict=False, role=CaseRole.DECIDER),
            ApplicationState.SUBMITTED,
            Phase.REVIEW,
            ReviewsOfRound(),
            Work.WAIT,
        ),
        (
            Involvement(has_conflict=False, role=CaseRole.REVIEWER),
            ApplicationState.IN_REVIEW,
            Phase.REVIEW,
            ReviewsOfRound(begun=[ReviewPlace.FIRST], own=[ReviewPlace.FIRST]),
            Work.SCORE,
        ),
        (
            Involvement(has_conflict=False, role=CaseRole.REVIEWER),
            ApplicationState.IN_REVIEW,
            Phase.SECOND_REVIEW,
            ReviewsOfRound(BOTH, [ReviewPlace.FIRST], [ReviewPlace.FIRST], [ReviewPlace.FIRST]),
            Work.WAIT,
        ),
        (
            FREE,
            ApplicationState.IN_REVIEW,
            Phase.SECOND_REVIEW,
            ReviewsOfRound(BOTH, [ReviewPlace.FIRST], [ReviewPlace.FIRST]),
            Work.START_SECOND,
        ),
        (
            FREE,
            ApplicationState.IN_REVIEW,
            Phase.SECOND_REVIEW,
            ReviewsOfRound(tuple(ReviewPlace), BOTH, BOTH),
            Work.START_THIRD,
        ),
        (
            FREE,
            ApplicationState.IN_REVIEW,
            Phase.REVIEW,
            ReviewsOfRound(begun=[ReviewPlace.FIRST]),
            Work.WAIT,
        ),
        (
            FREE,
            ApplicationState.IN_REVIEW,
            Phase.DECISION,
            ReviewsOfRound(begun=[ReviewPlace.FIRST], handed_in=[ReviewPlace.FIRST]),
            Work.DECIDE,
        ),
        (Involvement(), ApplicationState.IN_REVIEW, Phase.DECISION, ReviewsOfRound(), Work.DECLARE),
        (
            Involvement(mentored=True),
            ApplicationState.IN_REVIEW,
            Phase.DECISION,
            ReviewsOfRound(),
            Work.STAY_OUT,
        ),
        (FREE, ApplicationState.CHANGES_REQUESTED, Phase.CHANGES, ReviewsOfRound(), Work.WAIT),
        (FREE, ApplicationState.DECIDED, Phase.CLOSED, ReviewsOfRound(), Work.WAIT),
    ],
)
def test_what_a_person_does_next(involvement, state, now, reviewing, expected):
    assert next_work(involvement, state, now, reviewing) is expected


@given(st.sampled_from([None, True, False]), st.booleans(), st.booleans())
def test_a_sift_keeps_out_who_is_tied_or_mentor_and_bars_nothing_else(tied, mentored, invited):
    involvement = Involvement(
        has_conflict=tied, mentored=mentored, invited=invited, role=CaseRole.DECIDER
    )

    assert bool(reasons_not_to_check_completeness(involvement)) is (tied is not False or mentored)
