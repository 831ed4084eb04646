"""Reads of deadlines."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import lazyload, selectinload

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.rows import read_rows
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import BY_NAME, people_of_school, people_of_schools
from cissapp.people.deadlines.models import Deadline, DeadlineChange, DeadlineReminder
from cissapp.people.deadlines.rules import (
    REVIEWS,
    SHOWN_TO_SCHOOL,
    WAITS_FOR_SCHOOL,
    DeadlineKind,
    DeadlineSide,
    ReminderMoment,
)
from cissapp.people.schools.models import School

OPEN = Deadline.met_at.is_(None)


def deadline(deadline_id: UUID, actor: Actor) -> Deadline:
    """Find an open deadline; raise `Missing` if it is met, or if the person may not see it."""
    found = session.get(Deadline, deadline_id)
    if found is None or found.met_at is not None:
        raise Missing
    if actor.role is Role.SCHOOL_MANAGER:
        shown = found.kind in SHOWN_TO_SCHOOL
    else:
        shown = found in shown_to_group(found.subject_id, actor)
    if not shown:
        raise Missing
    return found


def shown_to_group(subject_id: UUID, person: Actor) -> list[Deadline]:
    """List the open deadlines of a subject that a person of the group may see.

    A reviewer of the subject sees only the date of their own review: other dates would reveal other reviews.
    """
    found = open_of_subjects([subject_id]).get(subject_id, [])
    reviews = [one for one in found if one.kind in REVIEWS]
    hidden = reviews if any(one.person_id == person.id for one in reviews) else []
    return [one for one in found if one not in hidden or one.person_id == person.id]


def open_of(school_id: UUID) -> list[Deadline]:
    """List the open deadlines of a school, including those of the group, the earliest first."""
    query = select(Deadline).where(Deadline.school_id == school_id, OPEN)
    return list(session.scalars(query.order_by(Deadline.due_on, Deadline.opened_at)))


@cache
def _first_due(kinds: tuple[DeadlineKind, ...]) -> Select[Any]:
    """Build, only once, the query that runs for every page of a school."""
    return select(func.min(Deadline.due_on)).where(
        Deadline.school_id == bindparam("school_id"),
        or_(*(Deadline.kind == kind for kind in kinds)),
        OPEN,
    )


def first_due(school_id: UUID, kinds: Collection[DeadlineKind]) -> date | None:
    """Find the earliest day of a school's open deadlines of these kinds."""
    ((due_on,),) = read_rows(_first_due(tuple(kinds)), {"school_id": school_id})
    return cast("date | None", due_on)


def shown_to_school(school_id: UUID) -> list[Deadline]:
    """List the open deadlines that the school itself may see, the earliest first."""
    return [one for one in open_of(school_id) if one.kind in SHOWN_TO_SCHOOL]


def of_subject(subject_id: UUID) -> list[Deadline]:
    """List every deadline of a subject, met ones too, in the order of their opening."""
    query = select(Deadline).where(Deadline.subject_id == subject_id)
    met_first = Deadline.met_at.nulls_last()
    return list(session.scalars(query.order_by(Deadline.opened_at, Deadline.due_on, met_first)))


def open_of_subjects(subject_ids: Collection[UUID]) -> dict[UUID, list[Deadline]]:
    """List the open deadlines of each of several subjects, the earliest first."""
    query = select(Deadline).where(Deadline.subject_id.in_(subject_ids), OPEN)
    found: dict[UUID, list[Deadline]] = {}
    for one in session.scalars(query.order_by(Deadline.due_on, Deadline.opened_at)):
        found.setdefault(one.subject_id, []).append(one)
    return found


def is_open(kind: DeadlineKind, school_id: UUID) -> bool:
    """Check whether a deadline of a kind is open for a school."""
    found = select(Deadline.id).where(Deadline.school_id == school_id, Deadline.kind == kind, OPEN)
    return session.scalar(found.limit(1)) is not None


# Executed with nearly every change of a case, so it is built only once.
_OPEN_OF_SUBJECT = select(Deadline).where(
    Deadline.kind == bindparam("kind"), Deadline.subject_id == bindparam("subject_id"), OPEN
)


def open_deadline(kind: DeadlineKind, subject_id: UUID) -> Deadline | None:
    """Find the open deadline of a kind for a subject."""
    return session.scalar(_OPEN_OF_SUBJECT, {"kind": kind, "subject_id": subject_id})


class ReminderFacts(Struct, frozen=True):
    """What decides whether a reminder is due today; `sent` holds the reminders for the current date."""

    deadline_id: UUID
    country_code: str
    counted_from_at: datetime
    due_on: date
    sent: frozenset[ReminderMoment]


def reminder_facts(at: datetime) -> list[ReminderFacts]:
    """List the deadlines that are open at a given time, the first due first, in two statements."""
    is_open = (OPEN, Deadline.opened_at < at)
    sent: dict[UUID, set[ReminderMoment]] = {}
    of_today = select(DeadlineReminder.deadline_id, DeadlineReminder.moment).join(
        Deadline, Deadline.id == DeadlineReminder.deadline_id
    )
    for deadline_id, moment in session.execute(
        of_today.where(*is_open, DeadlineReminder.due_on == Deadline.due_on)
    ):
        sent.setdefault(deadline_id, set()).add(moment)
    query = select(Deadline.id, School.country_code, Deadline.counted_from_at, Deadline.due_on)
    query = query.join(School, School.id == Deadline.school_id).where(*is_open)
    return [
        ReminderFacts(
            deadline_id, country_code, since, due_on, frozenset(sent.get(deadline_id, ()))
        )
        for deadline_id, country_code, since, due_on in session.execute(
            query.order_by(Deadline.due_on, Deadline.id)
        )
    ]


def open_with_reminders(ids: Sequence[UUID]) -> list[Deadline]:
    """List those of the deadlines that are open, with the reminders that were sent."""
    query = select(Deadline).where(OPEN, Deadline.id.in_(ids)).order_by(Deadline.due_on)
    loaded = query.options(selectinload(Deadline.reminders), lazyload(Deadline.changes))
    return list(session.scalars(loaded))


def people_to_act(deadlines: Sequence[Deadline]) -> dict[UUID, list[User]]:
    """List for each deadline the people with an open account who act next, in two statements for all.

    That is the person named, otherwise the people of the school, or the coordinators of the group, or
    everyone in a group without one.
    """
    named = {one.id: [one.person] for one in deadlines if one.person and one.person.is_active}
    others = [one for one in deadlines if one.id not in named]
    of_schools = [one for one in others if one.kind in WAITS_FOR_SCHOOL]
    of_groups = [one for one in others if one.kind not in WAITS_FOR_SCHOOL]
    schools = people_of_schools({one.school_id for one in of_schools}) if of_schools else {}
    groups = _people_of_groups({one.group_id for one in of_groups}) if of_groups else {}
    return (
        named
        | {one.id: schools.get(one.school_id, []) for one in of_schools}
        | {one.id: groups.get(one.group_id, []) for one in of_groups}
    )


def people_of_group(group_id: UUID) -> list[User]:
    """List the coordinators of a group with an open account; if there is none, everyone in the group."""
    return _people_of_groups([group_id]).get(group_id, [])


def _people_of_groups(group_ids: Collection[UUID]) -> dict[UUID, list[User]]:
    query = select(User).where(User.group_id.in_(group_ids), User.deactivated_at.is_(None))
    everyone: defaultdict[UUID | None, list[User]] = defaultdict(list)
    for one in session.scalars(query.order_by(*BY_NAME)):
        everyone[one.group_id].append(one)
    return {
        group_id: [one for one in everyone[group_id] if one.role is Role.COORDINATOR]
        or everyone[group_id]
        for group_id in group_ids
    }


def other_side(change: DeadlineChange) -> list[User]:
    """List who is notified of a change: the school if the group made it, the group if the school did."""
    deadline = change.deadline
    if change.side is DeadlineSide.SCHOOL:
        return [deadline.person] if deadline.person else people_of_group(deadline.group_id)
    return people_of_school(deadline.school_id) if deadline.kind in SHOWN_TO_SCHOOL else []
