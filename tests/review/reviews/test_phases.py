"""The table of who sees what, the phases, and what a person does next: plain tables, without a database."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.applications.rules import State
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.involvement import Involvement
from cissapp.review.reviews.rules.phases import (
    AUTHOR_OF,
    SCORES_OF,
    SEES,
    Phase,
    What,
    Who,
    phase,
    sees,
    whos,
)
from cissapp.review.reviews.rules.places import Place, wanted_places
from cissapp.review.reviews.rules.work import Reviewing, Work, keeps_from_sifting, work

FREE = Involvement(tied=False)
BLIND = (Phase.SIFT, Phase.REVIEW, Phase.SECOND_REVIEW, Phase.CHANGES)
SECRET = (
    What.FIRST_SCORES,
    What.SECOND_SCORES,
    What.THIRD_SCORES,
    What.RECOMMENDATION,
    What.COMMENTS,
)


def test_every_phase_has_its_table():
    assert set(SEES) == set(Phase)


@pytest.mark.parametrize(("now", "what"), list(product(Phase, What)))
def test_nobody_and_the_secretariat_see_nothing(now, what):
    assert not sees({Who.NOBODY, Who.SECRETARIAT}, what, now)


@pytest.mark.parametrize(("now", "what"), list(product(Phase, SECRET)))
def test_a_school_never_sees_scores_recommendation_and_comments(now, what):
    assert not sees({Who.SCHOOL}, what, now)


@pytest.mark.parametrize(("now", "what"), list(product(Phase, SECRET)))
def test_a_guest_sees_scores_once_it_is_decided_and_nothing_else_that_is_secret(now, what):
    over = now in {Phase.APPEAL, Phase.CLOSED}
    scores = {What.FIRST_SCORES, What.SECOND_SCORES, What.THIRD_SCORES}
    assert sees({Who.GUEST}, what, now) == (over and what in scores)


@pytest.mark.parametrize(("now", "place", "who"), list(product(BLIND, Place, Who)))
def test_while_a_review_may_be_written_only_its_author_sees_it(now, place, who):
    expected = who is AUTHOR_OF[place] and now is not Phase.SIFT

    assert sees({who}, SCORES_OF[place], now) is expected


@pytest.mark.parametrize("now", BLIND)
@pytest.mark.parametrize("what", [What.RECOMMENDATION, What.COMMENTS, What.PROGRESS])
def test_before_the_decision_phase_nobody_sees_what_is_recommended_or_how_far_it_is(now, what):
    assert not sees(set(Who), what, now)


def test_the_letter_is_there_after_a_decision_only():
    shown = {now for now in Phase if sees({Who.SCHOOL}, What.LETTER, now)}

    assert shown == {Phase.CHANGES, Phase.APPEAL, Phase.CLOSED}


def test_a_coordinator_who_declared_nothing_sees_names_and_the_outcome_only():
    seen = {what for now in Phase for what in What if sees({Who.COORDINATOR}, what, now)}

    assert seen == {What.REVIEWERS, What.DECISION}


@pytest.mark.parametrize(
    ("opened", "coordinator", "may_decide", "authored", "expected"),
    [
        (False, False, True, [], {Who.NOBODY}),
        (False, True, True, [Place.FIRST], {Who.COORDINATOR}),
        (True, False, True, [], {Who.MEMBER, Who.DECIDER}),
        (True, False, False, [], {Who.MEMBER}),
        (True, False, True, [Place.SECOND], {Who.MEMBER, Who.SECOND_ASSESSOR}),
        (True, True, False, [Place.FIRST], {Who.COORDINATOR, Who.MEMBER, Who.ASSESSOR}),
    ],
)
def test_what_a_person_is(opened, coordinator, may_decide, authored, expected):
    found = whos(opened=opened, coordinator=coordinator, may_decide=may_decide, authored=authored)

    assert found == expected


@pytest.mark.parametrize(
    ("state", "sifted", "wanted", "handed_in", "expected"),
    [
        (State.SUBMITTED, False, 1, [], Phase.SIFT),
        (State.SUBMITTED, True, 1, [], Phase.REVIEW),
        (State.IN_REVIEW, True, 1, [], Phase.REVIEW),
        (State.IN_REVIEW, True, 2, [Place.SECOND], Phase.REVIEW),
        (State.IN_REVIEW, True, 2, [Place.FIRST], Phase.SECOND_REVIEW),
        (State.IN_REVIEW, True, 3, [Place.FIRST, Place.SECOND], Phase.SECOND_REVIEW),
        (State.IN_REVIEW, True, 1, [Place.FIRST], Phase.DECISION),
        (State.IN_REVIEW, True, 3, list(Place), Phase.DECISION),
        (State.CHANGES_REQUESTED, True, 1, [Place.FIRST], Phase.CHANGES),
        (State.DECIDED, True, 1, [Place.FIRST], Phase.CLOSED),
        (State.WITHDRAWN, True, 1, [], Phase.CLOSED),
    ],
)
def test_the_phase_of_an_application(state, sifted, wanted, handed_in, expected):
    assert (
        phase(state, sifted=sifted, wanted=wanted_places(wanted), handed_in=handed_in) is expected
    )


def test_an_open_appeal_is_a_phase_of_its_own():
    found = phase(State.DECIDED, sifted=True, wanted=[], handed_in=[], appealed=True)

    assert found is Phase.APPEAL


# --- what a person does next -----------------------------------------------------------------

BOTH = (Place.FIRST, Place.SECOND)


@pytest.mark.parametrize(
    ("hands", "state", "now", "reviewing", "expected"),
    [
        (Involvement(), State.SUBMITTED, Phase.SIFT, Reviewing(), Work.DECLARE),
        (Involvement(tied=True), State.IN_REVIEW, Phase.REVIEW, Reviewing(), Work.STAY_OUT),
        (FREE, State.SUBMITTED, Phase.SIFT, Reviewing(), Work.SIFT),
        (
            Involvement(tied=False, mentored=True),
            State.SUBMITTED,
            Phase.SIFT,
            Reviewing(),
            Work.WAIT,
        ),
        (
            Involvement(tied=False, invited=True),
            State.SUBMITTED,
            Phase.SIFT,
            Reviewing(),
            Work.SIFT,
        ),
        (FREE, State.SUBMITTED, Phase.REVIEW, Reviewing(), Work.START),
        (
            Involvement(tied=False, invited=True),
            State.SUBMITTED,
            Phase.REVIEW,
            Reviewing(),
            Work.WAIT,
        ),
        (
            Involvement(tied=False, seat=CaseRole.DECIDER),
            State.SUBMITTED,
            Phase.REVIEW,
            Reviewing(),
            Work.WAIT,
        ),
        (
            Involvement(tied=False, seat=CaseRole.ASSESSOR),
            State.IN_REVIEW,
            Phase.REVIEW,
            Reviewing(begun=[Place.FIRST], own=[Place.FIRST]),
            Work.SCORE,
        ),
        (
            Involvement(tied=False, seat=CaseRole.ASSESSOR),
            State.IN_REVIEW,
            Phase.SECOND_REVIEW,
            Reviewing(BOTH, [Place.FIRST], [Place.FIRST], [Place.FIRST]),
            Work.WAIT,
        ),
        (
            FREE,
            State.IN_REVIEW,
            Phase.SECOND_REVIEW,
            Reviewing(BOTH, [Place.FIRST], [Place.FIRST]),
            Work.START_SECOND,
        ),
        (
            FREE,
            State.IN_REVIEW,
            Phase.SECOND_REVIEW,
            Reviewing(tuple(Place), BOTH, BOTH),
            Work.START_THIRD,
        ),
        (FREE, State.IN_REVIEW, Phase.REVIEW, Reviewing(begun=[Place.FIRST]), Work.WAIT),
        (
            FREE,
            State.IN_REVIEW,
            Phase.DECISION,
            Reviewing(begun=[Place.FIRST], handed_in=[Place.FIRST]),
            Work.DECIDE,
        ),
        (FREE, State.CHANGES_REQUESTED, Phase.CHANGES, Reviewing(), Work.WAIT),
        (FREE, State.DECIDED, Phase.CLOSED, Reviewing(), Work.WAIT),
    ],
)
def test_what_a_person_does_next(hands, state, now, reviewing, expected):
    assert work(hands, state, now, reviewing) is expected


@given(st.sampled_from([None, True, False]), st.booleans(), st.booleans())
def test_a_sift_keeps_out_who_is_tied_or_mentor_and_bars_nothing_else(tied, mentored, invited):
    hands = Involvement(tied=tied, mentored=mentored, invited=invited, seat=CaseRole.DECIDER)

    assert bool(keeps_from_sifting(hands)) is (tied is not False or mentored)
