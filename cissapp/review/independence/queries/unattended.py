"""Reads of the open roles whose holder cannot go on: gone, away, not calibrated, or barred since."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, String, cast, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.sql.elements import ColumnElement

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Absence, Assignment, Declaration, Mentoring
from cissapp.review.independence.queries.assignments import is_open_work, longest_waiting
from cissapp.review.independence.queries.facts import absences_of
from cissapp.review.independence.queries.involvement import CYCLES_BEFORE, past_involvements
from cissapp.review.independence.rules import ConflictAnswer
from cissapp.review.independence.rules.reasons import reasons_to_replace

# This many unattended open roles are shown at once: nobody reads a longer list, and the next follow.
ROLES_AT_ONCE = 50
# Whether a holder is barred from the school is looked up for this many cases of a group, those that wait longest.
CASES_CHECKED = 500


class UnattendedRole(Struct, frozen=True):
    """An open role whose holder cannot work on the case, with the reasons."""

    assignment: Assignment
    school: str
    reasons: list[Problem]


def unattended_roles(of: Actor, *, today: date) -> list[UnattendedRole]:
    """List the oldest `ROLES_AT_ONCE` open roles of a group whose holder cannot go on: those handed back first.

    The others' holders are gone, away, or now barred.

    Holders who are barred, or belong to another group now, are found in the `CASES_CHECKED` cases that wait
    longest, all others in every case.
    """
    cases = longest_waiting(of, CASES_CHECKED)
    alike = (
        Assignment.handed_back_at.is_not(None),
        Assignment.person_id.in_(_people_who_cannot_go_on(today)),
        Assignment.application_id.in_(select(cases.c.id)) & _may_be_barred(),
    )
    found = {
        one.assignment.id: one
        for condition in alike
        for one in _oldest(_open_roles(of).where(condition), today)
    }
    oldest = sorted(found.values(), key=_handed_back_first)
    return oldest[:ROLES_AT_ONCE]


def _handed_back_first(one: UnattendedRole) -> tuple[bool, datetime, UUID]:
    held = one.assignment
    return held.handed_back_at is None, held.handed_back_at or held.taken_at, held.id


def are_all_cases_checked(of: Actor) -> bool:
    """Return whether a group has no more open cases than are checked for barred holders."""
    beyond = select(longest_waiting(of, CASES_CHECKED + 1).c.id).offset(CASES_CHECKED).limit(1)
    return session.scalar(beyond) is None


def tasks_handed_back(of: Actor) -> int:
    """Return how many open roles of a group wait for another person because their holders handed them back."""
    found = _narrowed(select(Assignment.id), of).where(Assignment.handed_back_at.is_not(None))
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _open_roles(of: Actor) -> Select[Any]:
    light = (
        joinedload(Assignment.person),
        joinedload(Assignment.application).joinedload(Application.school),
    )
    found = _narrowed(select(Assignment), of).join(User, User.id == Assignment.person_id)
    return found.options(*light).order_by(Assignment.taken_at, Assignment.id)


def _narrowed(query: Select[Any], of: Actor) -> Select[Any]:
    """Narrow a query to the open roles in cases that a person may assign."""
    query = query.join(Application, Application.id == Assignment.application_id)
    query = query.where(*is_open_work(), Application.only_for_id.is_(None))
    narrowed: Select[Any] = visible(query, Application, of, Permission.APPLICATION_ASSIGN)
    return narrowed


def _oldest(candidates: Select[Any], today: date) -> list[UnattendedRole]:
    """Return the oldest `ROLES_AT_ONCE` of some roles whose holder cannot go on."""
    found: list[UnattendedRole] = []
    while len(found) < ROLES_AT_ONCE:
        held = list(session.scalars(candidates.limit(ROLES_AT_ONCE)))
        found += _unattended(held, today)
        if len(held) < ROLES_AT_ONCE:
            break
        behind = tuple_(Assignment.taken_at, Assignment.id) > tuple_(
            literal(held[-1].taken_at, Assignment.taken_at.type), held[-1].id
        )
        candidates = candidates.where(behind)
    return found[:ROLES_AT_ONCE]


def _unattended(held: Sequence[Assignment], today: date) -> Iterator[UnattendedRole]:
    """Yield the open roles whose holder cannot go on, with the reasons."""
    if not held:
        return
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
        if one.handed_back_at:
            reasons = [_handed_back(one), *reasons]
        if reasons:
            yield UnattendedRole(one, one.application.school.name, reasons)


def _handed_back(held: Assignment) -> Problem:
    values = {"moment": held.handed_back_at, "reason": held.handed_back_reason or ""}
    return Problem("handed_back", N_("Handed back on %(moment)s: %(reason)s"), values)


def _people_who_cannot_go_on(today: date) -> list[UUID]:
    """List the holders of open roles who are away, or cannot review for any group."""
    open_roles = select(Assignment.person_id).where(
        Assignment.done_at.is_(None), Assignment.left_at.is_(None)
    )
    # Each holder once: a few people hold the many roles of a large group.
    holders = open_roles.distinct().subquery()
    away = select(Absence.person_id).where(Absence.from_on <= today, Absence.to_on >= today)
    query = (
        select(User.id)
        .join(holders, holders.c.person_id == User.id)
        .where(
            or_(
                User.deactivated_at.is_not(None),
                User.role.not_in((Role.REVIEWER, Role.COORDINATOR)),
                User.calibrated_at.is_(None),
                User.id.in_(away),
            )
        )
    )
    return list(session.scalars(query))


def _may_be_barred() -> ColumnElement[bool]:
    """Return a condition for the roles that the rule has to check; it would find no reason for any others.

    Without it a page would read every open role of a group to find a few.
    """
    before, earlier = aliased(Assignment), aliased(Application)
    invited = aliased(User)
    return or_(
        User.group_id.is_distinct_from(Application.group_id),
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
