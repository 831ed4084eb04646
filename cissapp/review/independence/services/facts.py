"""Stores mentorings, what people state about themselves, and their absences."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.review.independence import mails, queries
from cissapp.review.independence.models import Absence, Background, Mentoring
from cissapp.review.independence.rules.terms import (
    ABSENCE_DAYS,
    mentoring_counts,
    mentoring_problems,
    period_problems,
)
from cissapp.review.independence.services.assignments import assign_mentors

HOLDS_A_ROLE = Problem(
    "person_id",
    N_(
        "This person is reviewing, deciding or hearing a case of this school. Hand the task over first, or choose another person."
    ),
)


def enter_mentoring(
    school: School, person_id: UUID, from_on: date, to_on: date | None, *, by: Actor, at: datetime
) -> Mentoring:
    """Record who mentored or trained a school; from now on that person takes no role in its cases.

    Raise `Refused` for a person who has a role in an open case, which must be handed over first.
    """
    if by.id is None or not queries.is_member(school.group_id, person_id):
        raise Missing
    lock(f"application:{school.id}")
    today = day_in(school.country_code, at)
    found = mentoring_problems(from_on, to_on, today)
    counts = mentoring_counts(to_on, today)
    if counts and queries.has_open_role(school.id, person_id, today=today):
        found.append(HOLDS_A_ROLE)
    if found:
        raise Refused(*found)
    mentoring = Mentoring(
        school_id=school.id,
        person_id=person_id,
        from_on=from_on,
        to_on=to_on,
        entered_at=at,
        entered_by_id=by.id,
    )
    try:
        with session.begin_nested():
            session.add(mentoring)
    except IntegrityError as error:
        raise Refused(HOLDS_A_ROLE) from error
    record(
        Event.MENTORING_ENTERED,
        mentoring,
        by=by,
        at=at,
        school_id=school.id,
        person=str(person_id),
        from_on=from_on.isoformat(),
        to_on=to_on.isoformat() if to_on else None,
    )
    case = applications.open_application(school.id)
    if case is not None and case.round:
        assign_mentors(case, by=by, at=at)
    session.flush()
    if to_on is None:
        mails.tell_mentoring(mentoring, at=at)
    return mentoring


def end_mentoring(mentoring: Mentoring, *, by: Actor, at: datetime) -> None:
    """End a mentoring today, in the country of the school; one that has ended stays as it is."""
    if mentoring.to_on is None:
        mentoring.to_on = max(day_in(mentoring.school.country_code, at), mentoring.from_on)
        record(Event.MENTORING_ENDED, mentoring, by=by, at=at, school_id=mentoring.school_id)
        session.flush()


def end_mentorings_of(person: User, *, at: datetime) -> None:
    """End the mentorings of a person with a closed account: a school that writes would wait for nobody."""
    for mentoring in queries.current_mentorings_of(person.id):
        end_mentoring(mentoring, by=SYSTEM, at=at)


def state_background(
    *, employer: str, locality: str, phone: str, by: Actor, at: datetime
) -> Background:
    """Save what people state about themselves, only to find possible conflicts; every field may be empty."""
    if by.id is None:
        raise Missing
    stated = queries.background_of(by.id) or Background(person_id=by.id)
    stated.employer, stated.locality, stated.phone = employer, locality, phone
    stated.stated_at = at
    session.add(stated)
    session.flush()
    record(Event.BACKGROUND_STATED, stated, by=by, at=at)
    session.flush()
    return stated


def enter_absence(
    person_id: UUID, from_on: date, to_on: date, *, by: Actor, at: datetime
) -> Absence:
    """Record an absence of a person of the group, entered by that person or by a coordinator of the group."""
    if by.id is None or not queries.is_member(by.group_id, person_id):
        raise Missing
    found = period_problems(from_on, to_on, most_days=ABSENCE_DAYS)
    if found:
        raise Refused(*found)
    absence = Absence(
        person_id=person_id,
        from_on=from_on,
        to_on=to_on,
        entered_at=at,
        entered_by_id=by.id,
    )
    session.add(absence)
    session.flush()
    record(Event.ABSENCE_ENTERED, absence, by=by, at=at, person=str(person_id))
    session.flush()
    return absence


def remove_absence(absence: Absence, *, by: Actor, at: datetime) -> None:
    """Delete an absence: the person works after all."""
    record(Event.ABSENCE_REMOVED, absence, by=by, at=at, person=str(absence.person_id))
    session.delete(absence)
    session.flush()
