"""What a reviewer need not score again in a later round: what was decided, or what they scored themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.review.independence import services as independence
from cissapp.review.independence.queries import assignment_of
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import AbandonedReview, Score
from cissapp.review.reviews.queries.inherited import cases_with_inherited_scores
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.services import ask_school
from tests import factories as make
from tests.factories import NOW
from tests.review.reviews.test_phases_in_services import again
from tests.review.reviews.test_services import second_round

pytestmark = pytest.mark.usefixtures("stopped_clock", "context")

DAY = timedelta(days=1)
QUESTION = "Where do parents find the annex of the policy?"


def answered():
    """A case whose first reviewer asked the school, which answered, and its two reviewers, who had scored all."""
    application = make.handed_in()
    first, second = make.reviewers(application)
    own = make.begun(application, first)
    make.wanting_second(application)
    for one in (own, make.begun(application, second, place=ReviewPlace.SECOND)):
        make.scored(one)
    ask_school(own, {"A1": QUESTION}, by=first, at=NOW + DAY)
    again(application, "A1")
    return application, first, second


def hand_over(application, old):
    """Another person, to whom a coordinator hands the task."""
    coordinator = make.user(Role.COORDINATOR, group_id=application.school.group_id)
    new = make.reviewers(application, 1)[0]
    held = assignment_of(application.id, old.id)
    independence.hand_over(
        application, held, new.id, reason="Ill.", by=coordinator, at=NOW + 5 * DAY
    )
    return new


@pytest.mark.both_databases
def test_only_undecided_scores_of_another_person_are_found_as_inherited():
    """As a version before this one left them: copied from the round before, whoever had written them."""
    application, first, _second = answered()
    new = make.reviewers(application, 1)[0]
    own = make.begun(application, first)
    make.wanting_second(application)
    taken_over = make.begun(application, new, place=ReviewPlace.SECOND)
    assert any(one.carried for one in own.scores)
    assert cases_with_inherited_scores() == []

    copied = Score(criterion_id="A2", level=2, reason="", carried=True, saved_at=NOW)
    taken_over.scores.append(copied)
    session.flush()
    assert cases_with_inherited_scores() == [application.id]

    settled = second_round()[1]
    make.begun(settled, make.reviewers(settled, 1)[0])
    assert cases_with_inherited_scores() == [application.id]


@pytest.mark.both_databases
def test_another_person_who_reviews_after_a_question_inherits_no_scores_and_judges_alone():
    application, first, second = answered()
    new = make.reviewers(application, 1)[0]
    earlier = queries.reviews_of(application, 1)[ReviewPlace.SECOND]
    make.begun(application, first)
    make.wanting_second(application)

    begun = make.begun(application, new, place=ReviewPlace.SECOND)

    assert begun.scores == []
    assert all(queries.scores_anew(begun, one) for one in ("A1", "A2"))
    assert (earlier.assessor_id, earlier.state) == (second.id, ReviewState.STOPPED)
    assert len(earlier.scores) > 40


def test_whoever_goes_on_after_a_question_scores_only_what_was_asked():
    application, first, second = answered()
    own = make.begun(application, first)
    make.wanting_second(application)
    other = make.begun(application, second, place=ReviewPlace.SECOND)

    for review in (own, other):
        assert len(review.scores) > 40
        assert queries.scores_anew(review, "A1")
        assert not queries.scores_anew(review, "A2")


@pytest.mark.both_databases
def test_a_review_handed_over_after_a_question_begins_empty_and_the_new_scores_are_kept():
    application, first, _second = answered()
    own = make.scored(make.begun(application, first))

    new = hand_over(application, first)

    assert (own.assessor_id, own.scores) == (new.id, [])
    assert list(session.scalars(select(AbandonedReview)).one().scores) == ["A1"]
    assert len(queries.reviews_of(application, 1)[ReviewPlace.FIRST].scores) > 40


@pytest.mark.both_databases
def test_what_a_decision_settled_stays_settled_in_a_review_that_is_handed_over():
    _first, application, reviewer, _decider = second_round()
    own = make.scored(make.begun(application, reviewer))
    settled = {one.criterion_id for one in own.scores if one.carried}

    new = hand_over(application, reviewer)

    assert own.assessor_id == new.id
    assert {one.criterion_id for one in own.scores} == settled
    assert len(settled) > 40
