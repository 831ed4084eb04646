"""Stores declarations of conflicts of interest with a school, and exceptions for possible conflicts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from blinker import Signal

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.people.accounts.queries import person
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import mails, queries
from cissapp.review.independence.models import Assignment, Declaration, Waiver
from cissapp.review.independence.rules import (
    READABLE,
    WORKING_ROLES,
    ConflictAnswer,
    PossibleConflict,
)
from cissapp.review.independence.services.assignments import leave_role
from cissapp.review.independence.services.participants import (
    lock_application,
    require_declarant,
    require_group_member,
)

NO_TASK = Problem("grounds", N_("You no longer have a task in this case."))
CONFLICT_DECLARED = N_("Declared a conflict of interest with this school.")

left_for_conflict = Signal()
"""Tells the rooms above that the holder of a task has a conflict of interest: the seat, `by` and `at`."""


def declare(
    application: Application,
    *,
    grounds: list[str],
    note: str,
    answers: Mapping[str, ConflictAnswer] | None = None,
    by: Actor,
    at: datetime,
) -> Declaration:
    """Record a person's conflicts of interest with the school, or that there are none; once, and for good.

    Every known possible conflict needs an answer, which is stored as well. With a conflict of interest, the
    person leaves a role that was assigned before.
    """
    lock_application(application)
    person_id = require_declarant(application, by)
    given = {code: answer.value for code, answer in (answers or {}).items()}
    found = _problems(application, person_id, given)
    if found:
        raise Refused(*found)
    declaration = Declaration(
        application_id=application.id,
        user_id=person_id,
        grounds=grounds,
        note=note,
        answers=given,
        declared_at=at,
    )
    session.add(declaration)
    session.flush()
    _record(declaration, application, by=by, at=at)
    own = queries.assignment_of(application.id, person_id)
    if grounds and own is not None and own.left_at is None:
        _leave(own, by=by, at=at)
    session.flush()
    _tell_of_link(declaration, application, at=at)
    return declaration


def declare_late(
    application: Application, *, grounds: list[str], note: str, by: Actor, at: datetime
) -> int | None:
    """Declare a conflict of interest that was found later, with or without a task, before the decision.

    It takes the place of an earlier declaration, which stays in the audit trail. The case closes to the
    person, who leaves a role for good; a review that the person began or submitted no longer counts. Return
    how many coordinators were told, None if there was no role to leave.
    """
    lock_application(application)
    person_id = require_group_member(application, by)
    own = queries.assignment_of(application.id, person_id)
    if own is not None:
        session.refresh(own)
    if not queries.may_declare_late(application, person_id):
        raise Refused(NO_TASK)
    if not grounds:
        raise Refused(Problem("grounds", N_("Tick the conflict of interest that you have.")))
    declaration = queries.declaration_of(application, person_id) or Declaration(
        application_id=application.id, user_id=person_id, answers={}
    )
    declaration.grounds, declaration.note, declaration.declared_at = grounds, note, at
    session.add(declaration)
    session.flush()
    _record(declaration, application, by=by, at=at)
    return _leave(own, by=by, at=at) if own is not None else None


def _record(declaration: Declaration, application: Application, *, by: Actor, at: datetime) -> None:
    record(
        Event.CONFLICT_DECLARED,
        declaration,
        by=by,
        at=at,
        school_id=application.school_id,
        application=str(application.id),
        grounds=declaration.grounds,
        hints=declaration.answers or {},
    )


def _leave(own: Assignment, *, by: Actor, at: datetime) -> int:
    """End the role of a person with a conflict of interest, whose reviews no longer count.

    Return how many coordinators were told.
    """
    left_for_conflict.send(own, by=by, at=at)
    leave_role(own, reason=CONFLICT_DECLARED, by=by, at=at)
    return mails.tell_left(own, at=at) if own.role in WORKING_ROLES else 0


def _tell_of_link(declaration: Declaration, application: Application, *, at: datetime) -> None:
    """Notify the coordinators of a link that only their exception can set aside."""
    reviewer = person(declaration.user_id)
    if reviewer is None or reviewer.group_id != application.group_id:
        return
    if declaration.confirmed and not declaration.has_conflict:
        mails.tell_link_confirmed(application, reviewer, at=at)


def _problems(application: Application, person_id: UUID, given: Mapping[str, str]) -> list[Problem]:
    if application.state not in READABLE:
        return [Problem("state", N_("The school has taken its application back."))]
    if queries.declaration_of(application, person_id):
        return [Problem("declaration", N_("You have already declared this and cannot change it."))]
    message = N_("Choose whether this is true.")
    return [
        Problem(f"hint_{one.code}", message)
        for one in queries.possible_conflicts_for(application, person_id)
        if one.code not in given
    ]


def waive(
    application: Application,
    person_id: UUID,
    hint: PossibleConflict,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> Waiver:
    """Record the exception that a possible conflict is no obstacle for another person; never for oneself.

    For mentors, inviters and declared conflicts of interest there are no exceptions.
    """
    lock_application(application)
    if by.id is None or not queries.is_member(application.group_id, person_id):
        raise Missing
    if by.id == person_id:
        raise Refused(
            Problem("person_id", N_("Another coordinator must judge your own link to a school."))
        )
    before = queries.waivers_of(application)
    if any((one.person_id, one.hint) == (person_id, hint) for one in before):
        raise Refused(Problem("hint", N_("This exception has already been recorded.")))
    _require_known_conflict(application, person_id, hint)
    waiver = Waiver(
        application_id=application.id,
        person_id=person_id,
        hint=hint,
        reason=reason,
        recorded_at=at,
        recorded_by_id=by.id,
    )
    session.add(waiver)
    session.flush()
    record(
        Event.HINT_WAIVED,
        waiver,
        by=by,
        at=at,
        school_id=application.school_id,
        application=str(application.id),
        person=str(person_id),
        hint=hint.value,
    )
    session.flush()
    declared = queries.declaration_of(application, person_id)
    if declared and hint.value in declared.confirmed:
        mails.tell_excepted(waiver, at=at)
    return waiver


def _require_known_conflict(
    application: Application, person_id: UUID, hint: PossibleConflict
) -> None:
    """Refuse an exception for anything but a known possible conflict, or beside a declared conflict."""
    declared = queries.declaration_of(application, person_id)
    if declared and declared.has_conflict:
        raise Refused(
            Problem(
                "hint",
                N_(
                    "A declared conflict of interest cannot be set aside. Another person must take this case."
                ),
            )
        )
    possible_conflicts = {
        one.code for one in queries.possible_conflicts_for(application, person_id)
    }
    confirmed = declared.confirmed if declared else frozenset[str]()
    if hint.value not in possible_conflicts | confirmed:
        raise Refused(Problem("hint", N_("This person does not have this possible conflict.")))
