"""Gives people their roles in a case, and hands roles over."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from blinker import Signal
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.queries import person
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import mails, queries
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.rules import (
    REVIEWING_ROLES,
    SHARED_ROLES,
    WORKING_ROLES,
    CaseRole,
)
from cissapp.review.independence.rules.involvement import (
    MENTORED,
    ROLE_ASSIGNED,
    Involvement,
    reasons_never_to_assign,
    reasons_not_to_take_role,
)
from cissapp.review.independence.rules.reasons import in_third_person
from cissapp.review.independence.services.participants import lock_application

ELIGIBLE = frozenset({Role.REVIEWER, Role.COORDINATOR})

handed_over = Signal()
"""Tells the rooms above of a handover: the seat that was left, the `new` one, `by` and `at`."""
role_given = Signal()
"""Tells the rooms above who was given a role, took it or keeps it after all: the seat, `by` and `at`."""
role_left = Signal()
"""Tells the rooms above that a role was left which nobody took over with it: the seat, `by` and `at`."""


def take_role(
    application: Application, person_id: UUID, role: CaseRole, *, by: Actor, at: datetime
) -> Assignment:
    """Assign a person a role in the present round of a case; raise `Refused` with every reason against it.

    A person who already has the same role keeps it, for this round too. People must declare before they take
    a role themselves; someone else may assign it to a person who has not declared, see `assign`.
    """
    if by.id != person_id:
        return assign(application, person_id, role, by=by, at=at)
    lock_application(application)
    own, is_new = _assign(application, person_id, role, reasons_not_to_take_role, by=by, at=at)
    # Whoever takes the role of decider decides at once: nothing is left to follow.
    if is_new and role in REVIEWING_ROLES:
        role_given.send(own, by=by, at=at)
    return own


def assign(
    application: Application, person_id: UUID, role: CaseRole, *, by: Actor, at: datetime
) -> Assignment:
    """Assign a role, even to oneself, before the declaration; the contents open only after it."""
    own, is_new = give_role(application, person_id, role, by=by, at=at)
    if is_new:
        mails.tell_given([own], by=by, at=at)
    return own


def give_role(
    application: Application, person_id: UUID, role: CaseRole, *, by: Actor, at: datetime
) -> tuple[Assignment, bool]:
    """Assign a role without a mail; return whether the person did not have it yet in this round."""
    lock_application(application)
    own, is_new = _assign(application, person_id, role, reasons_never_to_assign, by=by, at=at)
    if is_new and role in WORKING_ROLES:
        role_given.send(own, by=by, at=at)
    return own, is_new


def _assign(
    application: Application,
    person_id: UUID,
    role: CaseRole,
    reasons: Callable[[Involvement, CaseRole], list[Problem]],
    *,
    by: Actor,
    at: datetime,
) -> tuple[Assignment, bool]:
    _require_eligible(application, person_id, role)
    assign_mentors(application, by=by, at=at)
    found = reasons(queries.involvement_of(application, person_id, today=at.date()), role)
    if by.id != person_id:
        found = in_third_person(found)
    held = queries.holder_of(application, role) if role not in SHARED_ROLES else None
    if held and held.person_id != person_id and ROLE_ASSIGNED not in found:
        found.append(ROLE_ASSIGNED)
    if found:
        raise Refused(*found)
    own = queries.assignment_of(application.id, person_id)
    if own is not None and own.round == application.round:
        return own, False
    own = own or _new(application, person_id, role, by, at)
    own.done_at = own.handed_back_at = own.handed_back_reason = None
    _save_assignment(own, application, by=by, at=at)
    return own, True


def _require_eligible(application: Application, person_id: UUID, role: CaseRole) -> None:
    """Raise `Missing` unless the person is an active reviewer of the group; panels may be of any group."""
    one = person(person_id)
    if one is None or one.role not in ELIGIBLE or not one.is_active:
        raise Missing
    if role is not CaseRole.PANEL_MEMBER and one.group_id != application.group_id:
        raise Missing
    if application.only_for_id not in {None, person_id}:
        raise Missing


def _new(
    application: Application, person_id: UUID, role: CaseRole, by: Actor, at: datetime
) -> Assignment:
    return Assignment(
        application_id=application.id,
        person_id=person_id,
        role=role,
        taken_at=at,
        taken_by_id=by.id or person_id,
    )


def _save_assignment(
    own: Assignment, application: Application, *, by: Actor, at: datetime
) -> Assignment:
    try:
        with session.begin_nested():
            own.round = application.round
            session.add(own)
    except IntegrityError as error:
        mentors = queries.present_mentors(application.school_id, today=at.date())
        raise Refused(MENTORED if own.person_id in mentors else ROLE_ASSIGNED) from error
    record(
        Event.SEAT_TAKEN,
        own,
        by=by,
        at=at,
        school_id=application.school_id,
        application=str(application.id),
        seat=own.role.value,
        person=str(own.person_id),
        round=application.round,
    )
    return own


def keep_roles(application: Application, *, at: datetime) -> None:
    """Let those keep their roles in a new round who had not begun their work in the round before.

    A role that was handed back stays so. Whoever mentors the school by now has none to keep.
    """
    for own in queries.assignments_of(application):
        is_unused = own.left_at is None and own.done_at is None
        if own.role in WORKING_ROLES and own.round == application.round - 1 and is_unused:
            with suppress(Refused):
                _save_assignment(own, application, by=SYSTEM, at=at)


def assign_mentors(application: Application, *, by: Actor, at: datetime) -> None:
    """Assign every mentor of the school the role of mentor, so that the database bars other roles as well.

    A person who already has another role of the case keeps it; the rules bar that person all the same.
    """
    assigned = {one.person_id for one in queries.assignments_of(application)}
    for person_id in queries.present_mentors(application.school_id, today=at.date()):
        if person_id not in assigned:
            own = _new(application, person_id, CaseRole.MENTOR, by, at)
            _save_assignment(own, application, by=by, at=at)


def finish_work(application: Application, person_id: UUID, *, at: datetime) -> None:
    """Record that a person has finished the work of the present round."""
    own = queries.assignment_of(application.id, person_id)
    if own is not None and own.left_at is None:
        own.done_at = at
        session.flush()


def leave_role(assignment: Assignment, *, reason: str, by: Actor, at: datetime) -> None:
    """End a person's role; the assignment stays, and bars the person from the other roles of the case."""
    _leave(assignment, reason=reason, by=by, at=at)
    role_left.send(assignment, by=by, at=at)


def _leave(assignment: Assignment, *, reason: str, by: Actor, at: datetime) -> None:
    assignment.left_at = at
    assignment.left_by_id = by.id
    assignment.left_reason = reason
    session.flush()
    _record(Event.SEAT_LEFT, assignment, by=by, at=at)


def _record(event: Event, assignment: Assignment, *, by: Actor, at: datetime) -> None:
    record(
        event,
        assignment,
        by=by,
        at=at,
        school_id=assignment.application.school_id,
        application=str(assignment.application_id),
        seat=assignment.role.value,
        person=str(assignment.person_id),
    )


def release_reviewers(application: Application, *, reason: str, by: Actor, at: datetime) -> None:
    """End the roles of everyone who reviewed or decided, for good: others review the case again."""
    for assignment in queries.assignments_of(application):
        if assignment.role in WORKING_ROLES and assignment.left_at is None:
            leave_role(assignment, reason=reason, by=by, at=at)


def _lock_open_work(application: Application, assignment: Assignment) -> None:
    lock_application(application)
    session.refresh(assignment)
    is_of_round = assignment.role in WORKING_ROLES and assignment.round == application.round
    if not is_of_round or application.only_for_id is not None:
        raise Refused(Problem("state", N_("There is no open work to hand over.")))
    if assignment.left_at is not None:
        raise Refused(Problem("state", N_("This task has already been handed over.")))
    if assignment.done_at is not None:
        raise Refused(Problem("state", N_("This work has been submitted and cannot be changed.")))


def hand_back(
    application: Application, assignment: Assignment, *, reason: str, by: Actor, at: datetime
) -> bool:
    """Ask the coordinators to give one's own task to another person; the task stays until they do.

    Return whether any were told: not of a task that was handed back before, and nobody of the own task.
    """
    _lock_open_work(application, assignment)
    if assignment.handed_back_at is not None:
        return False
    assignment.handed_back_at, assignment.handed_back_reason = at, reason
    session.flush()
    _record(Event.SEAT_HANDED_BACK, assignment, by=by, at=at)
    return mails.tell_handed_back(assignment, at=at) > 0


def keep_role(application: Application, assignment: Assignment, *, by: Actor, at: datetime) -> None:
    """Continue with a task after all; do nothing if it was not handed back."""
    _lock_open_work(application, assignment)
    if assignment.handed_back_at is None:
        return
    assignment.handed_back_at = assignment.handed_back_reason = None
    session.flush()
    _record(Event.SEAT_KEPT, assignment, by=by, at=at)
    role_given.send(assignment, by=by, at=at)


def hand_over(
    application: Application,
    assignment: Assignment,
    person_id: UUID,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> Assignment:
    """Hand an open role over to another person, who starts afresh; raise `Refused` with every reason."""
    _lock_open_work(application, assignment)
    _leave(assignment, reason=reason, by=by, at=at)
    mails.tell_handed_over(assignment, by=by, at=at)
    new = assign(application, person_id, assignment.role, by=by, at=at)
    handed_over.send(assignment, new=new, by=by, at=at)
    session.flush()
    return new
