"""Deadlines and mails follow the roles of a case: whoever is expected next is told, and nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.notices.models import Mail
from cissapp.review.independence import services as independence
from cissapp.review.independence.queries import assignment_of, unattended_roles
from cissapp.review.independence.rules import CaseRole, ConflictAnswer, PossibleConflict
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import AbandonedReview
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.services import following
from cissapp.review.visits import services as visits
from cissapp.review.visits.rules import VisitKind
from tests import factories as make
from tests.factories import NOW
from tests.refusals import codes
from tests.review.reviews.test_services import MINOR, decide, hand_in, second_round

pytestmark = pytest.mark.usefixtures("stopped_clock", "context")

DAY = timedelta(days=1)


def coordinator_of(application) -> User:
    return make.user(Role.COORDINATOR, group_id=application.school.group_id)


def told(kind: str) -> list[str]:
    return list(session.scalars(select(Mail.to).where(Mail.kind == kind).order_by(Mail.to)))


def due_from(application, kind: DeadlineKind):
    return open_deadline(kind, application.id).person_id


def give(application, person, role, by):
    return independence.assign(application, person.id, role, by=by, at=NOW)


def test_who_is_given_a_task_is_told_and_is_the_one_reminded_of_it():
    application = make.handed_in()
    coordinator, reviewer = (
        coordinator_of(application),
        make.user(Role.REVIEWER, group_id=application.group_id),
    )

    give(application, reviewer, CaseRole.REVIEWER, coordinator)
    give(application, coordinator, CaseRole.DECIDER, coordinator)

    assert told("task_given") == [reviewer.email], "nobody is told of what they take themselves"
    assert due_from(application, DeadlineKind.REVIEW) == reviewer.id


def test_a_conflict_declared_after_a_task_was_given_tells_the_coordinators_and_frees_the_deadline():
    application = make.handed_in()
    coordinator, reviewer = (
        coordinator_of(application),
        make.user(Role.REVIEWER, group_id=application.group_id),
    )
    give(application, reviewer, CaseRole.REVIEWER, coordinator)

    independence.declare(
        application, grounds=["family"], note="My sister.", by=reviewer, at=NOW + DAY
    )

    assert coordinator.email in told("handed_back")
    assert reviewer.email not in told("handed_back")
    assert due_from(application, DeadlineKind.REVIEW) is None


def test_a_confirmed_link_tells_the_coordinators_who_alone_can_record_an_exception():
    application = make.handed_in()
    coordinator, reviewer = (
        coordinator_of(application),
        make.user(Role.REVIEWER, group_id=application.group_id),
    )
    independence.state_background(
        employer="", locality=application.school.locality, phone="", by=reviewer, at=NOW
    )

    independence.declare(
        application,
        grounds=[],
        note="",
        answers={"locality": ConflictAnswer.TRUE},
        by=reviewer,
        at=NOW,
    )

    assert coordinator.email in told("handed_back")
    locality = PossibleConflict.LOCALITY
    independence.waive(
        application, reviewer.id, locality, reason="A big city.", by=coordinator, at=NOW
    )
    assert told("task_given") == [reviewer.email]


def test_the_decider_is_told_when_all_reviews_are_submitted_else_the_coordinators():
    first, second = (make.scored(make.assessing()[0]) for _ in range(2))
    coordinators = [coordinator_of(one.application) for one in (first, second)]
    decider = make.user(Role.REVIEWER, group_id=first.application.group_id)
    give(first.application, decider, CaseRole.DECIDER, coordinators[0])

    hand_in(first, first.assessor)
    assert told("ready_to_decide") == [decider.email]
    assert due_from(first.application, DeadlineKind.DECISION) == decider.id

    hand_in(second, second.assessor)
    assert coordinators[1].email in told("ready_to_decide")
    assert due_from(second.application, DeadlineKind.DECISION) is None


def test_the_reviewer_of_the_round_before_is_told_that_the_school_has_submitted_again():
    _first, application, reviewer, decider = second_round()

    assert application.round == 2
    assert told("submitted").count(reviewer.email) == 1
    assert decider.email not in told("submitted")


def test_a_visit_is_organised_by_whoever_stays_when_the_reviewer_leaves_the_case():
    application = make.handed_in()
    reviewer, other = make.reviewers(application)
    head = make.manager(application.school)
    held = independence.take_role(application, reviewer.id, CaseRole.REVIEWER, by=reviewer, at=NOW)
    visit = visits.plan(application, kind=VisitKind.VIDEO, dates=[NOW + 3 * DAY], by=other, at=NOW)
    visits.agree(visit, visit.dates[0].id, by=head, at=NOW)
    assert due_from(application, DeadlineKind.VISIT) == reviewer.id

    independence.leave_role(held, reason="A conflict of interest.", by=reviewer, at=NOW + DAY)

    assert due_from(application, DeadlineKind.VISIT) == other.id


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (CaseRole.REVIEWER, DeadlineKind.REVIEW),
        (CaseRole.DECIDER, DeadlineKind.DECISION),
    ],
)
def test_a_coordinator_who_takes_a_task_over_is_the_one_reminded_of_it_without_a_mail(role, kind):
    application = make.handed_in()
    coordinator, reviewer = coordinator_of(application), make.reviewers(application, 1)[0]
    if role is CaseRole.DECIDER:
        review = make.scored(make.begun(application, make.reviewers(application, 1)[0]))
        hand_in(review, review.assessor)
    held = give(application, reviewer, role, coordinator)
    assert due_from(application, kind) == reviewer.id

    independence.hand_over(
        application, held, coordinator.id, reason="Ill.", by=coordinator, at=NOW + DAY
    )

    assert due_from(application, kind) == coordinator.id
    assert told("task_given") == [reviewer.email]


@pytest.mark.one_database("sqlite")
def test_who_assigns_a_task_to_themselves_is_reminded_of_it():
    application = make.handed_in()
    coordinator = coordinator_of(application)

    give(application, coordinator, CaseRole.REVIEWER, coordinator)

    assert due_from(application, DeadlineKind.REVIEW) == coordinator.id


@pytest.mark.one_database("sqlite")
def test_a_visit_is_organised_by_the_coordinator_who_takes_the_review_over():
    application = make.handed_in()
    coordinator, reviewer = coordinator_of(application), make.reviewers(application, 1)[0]
    head = make.manager(application.school)
    held = give(application, reviewer, CaseRole.REVIEWER, coordinator)
    dates = [NOW + 3 * DAY]
    visit = visits.plan(application, kind=VisitKind.VIDEO, dates=dates, by=reviewer, at=NOW)
    visits.agree(visit, visit.dates[0].id, by=head, at=NOW)
    assert due_from(application, DeadlineKind.VISIT) == reviewer.id

    independence.hand_over(
        application, held, coordinator.id, reason="Ill.", by=coordinator, at=NOW + DAY
    )

    assert due_from(application, DeadlineKind.VISIT) == coordinator.id


@pytest.mark.one_database("sqlite")
def test_a_decision_waits_for_the_coordinators_if_its_decider_handed_the_task_back():
    review = make.scored(make.assessing()[0])
    application, coordinator = review.application, coordinator_of(review.application)
    decider = make.reviewers(application, 1)[0]
    held = give(application, decider, CaseRole.DECIDER, coordinator)
    independence.hand_back(application, held, reason="I am ill.", by=decider, at=NOW)

    hand_in(review, review.assessor)

    assert coordinator.email in told("ready_to_decide")
    assert decider.email not in told("ready_to_decide")
    assert due_from(application, DeadlineKind.DECISION) is None
    independence.keep_role(application, held, by=decider, at=NOW + DAY)
    assert due_from(application, DeadlineKind.DECISION) == decider.id


@pytest.mark.one_database("sqlite")
def test_nobody_who_handed_a_task_back_in_the_round_before_is_told_of_the_next():
    review, reviewer, _other = make.assessing()
    application, coordinator = review.application, coordinator_of(review.application)
    decider = make.reviewers(application, 1)[0]
    give(application, decider, CaseRole.DECIDER, coordinator)
    for one in (reviewer, decider):
        held = assignment_of(application.id, one.id)
        independence.hand_back(application, held, reason="I am ill.", by=one, at=NOW)

    application.round += 1  # as after an answer to a question
    following.tell_submitted(application, at=NOW + DAY)
    following.tell_ready(application, at=NOW + DAY)

    assert reviewer.email not in told("submitted")
    assert decider.email not in told("ready_to_decide")
    assert coordinator.email in told("ready_to_decide")


# --- a conflict of interest found late -------------------------------------------------------


def taken_back():
    """A submitted review whose author takes it back, the seat, and a coordinator."""
    review, reviewer, _other = make.assessing()
    make.scored(review)
    hand_in(review, reviewer)
    application, coordinator = review.application, coordinator_of(review.application)
    held = assignment_of(application.id, reviewer.id)
    reason = "The head is my cousin, as I learned today."
    independence.hand_back(application, held, reason=reason, by=reviewer, at=NOW + DAY)
    return review, held, coordinator


@pytest.mark.both_databases
def test_nobody_decides_on_a_review_that_its_author_took_back_for_a_conflict_of_interest():
    review, held, coordinator = taken_back()
    decider = make.reviewers(review.application, 1)[0]

    with pytest.raises(Refused) as refused:
        decide(review, decider)

    assert codes(refused) == ["state"]
    assert due_from(review.application, DeadlineKind.REVIEW) is None
    assert open_deadline(DeadlineKind.DECISION, review.application_id) is None
    assert coordinator.email in told("handed_back")
    assert unattended_roles(coordinator, today=NOW.date())[0].assignment is held


@pytest.mark.both_databases
def test_another_person_reviews_afresh_and_the_scores_taken_back_stay_for_the_record():
    review, held, coordinator = taken_back()
    application, author = review.application, held.person
    new = make.reviewers(application, 1)[0]
    independence.hand_over(application, held, new.id, reason="A cousin.", by=coordinator, at=NOW)

    kept = session.scalars(select(AbandonedReview)).one()
    assert (kept.assessor_id, len(kept.scores) > 40, review.scores) == (author.id, True, [])
    assert (review.assessor_id, review.state, review.summary) == (new.id, ReviewState.OPEN, None)
    assert due_from(application, DeadlineKind.REVIEW) == new.id
    make.scored(review)
    hand_in(review, new)
    decide(review, make.reviewers(application, 1)[0])
    with pytest.raises(Refused):
        independence.hand_back(
            application, assignment_of(application.id, new.id), reason="Late.", by=new, at=NOW
        )


def test_a_review_taken_back_for_a_conflict_is_not_continued_and_no_coordinator_takes_one_away():
    review, held, coordinator = taken_back()
    with pytest.raises(Refused) as refused:
        independence.keep_role(review.application, held, by=held.person, at=NOW)
    assert codes(refused) == ["state"]

    other, reviewer, _third = make.assessing()
    make.scored(other)
    hand_in(other, reviewer)
    new = make.reviewers(other.application, 1)[0]
    seat = assignment_of(other.application_id, reviewer.id)
    with pytest.raises(Refused):
        independence.hand_over(
            other.application, seat, new.id, reason="I disagree.", by=coordinator, at=NOW
        )


def test_a_third_review_that_has_not_begun_is_wanted_only_if_two_reviews_differ_again():
    application = make.handed_in()
    reviewers = make.reviewers(application)
    first = make.begun(application, reviewers[0])
    make.wanting_second(application)
    second = make.begun(application, reviewers[1], place=ReviewPlace.SECOND)
    for review, level, outcome in ((first, 3, {}), (second, 1, MINOR)):
        make.scored(review, A1=level)
        hand_in(review, review.assessor, **outcome)
    assert application.reviews_wanted == 3

    held = assignment_of(application.id, reviewers[1].id)
    independence.hand_back(application, held, reason="A cousin.", by=reviewers[1], at=NOW + DAY)

    assert application.reviews_wanted == 2
    assert open_deadline(DeadlineKind.SECOND_REVIEW, application.id) is not None


def test_the_own_task_comes_first_even_if_another_case_is_due_before():
    group = make.group("MD")
    urgent, own = (make.handed_in(make.school(group_id=group.id), at=NOW - n * DAY) for n in (9, 1))
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    reviewer = make.user(Role.REVIEWER, group_id=group.id)
    assert queries.queue(reviewer, now=NOW).next.id == urgent.id

    give(own, reviewer, CaseRole.REVIEWER, coordinator)

    assert queries.queue(reviewer, now=NOW).next.id == own.id
