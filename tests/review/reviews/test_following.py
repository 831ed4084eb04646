"""Deadlines and mails follow the roles of a case: whoever is expected next is told, and nobody else."""

from datetime import date, timedelta
from functools import partial
from types import MappingProxyType

import pytest
from sqlalchemy import select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import EditConflict, Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.notices.models import Mail
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.queries.deadlines import answer_due_on
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.independence import services as independence
from cissapp.review.independence.queries import (
    assignment_of,
    declaration_of,
    is_review_taken_back,
    unfilled_roles,
)
from cissapp.review.independence.rules import (
    NEEDED_ROLES,
    CaseRole,
    ConflictAnswer,
    PossibleConflict,
)
from cissapp.review.reviews import mails, queries
from cissapp.review.reviews.models import AbandonedReview
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.phases import CaseContent
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.work import Work
from cissapp.review.reviews.services import ask_school, check_completeness, following
from cissapp.review.visits import services as visits
from cissapp.review.visits.rules import VisitKind
from tests import factories as make
from tests.factories import NOW
from tests.refusals import codes
from tests.review.reviews.test_phases_in_services import again, attach
from tests.review.reviews.test_services import (
    MINOR,
    decide,
    hand_in,
    save,
    second_round,
    to_decide,
)

pytestmark = pytest.mark.usefixtures("stopped_clock", "context")

DAY = timedelta(days=1)
QUESTION = "Where do parents find the annex of the policy?"


def coordinator_of(application) -> User:
    return make.user(Role.COORDINATOR, group_id=application.school.group_id)


def told(kind: str) -> list[str]:
    return list(session.scalars(select(Mail.to).where(Mail.kind == kind).order_by(Mail.to)))


def says_by_when(kind: str, to: str, due_on: date | None) -> bool:
    """Return whether the newest of these mails to an address names the day."""
    query = select(Mail.body).where(Mail.kind == kind, Mail.to == to)
    body = session.scalars(query.order_by(Mail.queued_at.desc())).first() or ""
    return due_on is not None and f"{due_on.day} {due_on:%B %Y}" in body


def due_from(application, kind: DeadlineKind):
    return open_deadline(kind, application.id).person_id


def give(application, person, role, by):
    return independence.assign(application, person.id, role, by=by, at=NOW)


@pytest.mark.one_database("sqlite")
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


@pytest.mark.one_database("sqlite")
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


@pytest.mark.one_database("sqlite")
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


@pytest.mark.one_database("sqlite")
def test_the_decider_is_told_when_all_reviews_are_submitted_else_the_coordinators():
    first, second = (make.scored(make.assessing()[0]) for _ in range(2))
    coordinators = [coordinator_of(one.application) for one in (first, second)]
    decider = make.user(Role.REVIEWER, group_id=first.application.group_id)
    give(first.application, decider, CaseRole.DECIDER, coordinators[0])

    hand_in(first, first.assessor)
    assert told("ready_to_decide") == [decider.email]
    assert due_from(first.application, DeadlineKind.DECISION) == decider.id
    due = open_deadline(DeadlineKind.DECISION, first.application_id)
    assert says_by_when("ready_to_decide", decider.email, due.due_on)

    hand_in(second, second.assessor)
    assert coordinators[1].email in told("ready_to_decide")
    assert due_from(second.application, DeadlineKind.DECISION) is None


@pytest.mark.one_database("sqlite")
def test_the_reviewer_of_the_round_before_is_told_that_the_school_has_submitted_again():
    _first, application, reviewer, decider = second_round()

    assert application.round == 2
    assert told("submitted").count(reviewer.email) == 1
    assert decider.email not in told("submitted")
    due = open_deadline(DeadlineKind.REVIEW, application.id)
    assert says_by_when("submitted", reviewer.email, due.due_on)


@pytest.mark.one_database("sqlite")
def test_the_mail_of_a_later_round_says_again_in_its_subject():
    """Its body said so, under the subject of a first submission."""
    _first, application, _reviewer, _decider = second_round()
    coordinator = coordinator_of(application)

    mails.tell_submitted(application, at=NOW)

    query = select(Mail.subject).where(Mail.to == coordinator.email, Mail.kind == "submitted")
    again = f"{application.school.name} has submitted its application again"
    assert again in session.scalars(query).all()


@pytest.mark.one_database("sqlite")
def test_a_mail_without_a_deadline_names_no_day():
    """It named the day on which it was sent."""
    review, _reviewer, _decider = to_decide(A1=1)
    application = review.application
    session.delete(open_deadline(DeadlineKind.DECISION, application.id))
    session.flush()
    reader = make.user(Role.COORDINATOR, group_id=application.group_id)

    mails.tell_ready(application, [reader], at=NOW)

    body = session.scalars(select(Mail.body).where(Mail.to == reader.email)).one()
    assert "has to decide. Open the case here" in body


@pytest.mark.one_database("sqlite")
def test_a_school_reads_in_the_mail_of_a_decision_by_when_it_closes_its_gaps():
    review, _reviewer, decider = to_decide(A1=1)
    make.ruled(review, decider, outcome=ApplicationOutcome.MINOR_GAPS, level=None)
    readers, due_on = told("decision"), answer_due_on(review.application)

    assert readers
    assert all(says_by_when("decision", to, due_on) for to in readers)


@pytest.mark.one_database("sqlite")
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
    assert told("task_given") == [reviewer.email, reviewer.email], "given, and handed over"


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


def take_back(review):
    person = review.assessor
    independence.declare_late(
        review.application, grounds=["family"], note="A cousin.", by=person, at=NOW + DAY
    )
    return person


def taken_back():
    """A submitted review whose author takes it back, the author, and a coordinator."""
    review, _reviewer, _other = make.assessing()
    make.scored(review)
    hand_in(review, review.assessor)
    coordinator = coordinator_of(review.application)
    return review, take_back(review), coordinator


THIRD = {"recommendation": None, "level": None}


def compared():
    """Two submitted reviews that differ, so that a third is wanted, and the person who has nothing to do."""
    application = make.handed_in()
    reviewers = make.reviewers(application, 3)
    first = make.begun(application, reviewers[0])
    make.wanting_second(application)
    other = make.begun(application, reviewers[1], place=ReviewPlace.SECOND)
    for review, level, outcome in ((first, 3, {}), (other, 1, MINOR)):
        make.scored(review, A1=level)
        hand_in(review, review.assessor, **outcome)
    assert application.reviews_wanted == 3
    return first, other, reviewers[2]


def replaced(review, outcome=MappingProxyType({}), **levels):
    """The review of another person who begins where one was taken back."""
    new = make.reviewers(review.application, 1)[0]
    begun = make.begun(review.application, new, place=review.place)
    make.scored(begun, **levels)
    hand_in(begun, new, **outcome)
    return begun


@pytest.mark.both_databases
def test_nobody_decides_on_a_review_that_its_author_took_back_for_a_conflict_of_interest():
    review, author, coordinator = taken_back()
    application, decider = review.application, make.reviewers(review.application, 1)[0]

    with pytest.raises(EditConflict):
        decide(review, decider)

    assert due_from(application, DeadlineKind.REVIEW) is None
    assert open_deadline(DeadlineKind.DECISION, review.application_id) is None
    assert coordinator.email in told("handed_back")
    assert assignment_of(application.id, author.id).left_at == NOW + DAY
    assert (application, CaseRole.REVIEWER) in unfilled_roles(coordinator, NEEDED_ROLES)
    assert is_review_taken_back(application)
    assert queries.case(application, decider, today=NOW.date()).work is Work.START
    assert queries.queue(decider, now=NOW).next.work is Work.START


@pytest.mark.one_database("sqlite")
def test_the_case_closes_to_whoever_took_the_review_back_and_asks_nothing_more_of_them():
    review, author, _coordinator = taken_back()
    declared = declaration_of(review.application, author.id)

    case = queries.case(review.application, author, today=NOW.date())

    assert (declared.grounds, declared.note) == (["family"], "A cousin.")
    assert (case.work, case.own, case.reviews) == (Work.STAY_OUT, None, {})
    assert not any(case.sees(one) for one in CaseContent)
    assert queries.queue(author, now=NOW).next is None
    for act in (save, take_back):
        with pytest.raises(Refused):
            act(review, *(("A1", author) if act is save else ()))
    with pytest.raises(Refused):
        independence.take_role(
            review.application, author.id, CaseRole.REVIEWER, by=author, at=NOW + DAY
        )


@pytest.mark.both_databases
def test_another_person_reviews_afresh_and_the_scores_taken_back_stay_for_the_record():
    review, author, coordinator = taken_back()
    application, (new, decider) = review.application, make.reviewers(review.application)
    give(application, new, CaseRole.REVIEWER, coordinator)
    assert due_from(application, DeadlineKind.REVIEW) == new.id
    assert not is_review_taken_back(application)
    begun = make.begun(application, new)

    kept = session.scalars(select(AbandonedReview)).one()
    assert (kept.assessor_id, len(kept.scores) > 40, begun.scores) == (author.id, True, [])
    assert (begun.assessor.id, begun.state, begun.summary) == (new.id, ReviewState.OPEN, None)
    make.scored(begun)
    hand_in(begun, new)
    decide(begun, decider)
    with pytest.raises(Refused):
        take_back(begun)


@pytest.mark.one_database("sqlite")
def test_the_files_of_whoever_took_the_review_back_do_not_reach_the_school():
    review, author, _other = make.assessing()
    attach(review.application, author)
    hand_in(make.scored(review), author)

    take_back(review)

    assert queries.attachments_of(review.application_id, 1) == []


@pytest.mark.both_databases
def test_no_round_carries_scores_of_a_review_that_was_taken_back():
    application = make.handed_in()
    first, second, new = make.reviewers(application, 3)
    own = make.begun(application, first)
    make.wanting_second(application)
    back = make.scored(make.begun(application, second, place=ReviewPlace.SECOND))
    hand_in(back, second)
    take_back(back)
    make.scored(own)
    ask_school(own, {"A1": QUESTION}, by=first, at=NOW + 2 * DAY)
    again(application, "A1")

    make.begun(application, first)
    make.wanting_second(application)
    with pytest.raises(Refused):
        make.begun(application, second, place=ReviewPlace.SECOND)
    assert make.begun(application, new, place=ReviewPlace.SECOND).scores == []


def test_scores_before_a_question_are_not_carried_from_an_author_who_took_back_the_round_after_it():
    review, author, _other = make.assessing()
    application, new = review.application, make.reviewers(review.application, 1)[0]
    make.scored(review)
    ask_school(review, {"A1": QUESTION}, by=author, at=NOW + 2 * DAY)
    again(application, "A1")
    following = make.begun(application, author)
    assert len(following.scores) > 40
    hand_in(make.scored(following), author)

    take_back(following)

    begun = make.begun(application, new)
    assert (begun.scores, queries.reviews_of(application, 1)) == ([], {})


@pytest.mark.both_databases
def test_scores_settled_by_a_decision_stay_settled_if_the_review_of_the_next_round_is_taken_back():
    _first, application, reviewer, _decider = second_round()
    following = make.scored(make.begun(application, reviewer))
    settled = {one.criterion_id for one in following.scores if one.carried}
    hand_in(following, reviewer)
    take_back(following)

    begun = make.begun(application, make.reviewers(application, 1)[0])

    assert {one.criterion_id for one in begun.scores} == settled


def test_a_conflict_found_while_reviewing_closes_the_case_and_another_person_begins_afresh():
    review, author, _other = make.assessing()
    application, coordinator = review.application, coordinator_of(review.application)
    save(review, "A1", author)
    attach(application, author)

    take_back(review)

    case = queries.case(application, author, today=NOW.date())
    assert (case.work, any(case.sees(one) for one in CaseContent)) == (Work.STAY_OUT, False)
    due = open_deadline(DeadlineKind.REVIEW, application.id)
    assert (due.person_id, due.opened_at) == (None, NOW + DAY), "the next person has the full time"
    assert queries.attachments_of(application.id, 1) == []
    assert coordinator.email in told("handed_back")
    with pytest.raises(Refused):
        take_back(review)
    begun = make.begun(application, make.reviewers(application, 1)[0])
    assert (begun.scores, due_from(application, DeadlineKind.REVIEW)) == ([], begun.assessor_id)
    kept = session.scalars(select(AbandonedReview)).one()
    assert (kept.assessor_id, list(kept.scores)) == (author.id, ["A1"])


def test_who_declares_a_conflict_in_a_review_that_was_handed_over_does_not_block_the_case():
    review, author, _other = make.assessing()
    application, coordinator = review.application, coordinator_of(review.application)
    new = make.user(Role.REVIEWER, group_id=application.group_id)
    held = assignment_of(application.id, author.id)
    independence.hand_over(application, held, new.id, reason="Ill.", by=coordinator, at=NOW)

    independence.declare(application, grounds=["family"], note="", by=new, at=NOW + DAY)

    third = make.reviewers(application, 1)[0]
    give(application, third, CaseRole.REVIEWER, coordinator)
    assert queries.case(application, third, today=NOW.date()).work is Work.START
    assert make.begun(application, third).assessor_id == third.id


@pytest.mark.one_database("sqlite")
def test_a_conflict_of_the_decider_ends_no_review_and_frees_the_decision():
    first, second, person = compared()
    application, coordinator = first.application, coordinator_of(first.application)
    third = make.begun(application, person, place=ReviewPlace.THIRD)
    decider = make.user(Role.REVIEWER, group_id=application.group_id)
    give(application, decider, CaseRole.DECIDER, coordinator)

    independence.declare_late(application, grounds=["family"], note="", by=decider, at=NOW + DAY)

    assert (third.state, second.state) == (ReviewState.OPEN, ReviewState.HANDED_IN)
    assert declaration_of(application, decider.id).has_conflict
    assert (application, CaseRole.DECIDER) in unfilled_roles(coordinator, NEEDED_ROLES)
    hand_in(make.scored(third, A1=3), person, **THIRD)
    assert due_from(application, DeadlineKind.DECISION) is None
    assert decider.email not in told("ready_to_decide")


@pytest.mark.both_databases
def test_a_case_stuck_with_a_review_left_open_by_who_declared_a_conflict_heals_with_the_next_person():
    """As it was before a conflict of interest ended every task by one rule."""
    review, author, _other = make.assessing()
    application, coordinator = review.application, coordinator_of(review.application)
    new, third, decider = make.reviewers(application, 3)
    held = assignment_of(application.id, author.id)
    left = independence.hand_over(application, held, new.id, reason="Ill.", by=coordinator, at=NOW)
    declaration_of(application, new.id).grounds = ["family"]
    independence.leave_role(left, reason="A conflict of interest.", by=new, at=NOW)
    assert (review.state, review.assessor_id) == (ReviewState.OPEN, new.id)

    give(application, third, CaseRole.REVIEWER, coordinator)

    assert queries.case(application, third, today=NOW.date()).work is Work.START
    assert due_from(application, DeadlineKind.REVIEW) == third.id
    begun = make.scored(make.begun(application, third))
    hand_in(begun, third)
    decide(begun, decider)


@pytest.mark.one_database("sqlite")
def test_a_review_that_goes_on_with_another_person_is_not_made_void_by_the_handover():
    review, author, _other = make.assessing()
    application, coordinator = review.application, coordinator_of(review.application)
    new = make.reviewers(application, 1)[0]
    held = assignment_of(application.id, author.id)

    independence.hand_over(application, held, new.id, reason="Ill.", by=coordinator, at=NOW)

    assert (review.state, review.assessor_id) == (ReviewState.OPEN, new.id)


# --- with no task to do at the moment --------------------------------------------------------


def leave(application, person):
    """A person declares a conflict of interest late, without a review that could be named."""
    independence.declare_late(
        application, grounds=["family"], note="A cousin.", by=person, at=NOW + 5 * DAY
    )


def is_closed_to(application, person) -> bool:
    case = queries.case(application, person, today=NOW.date())
    return case.work is Work.STAY_OUT and not any(case.sees(one) for one in CaseContent)


@pytest.mark.both_databases
def test_a_conflict_found_while_the_school_answers_closes_the_case_and_nobody_continues_the_review():
    application = make.handed_in()
    first, second, decider = make.reviewers(application, 3)
    own = make.begun(application, first)
    make.wanting_second(application)
    submitted = make.scored(make.begun(application, second, place=ReviewPlace.SECOND))
    hand_in(submitted, second)
    give(application, decider, CaseRole.DECIDER, coordinator_of(application))
    make.scored(own)
    ask_school(own, {"A1": QUESTION}, by=first, at=NOW + 2 * DAY)

    for person in (first, second, decider):
        leave(application, person)
        assert is_closed_to(application, person)
        assert assignment_of(application.id, person.id).left_at is not None

    assert queries.reviews_of(application, 1) == {}
    for kind in (DeadlineKind.REVIEW, DeadlineKind.SECOND_REVIEW, DeadlineKind.DECISION):
        assert open_deadline(kind, application.id) is None, (
            "nobody reviews while the school answers"
        )
    assert not is_review_taken_back(application)
    again(application, "A1")
    assert first.email not in told("submitted")
    begun = make.begun(application, make.reviewers(application, 1)[0])
    assert begun.scores == []


@pytest.mark.both_databases
def test_a_conflict_found_after_minor_gaps_leaves_what_was_decided_and_others_go_on():
    review, reviewer, _other = make.assessing()
    application = review.application
    attach(application, reviewer)
    hand_in(make.scored(review, A1=1), reviewer, **MINOR)
    decider = make.reviewers(application, 1)[0]
    make.ruled(review, decider, outcome=ApplicationOutcome.MINOR_GAPS, level=None)

    leave(application, reviewer)
    leave(application, decider)

    assert is_closed_to(application, reviewer)
    assert (review.state, len(review.scores) > 40) == (ReviewState.HANDED_IN, True)
    assert len(queries.attachments_of(application.id, 1)) == 1, "the school has it"
    assert not is_review_taken_back(application)
    again(application, "A1")
    begun = make.begun(application, make.reviewers(application, 1)[0])
    assert len(begun.scores) > 40


@pytest.mark.both_databases
def test_who_declared_no_conflict_and_has_no_task_may_find_one_until_the_decision():
    review, _author, other = make.assessing()
    application, late = review.application, make.reviewers(review.application, 1)[0]
    silent = make.user(Role.REVIEWER, group_id=application.group_id)
    leave(application, late)
    with pytest.raises(Refused):
        leave(application, silent)
    with pytest.raises(Missing):
        leave(application, make.user(Role.REVIEWER))

    assert is_closed_to(application, late)
    assert review.state is ReviewState.OPEN
    with pytest.raises(Refused):
        give(application, late, CaseRole.DECIDER, coordinator_of(application))
    make.ruled(make.recommended(make.scored(review)), other)
    with pytest.raises(Refused):
        leave(application, other)


# --- a task that begins, ends or is paused ---------------------------------------------------


def subjects(person) -> list[str]:
    """The mails about tasks that a person got, in the order of the alphabet."""
    query = select(Mail.subject).where(Mail.to == person.email, Mail.kind == "task_given")
    return sorted(one.partition(":")[0] for one in session.scalars(query))


@pytest.mark.one_database("sqlite")
def test_who_was_given_a_review_in_advance_is_told_when_it_can_begin():
    application = make.handed_in(sift=False)
    coordinator = coordinator_of(application)
    first, second = make.reviewers(application)
    make.declared(application, coordinator)
    give(application, first, CaseRole.REVIEWER, coordinator)
    give(application, second, CaseRole.SECOND_REVIEWER, coordinator)
    given = "A task for you"
    assert (subjects(first), subjects(second)) == ([given], [given])

    check_completeness(application, remarks={}, content=content(), by=coordinator, at=NOW + DAY)
    assert subjects(first) == [given, "Your task can begin now"]
    assert due_from(application, DeadlineKind.REVIEW) == first.id

    make.begun(application, first, at=NOW + DAY)
    assert subjects(second) == [given]
    make.wanting_second(application)
    assert subjects(second) == [given, "Your task can begin now"]


@pytest.mark.both_databases
def test_who_was_given_a_task_in_advance_keeps_it_if_the_application_is_returned_as_incomplete():
    application = make.handed_in(sift=False)
    coordinator = coordinator_of(application)
    make.declared(application, coordinator)
    first, second, decider, new = make.reviewers(application, 4)
    give(application, first, CaseRole.REVIEWER, coordinator)
    give(application, decider, CaseRole.DECIDER, coordinator)
    held = give(application, second, CaseRole.SECOND_REVIEWER, coordinator)
    independence.leave_role(held, reason="Elsewhere.", by=second, at=NOW)
    check = partial(check_completeness, application, content=content(), by=coordinator)
    check(remarks={"A1": "The page with the signature cannot be read."}, at=NOW + DAY)
    again(application)

    assert application.round == 2
    with pytest.raises(Refused):
        give(application, new, CaseRole.REVIEWER, coordinator)
    assert unfilled_roles(coordinator, NEEDED_ROLES) == []
    assert assignment_of(application.id, second.id).round == 1
    check(remarks={}, at=NOW + 5 * DAY)
    assert subjects(first) == ["A task for you", "Your task can begin now"]
    assert due_from(application, DeadlineKind.REVIEW) == first.id


@pytest.mark.one_database("sqlite")
def test_no_role_goes_on_by_itself_into_the_round_after_a_question():
    review, reviewer, _other = make.assessing()
    application = review.application
    ask_school(review, {"A1": QUESTION}, by=reviewer, at=NOW + DAY)
    again(application, "A1")

    assert assignment_of(application.id, reviewer.id).round == 1
    assert told("submitted").count(reviewer.email) == 1


@pytest.mark.one_database("sqlite")
def test_nobody_is_told_that_their_task_begins_by_what_they_do_themselves():
    application = make.handed_in(sift=False)
    reviewer = make.reviewers(application, 1)[0]
    give(application, reviewer, CaseRole.REVIEWER, coordinator_of(application))

    check_completeness(application, remarks={}, content=content(), by=reviewer, at=NOW + DAY)

    assert subjects(reviewer) == ["A task for you"]


@pytest.mark.one_database("sqlite")
def test_whose_open_work_ends_is_told():
    first, _second, person = compared()
    application = first.application
    make.begun(application, person, place=ReviewPlace.THIRD)
    take_back(first)
    assert subjects(person) == ["Your review has ended"]

    review, reviewer, _other = make.assessing()
    coordinator = coordinator_of(review.application)
    held = assignment_of(review.application_id, reviewer.id)
    new = make.reviewers(review.application, 1)[0]
    independence.hand_over(review.application, held, new.id, reason="Ill.", by=coordinator, at=NOW)
    assert subjects(reviewer) == ["Your task has been handed over"]

    submitted = make.handed_in()
    one, other = make.reviewers(submitted)
    for person in (one, other):
        role = CaseRole.REVIEWER if person is one else CaseRole.DECIDER
        give(submitted, person, role, coordinator_of(submitted))
    held = assignment_of(submitted.id, other.id)
    independence.leave_role(held, reason="Elsewhere.", by=other, at=NOW)
    applications.withdraw(submitted, by=make.manager(submitted.school), at=NOW + DAY)
    back = f"{submitted.school.name} has taken its application back"
    assert (back in subjects(one), back in subjects(other)) == (True, False)


@pytest.mark.one_database("sqlite")
def test_a_question_to_the_school_tells_the_second_reviewer_and_who_goes_on_after_it():
    application = make.handed_in()
    first, second = make.reviewers(application)
    own = make.begun(application, first)
    make.wanting_second(application)
    make.begun(application, second, place=ReviewPlace.SECOND)

    ask_school(own, {"A1": QUESTION}, by=first, at=NOW + DAY)
    assert (subjects(first), subjects(second)) == ([], ["Your review is paused"])
    again(application, "A1")

    make.begun(application, first)
    not_needed = "Your review is not needed at the moment"
    assert (subjects(first), subjects(second)) == ([], [not_needed, "Your review is paused"])
    make.wanting_second(application)
    assert second.email in told("submitted")


@pytest.mark.one_database("sqlite")
def test_who_had_not_begun_the_second_review_is_told_nothing_of_scores():
    application = make.handed_in()
    first, second = make.reviewers(application)
    own = make.begun(application, first)
    make.wanting_second(application)
    give(application, second, CaseRole.SECOND_REVIEWER, coordinator_of(application))
    ask_school(own, {"A1": QUESTION}, by=first, at=NOW + DAY)
    again(application, "A1")

    make.begun(application, first)

    query = select(Mail.body).where(Mail.to == second.email)
    (body,) = [one for one in session.scalars(query) if "does not need a second review" in one]
    assert "scored" not in body


@pytest.mark.one_database("sqlite")
def test_a_reviewer_whose_review_is_paused_is_told_that_the_school_takes_its_application_back():
    """They had been promised that they would be told, and nothing came."""
    application = make.handed_in()
    first, second = make.reviewers(application)
    own = make.begun(application, first)
    make.wanting_second(application)
    make.begun(application, second, place=ReviewPlace.SECOND)
    ask_school(own, {"A1": QUESTION}, by=first, at=NOW + DAY)

    applications.withdraw(application, by=make.manager(application.school), at=NOW + 2 * DAY)

    assert f"{application.school.name} has taken its application back" in subjects(second)


@pytest.mark.one_database("sqlite")
def test_who_begins_a_review_while_a_visit_is_agreed_is_the_one_reminded_of_it():
    application = make.handed_in()
    planner, reviewer = make.reviewers(application)
    head = make.manager(application.school)
    dates = [NOW + 3 * DAY]
    visit = visits.plan(application, kind=VisitKind.VIDEO, dates=dates, by=planner, at=NOW)
    visits.agree(visit, visit.dates[0].id, by=head, at=NOW)
    assert due_from(application, DeadlineKind.VISIT) == planner.id

    make.begun(application, reviewer)

    assert due_from(application, DeadlineKind.VISIT) == reviewer.id


@pytest.mark.parametrize(("starts_at", "is_told"), [(NOW + 3 * DAY, True), (NOW + DAY / 2, False)])
@pytest.mark.one_database("sqlite")
def test_nobody_is_reminded_of_a_visit_once_the_case_is_closed(starts_at, is_told):
    application = make.handed_in()
    planner = make.reviewers(application, 1)[0]
    head = make.manager(application.school)
    visit = visits.plan(application, kind=VisitKind.VIDEO, dates=[starts_at], by=planner, at=NOW)
    visits.agree(visit, visit.dates[0].id, by=head, at=NOW)
    before = {one: told("visit").count(one.email) for one in (planner, head)}

    applications.withdraw(application, by=head, at=NOW + DAY)

    assert open_deadline(DeadlineKind.VISIT, application.id) is None
    for one, count in before.items():
        assert told("visit").count(one.email) == count + is_told


# --- and a third review that compared it -----------------------------------------------------


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(("place", "is_due"), [(0, False), (1, True)])
def test_a_third_review_that_has_not_begun_is_wanted_only_if_two_reviews_differ_again(
    place, is_due
):
    reviews = compared()
    application, person = reviews[0].application, reviews[2]
    give(application, person, CaseRole.THIRD_REVIEWER, coordinator_of(application))
    before = told("task_given").count(person.email)

    take_back(reviews[place])

    assert told("task_given").count(person.email) == before + 1, "not told that it can wait"
    due = open_deadline(DeadlineKind.SECOND_REVIEW, application.id)
    assert (application.reviews_wanted, due is not None) == (2, is_due)


@pytest.mark.both_databases
def test_a_third_review_that_is_being_written_ends_and_begins_anew_where_the_new_reviews_differ():
    first, _second, person = compared()
    application = first.application
    third = make.begun(application, person, place=ReviewPlace.THIRD)
    assert third.criteria == ["A1"]
    take_back(first)

    assert queries.case(application, person, today=NOW.date()).work is Work.WAIT
    with pytest.raises(Refused) as refused:
        save(third, "A1", person)
    assert codes(refused) == ["state"]
    replaced(first, MINOR, A1=1, A2=0)

    assert application.reviews_wanted == 3
    assert due_from(application, DeadlineKind.SECOND_REVIEW) == person.id
    assert queries.case(application, person, today=NOW.date()).work is Work.START_THIRD
    assert make.begun(application, person, place=ReviewPlace.THIRD).criteria == ["A2"]


@pytest.mark.one_database("sqlite")
def test_who_submitted_a_third_review_and_so_has_read_the_others_does_not_write_it_again():
    first, second, person = compared()
    application = first.application
    third = make.begun(application, person, place=ReviewPlace.THIRD)
    make.scored(third, A1=3)
    hand_in(third, person, **THIRD)
    take_back(second)
    assert open_deadline(DeadlineKind.DECISION, application.id) is None

    replaced(second, A1=3)
    assert application.reviews_wanted == 2
    assert open_deadline(DeadlineKind.DECISION, application.id) is not None
    assert assignment_of(application.id, person.id).left_at == NOW + DAY
    assert not is_review_taken_back(application)


def test_a_third_review_that_is_taken_back_is_written_by_another_person():
    first, _second, person = compared()
    application = first.application
    third = make.scored(make.begun(application, person, place=ReviewPlace.THIRD), A1=3)
    hand_in(third, person, **THIRD)

    take_back(third)

    assert application.reviews_wanted == 3
    assert replaced(third, THIRD, A1=3).criteria == ["A1"]
    assert open_deadline(DeadlineKind.DECISION, application.id) is not None


@pytest.mark.one_database("sqlite")
def test_the_own_task_comes_first_even_if_another_case_is_due_before():
    group = make.group("MD")
    urgent, own = (make.handed_in(make.school(group_id=group.id), at=NOW - n * DAY) for n in (9, 1))
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    reviewer = make.user(Role.REVIEWER, group_id=group.id)
    assert queries.queue(reviewer, now=NOW).next.id == urgent.id

    give(own, reviewer, CaseRole.REVIEWER, coordinator)

    assert queries.queue(reviewer, now=NOW).next.id == own.id


@pytest.mark.both_databases
def test_two_reviewers_who_disagree_twice_go_through_two_rounds_to_a_certificate():
    first, second, person = compared()
    application, decider = first.application, make.reviewers(first.application, 1)[0]
    third = make.begun(application, person, place=ReviewPlace.THIRD)
    hand_in(make.scored(third, A1=1), person, **THIRD)
    minor = {"outcome": ApplicationOutcome.MINOR_GAPS, "level": None}
    make.ruled(first, decider, **minor)
    assert queries.decisions_of(application)[0].open_criteria == ["A1"]
    again(application, "A1")
    assert (application.round, application.reviews_wanted) == (2, 1)
    assert told("submitted").count(first.assessor.email) == 1

    own = make.begun(application, first.assessor)
    make.wanting_second(application)
    assert told("submitted").count(second.assessor.email) == 1
    other = make.begun(application, second.assessor, place=ReviewPlace.SECOND)
    for review, level, outcome in ((own, 3, {}), (other, 1, MINOR)):
        assert [one for one in review.scores if not one.carried] == []
        hand_in(make.scored(review, A1=level), review.assessor, **outcome)
    assert application.reviews_wanted == 3
    again_third = make.begun(application, person, place=ReviewPlace.THIRD)
    assert (again_third.criteria, again_third.scores) == (["A1"], [])
    hand_in(make.scored(again_third, A1=2), person, **THIRD)
    due = open_deadline(DeadlineKind.DECISION, application.id)
    assert due is not None, "nobody was expected to decide"
    case = queries.case(application, decider, today=NOW.date())
    assert (case.work, case.scores["A1"].level) == (Work.DECIDE, 2)

    make.ruled(own, decider, level=1)

    assert [one.outcome for one in queries.decisions_of(application)] == [
        ApplicationOutcome.MINOR_GAPS,
        ApplicationOutcome.CERTIFIED,
    ]
    assert open_deadline(DeadlineKind.DECISION, application.id) is None
