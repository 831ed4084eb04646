"""Keeps deadlines with the people who hold the roles of a case, and tells those who are expected next."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from cissapp.foundation.core.actor import Actor
from cissapp.people.accounts.queries import coordinators_of_group
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications import queries as submissions
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import find_open_deadline
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.prepare.applications.services.deadlines import assign_deadline, open_deadline
from cissapp.review.independence import queries as independence
from cissapp.review.independence import services as roles
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.rules import (
    KIND_OF_ROLE,
    REVIEWING_ROLES,
    UNDECIDED,
    UNDER_REVIEW,
    WORKING_ROLES,
    CaseRole,
)
from cissapp.review.reviews import mails, queries


def assign_deadline_of(given: Assignment, *, by: Actor, at: datetime, **_more: Any) -> None:
    """Assign the open deadline of a role to the person who was given it, so that they are reminded."""
    kind = KIND_OF_ROLE[given.role]
    assign_deadline(given.application, kind, given.person_id, by=by, at=at)


def release_deadline_of(left: Assignment, *, by: Actor, at: datetime, **_more: Any) -> None:
    """Return the open deadline of a role to the group when the person left it and nobody took over."""
    kind = KIND_OF_ROLE.get(left.role)
    found = find_open_deadline(left.application, kind) if kind else None
    if found is not None and found.person_id == left.person_id:
        deadlines.reassign(found, person_id=None, by=by, at=at)


def tell_submitted(application: Application, *, at: datetime) -> None:
    """Tell the coordinators of a submission and, if no completeness check comes first, the earlier reviewer."""
    mails.tell_submitted(application, at=at)
    reviewer = independence.earlier_holder(application, CaseRole.REVIEWER)
    if reviewer is not None and applications.course(application).completeness_checked:
        mails.tell_submitted_again(application, reviewer, DeadlineKind.REVIEW, at=at)


def keep_tasks(application: Application, *, at: datetime) -> None:
    """Leave tasks with those who have them once a school submits again what was returned as incomplete.

    Nobody had begun to review it, so nothing has changed for them.
    """
    before = submissions.completeness_checks(application).get(application.round - 1)
    if before is not None and not before.passed:
        roles.keep_roles(application, at=at)


def tell_ready(application: Application, *, at: datetime) -> None:
    """Tell the decider that a case waits for a decision: whoever has the role or had it, or the coordinators.

    The coordinators are told as well if the decider handed the task back: one of them gives it to another person.
    """
    held = independence.holder_of(application, CaseRole.DECIDER)
    if held is None:
        decider = independence.earlier_holder(application, CaseRole.DECIDER)
    else:
        decider = held.person if held.handed_back_at is None else None
    people = [decider] if decider else coordinators_of_group(application.group_id)
    mails.tell_ready(application, people, at=at)


def open_deadline_of(
    application: Application, role: CaseRole, due_on: date, *, by: Actor, at: datetime
) -> None:
    """Open the deadline of a review that can begin now, and tell the person who was given it in advance.

    A second reviewer of the round before is told as well, if nobody has the role yet.
    """
    held = independence.holder_of(application, role)
    expected = held if held is not None and held.handed_back_at is None else None
    person_id = expected.person_id if expected else None
    open_deadline(application, KIND_OF_ROLE[role], due_on, person_id=person_id, by=by, at=at)
    if expected is not None and expected.person_id != by.id and expected.person.is_active:
        mails.tell_task_begins(expected, due_on, at=at)
    if held is None and role is CaseRole.SECOND_REVIEWER:
        earlier = independence.earlier_holder(application, role)
        if earlier is not None:
            mails.tell_submitted_again(application, earlier, KIND_OF_ROLE[role], at=at)


def tell_work_ended(
    application: Application, *, old: ApplicationState, by: Actor, at: datetime
) -> None:
    """Tell those whose open work in a case ends or is paused as the school takes it back or is asked a question."""
    is_withdrawn = application.state is ApplicationState.WITHDRAWN
    if old not in (UNDECIDED if is_withdrawn else UNDER_REVIEW):
        return
    open_work = [
        one
        for one in independence.assignments_of(application)
        if one.role in WORKING_ROLES
        and one.round == application.round
        and one.left_at is None
        and one.done_at is None
        and one.person_id != by.id
        and one.person.is_active
    ]
    if is_withdrawn:
        mails.tell_withdrawn(application, [one.person for one in open_work], at=at)
    elif (
        old is ApplicationState.IN_REVIEW
        and application.state is ApplicationState.CHANGES_REQUESTED
    ):
        reviewers = [one.person for one in open_work if one.role in REVIEWING_ROLES]
        mails.tell_paused(application, reviewers, at=at)


def tell_not_continued(application: Application, *, at: datetime) -> None:
    """Tell the second reviewer whose task a question paused, as the next round begins with a single review."""
    if application.reviews_wanted > 1:
        return
    before = application.round - 1
    begun = {one.assessor_id for one in queries.reviews_of(application, before).values()}
    for one in independence.assignments_of(application):
        if (
            one.role is CaseRole.SECOND_REVIEWER
            and one.round == before
            and one.left_at is None
            and one.done_at is None
            and one.handed_back_at is None
            and one.person.is_active
        ):
            has_begun = one.person_id in begun
            mails.tell_not_continued(application, one.person, has_begun=has_begun, at=at)


def holder_id(application: Application, role: CaseRole) -> UUID | None:
    """Return who already has a role in this round, to whom its deadline is assigned at once.

    None if nobody has it, or if that person handed the task back.
    """
    held = independence.holder_of(application, role)
    return held.person_id if held is not None and held.handed_back_at is None else None
