"""Reads of the seats of cases: who holds which, how much is open, and what nobody looks after."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Problem
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.models import Declaration, Seating
from cissapp.review.independence.queries.facts import absences_of
from cissapp.review.independence.queries.involvement import pasts
from cissapp.review.independence.rules import AT_WORK, WORKING, Seat
from cissapp.review.independence.rules.reasons import standing


def seat_of(application_id: UUID, person_id: UUID | None) -> Seating | None:
    """Find the one seat of a person in a case, left or not."""
    return session.scalar(
        select(Seating).where(
            Seating.application_id == application_id, Seating.person_id == person_id
        )
    )


def held_by(of: Application, seat: Seat) -> Seating | None:
    """Find who holds a seat in the present round of a case."""
    return session.scalar(
        select(Seating)
        .where(
            Seating.application_id == of.id,
            Seating.seat == seat,
            Seating.round == of.round,
            Seating.left_at.is_(None),
        )
        .options(joinedload(Seating.person))
    )


def seats_of(of: Application) -> list[Seating]:
    """List everybody who ever had a seat in a case, in the order in which they took it."""
    query = (
        select(Seating)
        .where(Seating.application_id == of.id)
        .options(joinedload(Seating.person))
        .order_by(Seating.taken_at, Seating.id)
    )
    return list(session.scalars(query))


def seating(of: Application, seating_id: UUID) -> Seating:
    """Find a seat of a case; raise `Missing`, if it is of another one."""
    found = session.get(Seating, seating_id)
    if found is None or found.application_id != of.id:
        raise Missing
    return found


def _at_work() -> tuple[ColumnElement[bool], ...]:
    """Say which seats mean work now: of this round, not left, not done, in a case under way."""
    return (
        Seating.left_at.is_(None),
        Seating.done_at.is_(None),
        Seating.seat.in_(WORKING),
        Seating.round == Application.round,
        Application.state.in_(AT_WORK),
    )


def loads(person_ids: Collection[UUID]) -> dict[UUID, int]:
    """Count the open cases of people."""
    query = (
        select(Seating.person_id, func.count().label("number"))
        .join(Application, Application.id == Seating.application_id)
        .where(Seating.person_id.in_(person_ids), *_at_work())
        .where(Application.only_for_id.is_(None))
        .group_by(Seating.person_id)
    )
    found = {one.person_id: one.number for one in session.execute(query)}
    return {one: found.get(one, 0) for one in person_ids}


@dataclass(frozen=True)
class Orphan:
    """An open seat whose holder does not work on the case, and why not."""

    seating: Seating
    school: str
    reasons: list[Problem]


def orphans(of: Actor) -> list[Orphan]:
    """List the open seats of a group's cases whose holder is gone, away, or barred since."""
    query = (
        select(Seating)
        .join(Application, Application.id == Seating.application_id)
        .where(*_at_work(), Application.only_for_id.is_(None))
        .options(
            joinedload(Seating.person),
            joinedload(Seating.application).joinedload(Application.school),
        )
        .order_by(Seating.taken_at, Seating.id)
    )
    narrowed = visible(query, Application, of, Permission.APPLICATION_ASSIGN)
    held = list(session.scalars(narrowed))
    people = {one.person_id for one in held}
    past, today = pasts(people), clock.today()
    away = {one.person_id for one in absences_of(people, today) if one.from_on <= today}
    declared = _declared({one.application_id for one in held})
    found = []
    for one in held:
        said = declared.get((one.application_id, one.person_id))
        hands = past[one.person_id].hands_of(one.application, said)
        gone = not _works(one.person, one.application)
        reasons = standing(hands, one.seat, gone=gone, away=one.person_id in away)
        if reasons:
            found.append(Orphan(one, one.application.school.name, reasons))
    return found


def _works(person: User, of: Application) -> bool:
    """Say whether a person still reviews for the group of a case."""
    reviews = person.role in {Role.REVIEWER, Role.COORDINATOR}
    return person.is_active and reviews and person.group_id == of.group_id


def _declared(application_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Declaration]:
    query = select(Declaration).where(Declaration.application_id.in_(application_ids))
    return {(one.application_id, one.user_id): one for one in session.scalars(query)}


def unfilled(of: Actor, needed: Collection[Seat]) -> list[tuple[Application, Seat]]:
    """List the seats that nobody holds in the cases of a group, the longest waiting first."""
    query = (
        select(Application)
        .join(School, School.id == Application.school_id)
        .where(Application.state.in_(AT_WORK), School.only_for_id.is_(None))
        .order_by(Application.changed_at, Application.id)
    )
    cases = list(session.scalars(visible(query, Application, of, Permission.APPLICATION_ASSIGN)))
    taken = select(Seating.application_id, Seating.seat, Seating.round).where(
        Seating.application_id.in_([one.id for one in cases]), Seating.left_at.is_(None)
    )
    held = {tuple(row) for row in session.execute(taken)}
    return [
        (case, seat) for case in cases for seat in needed if (case.id, seat, case.round) not in held
    ]
