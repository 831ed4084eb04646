"""Reads of the roles of cases: who holds which, how much is open, and which lack an active holder."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import String, and_, cast, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.sql.elements import ColumnElement

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Problem
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Absence, Assignment, Declaration, Mentoring
from cissapp.review.independence.queries.facts import absences_of
from cissapp.review.independence.queries.involvement import CYCLES_BEFORE, past_involvements
from cissapp.review.independence.rules import (
    UNDECIDED,
    UNDER_REVIEW,
    WORKING_ROLES,
    CaseRole,
    ConflictAnswer,
)
from cissapp.review.independence.rules.reasons import reasons_to_replace
from cissapp.review.independence.rules.terms import mentoring_since

# Free roles are proposed for this many cases at once: nobody reads a longer list, and the next follow.
CASES_AT_ONCE = 15
# This many unattended open roles are shown at once, for the same reason.
ROLES_AT_ONCE = 50


def assignment_of(application_id: UUID, person_id: UUID | None) -> Assignment | None:
    """Find a person's only assignment in a case, whether left or not."""
    return session.scalar(
        select(Assignment).where(
            Assignment.application_id == application_id, Assignment.person_id == person_id
        )
    )


def holder_of(of: Application, role: CaseRole) -> Assignment | None:
    """Find the assignment of the person who holds a role in the present round of a case."""
    return session.scalar(
        select(Assignment)
        .where(
            Assignment.application_id == of.id,
            Assignment.role == role,
            Assignment.round == of.round,
            Assignment.left_at.is_(None),
        )
        .options(joinedload(Assignment.person))
    )


def assignments_of(of: Application) -> list[Assignment]:
    """List all assignments there ever were in a case, in the order in which they were taken."""
    query = (
        select(Assignment)
        .where(Assignment.application_id == of.id)
        .options(joinedload(Assignment.person))
        .order_by(Assignment.taken_at, Assignment.id)
    )
    return list(session.scalars(query))


def has_open_role(school_id: UUID, person_id: UUID, *, today: date) -> bool:
    """Return whether a person has a role in an open case of the school, or heard an appeal there.

    An appeal counts for as long as a mentoring does: 24 months. The role of mentor does not count.
    """
    heard = and_(
        Assignment.role == CaseRole.PANEL_MEMBER,
        Assignment.taken_at >= datetime.combine(mentoring_since(today), time.min, UTC),
    )
    query = (
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Application.school_id == school_id,
            Assignment.person_id == person_id,
            Assignment.left_at.is_(None),
            Assignment.role != CaseRole.MENTOR,
            or_(Application.state.in_(UNDECIDED), heard),
        )
    )
    return session.scalar(query.limit(1)) is not None


def assignment(of: Application, assignment_id: UUID) -> Assignment:
    """Find an assignment of a case; raise `Missing` if it belongs to another one."""
    found = session.get(Assignment, assignment_id)
    if found is None or found.application_id != of.id:
        raise Missing
    return found


def _is_open_work() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which an assignment is open work: of this round, held, not done."""
    return (
        Assignment.left_at.is_(None),
        Assignment.done_at.is_(None),
        Assignment.role.in_(WORKING_ROLES),
        Assignment.round == Application.round,
        Application.state.in_(UNDER_REVIEW),
    )


def loads(person_ids: Collection[UUID]) -> dict[UUID, int]:
    """Count the open cases of each person."""
    query = (
        select(Assignment.person_id, func.count().label("number"))
        .join(Application, Application.id == Assignment.application_id)
        .where(Assignment.person_id.in_(person_ids), *_is_open_work())
        .where(Application.only_for_id.is_(None))
        .group_by(Assignment.person_id)
    )
    found = {one.person_id: one.number for one in session.execute(query)}
    return {one: found.get(one, 0) for one in person_ids}


class UnattendedRole(Struct, frozen=True):
    """An open role whose holder cannot work on the case, with the reasons."""

    assignment: Assignment
    school: str
    reasons: list[Problem]


def unattended_roles(of: Actor, *, today: date) -> list[UnattendedRole]:
    """List the oldest `ROLES_AT_ONCE` open roles of a group whose holder is gone, away, or now barred."""
    query = (
        select(Assignment)
        .join(Application, Application.id == Assignment.application_id)
        .join(User, User.id == Assignment.person_id)
        .where(*_is_open_work(), Application.only_for_id.is_(None), _may_lack_somebody(today))
        .options(
            joinedload(Assignment.person),
            joinedload(Assignment.application).joinedload(Application.school),
        )
        .order_by(Assignment.taken_at, Assignment.id)
    )
    narrowed = visible(query, Application, of, Permission.APPLICATION_ASSIGN)
    found: list[UnattendedRole] = []
    while len(found) < ROLES_AT_ONCE:
        held = list(session.scalars(narrowed.limit(ROLES_AT_ONCE)))
        found += _unattended(held, today)
        if len(held) < ROLES_AT_ONCE:
            break
        behind = tuple_(Assignment.taken_at, Assignment.id) > tuple_(
            literal(held[-1].taken_at, Assignment.taken_at.type), held[-1].id
        )
        narrowed = narrowed.where(behind)
    return found[:ROLES_AT_ONCE]


def _unattended(held: Sequence[Assignment], today: date) -> Iterator[UnattendedRole]:
    """Yield the open roles whose holder cannot go on, with the reasons."""
    people = {one.person_id for one in held}
    schools = {one.application.school_id for one in held}
    past = past_involvements(people, today=today, school_ids=schools)
    away = {one.person_id for one in absences_of(people, today) if one.from_on <= today}
    declared = _declared({one.application_id for one in held})
    for one in held:
        said = declared.get((one.application_id, one.person_id))
        involvement = past[one.person_id].involvement_of(one.application, said)
        gone = not _still_reviews(one.person, one.application)
        reasons = reasons_to_replace(involvement, one.role, gone=gone, away=one.person_id in away)
        if reasons:
            yield UnattendedRole(one, one.application.school.name, reasons)


def _may_lack_somebody(today: date) -> ColumnElement[bool]:
    """Return a condition for the roles that the rule has to check; it would find no reason for any others.

    Without it a page would read every open role of a country to find a few.
    """
    before, earlier = aliased(Assignment), aliased(Application)
    invited = aliased(User)
    return or_(
        User.deactivated_at.is_not(None),
        User.role.not_in((Role.REVIEWER, Role.COORDINATOR)),
        User.group_id.is_distinct_from(Application.group_id),
        User.calibrated_at.is_(None),
        _any(Absence.person_id == User.id, Absence.from_on <= today, Absence.to_on >= today),
        _any(
            Declaration.application_id == Application.id,
            Declaration.user_id == User.id,
            or_(
                cast(Declaration.grounds, String) != "[]",
                cast(Declaration.answers, String).contains(f'"{ConflictAnswer.TRUE}"'),
            ),
        ),
        _any(invited.school_id == Application.school_id, invited.invited_by_id == User.id),
        _any(Mentoring.school_id == Application.school_id, Mentoring.person_id == User.id),
        _any(
            earlier.school_id == Application.school_id,
            earlier.cycle >= Application.cycle - CYCLES_BEFORE,
            earlier.cycle < Application.cycle,
            before.application_id == earlier.id,
            before.person_id == User.id,
        ),
    )


def _any(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a matching row exists, evaluated for each role separately.

    It is a scalar value: for EXISTS PostgreSQL would first build a table of all people of the country.
    """
    query = select(true()).where(*conditions).limit(1)
    return query.correlate(Assignment, Application, User).scalar_subquery().is_(True)


def _still_reviews(person: User, of: Application) -> bool:
    """Return whether a person still reviews for the group of a case."""
    reviews = person.role in {Role.REVIEWER, Role.COORDINATOR}
    return person.is_active and reviews and person.group_id == of.group_id


def _declared(application_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Declaration]:
    query = select(Declaration).where(Declaration.application_id.in_(application_ids))
    return {(one.application_id, one.user_id): one for one in session.scalars(query)}


def unfilled_roles(of: Actor, needed: Collection[CaseRole]) -> list[tuple[Application, CaseRole]]:
    """List the unfilled roles in the cases of a group that have waited longest, the longest waiting first."""
    held_roles = (
        select(func.count(Assignment.role.distinct()))
        .where(
            Assignment.application_id == Application.id,
            Assignment.round == Application.round,
            Assignment.role.in_(needed),
            Assignment.left_at.is_(None),
        )
        .correlate(Application)
        .scalar_subquery()
    )
    by_change = (Application.changed_at, Application.id)
    query: Any = select(Application.id).where(
        Application.state.in_(UNDER_REVIEW),
        Application.only_for_id.is_(None),
        held_roles < len(set(needed)),
    )
    # Select the keys first, or SQLite would read and sort every case of the group with its school.
    longest = visible(query, Application, of, Permission.APPLICATION_ASSIGN)
    ids = longest.order_by(*by_change).limit(CASES_AT_ONCE).subquery()
    whole = select(Application).where(Application.id.in_(select(ids.c.id))).order_by(*by_change)
    cases = list(session.scalars(whole))
    taken = select(Assignment.application_id, Assignment.role, Assignment.round).where(
        Assignment.application_id.in_([one.id for one in cases]), Assignment.left_at.is_(None)
    )
    held = {tuple(row) for row in session.execute(taken)}
    return [
        (case, role) for case in cases for role in needed if (case.id, role, case.round) not in held
    ]
