"""Reads of the roles of cases: who holds which, how much is open, and which lack an active holder."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.queries.involvement import declaration_of
from cissapp.review.independence.rules import (
    REVIEWING_ROLES,
    UNDECIDED,
    UNDER_REVIEW,
    WORKING_ROLES,
    CaseRole,
)
from cissapp.review.independence.rules.terms import mentoring_since

# Free roles are proposed for this many cases at once: nobody reads a longer list, and the next follow.
CASES_AT_ONCE = 15


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


def earlier_holder(of: Application, role: CaseRole) -> User | None:
    """Find who had a role in the round before and still reviews for the group of the case; None in the first.

    Whoever handed the task back is not expected to take it up again.
    """
    query = group_members(of.group_id, User)
    query = query.join(Assignment, Assignment.person_id == User.id).where(
        Assignment.application_id == of.id,
        Assignment.role == role,
        Assignment.round == of.round - 1,
        Assignment.left_at.is_(None),
        Assignment.handed_back_at.is_(None),
    )
    found: User | None = session.scalar(query)
    return found


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

    An appeal counts for as long as a mentoring does. The role of mentor does not count.
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


def is_open(held: Assignment) -> bool:
    """Return whether a task is open work of the present round of a case; nobody else takes over an exercise."""
    return (
        held.role in WORKING_ROLES
        and held.left_at is None
        and held.done_at is None
        and held.round == held.application.round
        and held.application.state in UNDER_REVIEW
        and held.application.only_for_id is None
    )


def may_take_back(held: Assignment) -> bool:
    """Return whether a task is a submitted review of the present round that nobody has decided on yet."""
    return (
        held.role in REVIEWING_ROLES
        and held.left_at is None
        and held.done_at is not None
        and held.round == held.application.round
        and held.application.state is ApplicationState.IN_REVIEW
        and held.application.only_for_id is None
    )


def is_review_taken_back(of: Application) -> bool:
    """Return whether a first or second review of the present round was taken back, and nobody has the task yet."""
    return any(holder_of(of, role) is None for _id, role in reviews_taken_back([of.id]))


def reviews_taken_back(application_ids: Collection[UUID]) -> set[tuple[UUID, CaseRole]]:
    """Return, by application, which first or second reviews of the present round were taken back."""
    query = (
        select(Assignment.application_id, Assignment.role)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.application_id.in_(application_ids),
            Assignment.role.in_((CaseRole.REVIEWER, CaseRole.SECOND_REVIEWER)),
            Assignment.round == Application.round,
            Application.state.in_(UNDER_REVIEW),
            Assignment.left_at.is_not(None),
            Assignment.done_at.is_not(None),
        )
    )
    return {(application_id, role) for application_id, role in session.execute(query)}


def own_task(of: Application, person_id: UUID | None) -> Assignment | None:
    """Find a person's task in a case that can be handed back: open work, or a review not decided on yet."""
    held = assignment_of(of.id, person_id)
    return held if held is not None and _is_task(held) else None


def _is_task(held: Assignment) -> bool:
    return is_open(held) or may_take_back(held)


def may_declare_late(of: Application, person_id: UUID | None) -> bool:
    """Return whether a person may declare a conflict of interest that was found after the declaration.

    They may while they have a task, and otherwise as long as the case is not decided: whoever declared that
    there was none may be needed again, and has the contents open. Members of a panel leave it elsewhere.
    """
    held = assignment_of(of.id, person_id)
    if held is not None and _is_task(held):
        return True
    if of.state not in UNDECIDED or of.only_for_id is not None:
        return False
    is_barred = held is not None and (held.role not in WORKING_ROLES or held.left_at is not None)
    declared = declaration_of(of, person_id)
    return not is_barred and declared is not None and not declared.has_conflict


def is_open_work() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which an assignment is open work: of this round, held, not done.

    The states are written into the statement: an index of open cases is not used for states that come later.
    """
    return (
        Assignment.left_at.is_(None),
        Assignment.done_at.is_(None),
        Assignment.role.in_(WORKING_ROLES),
        Assignment.round == Application.round,
        Application.state.in_(
            bindparam("open_states", UNDER_REVIEW, expanding=True, literal_execute=True)
        ),
    )


def loads(person_ids: Collection[UUID]) -> dict[UUID, int]:
    """Count the open cases of each person."""
    found = _open_cases(Assignment.person_id.in_(person_ids))
    return {one: found.get(one, 0) for one in person_ids}


def loads_of_group(group_id: UUID | None) -> dict[UUID, int]:
    """Count the open cases of each member of a group who has any; faster than with the ids of a large group."""
    return _open_cases(Assignment.person_id.in_(group_members(group_id, User.id)))


def _open_cases(whose: ColumnElement[bool]) -> dict[UUID, int]:
    query = (
        select(Assignment.person_id, func.count().label("number"))
        .join(Application, Application.id == Assignment.application_id)
        .where(whose, *is_open_work())
        .where(Application.only_for_id.is_(None))
        .group_by(Assignment.person_id)
    )
    return {one.person_id: one.number for one in session.execute(query)}


def group_members(group_id: UUID | None, *columns: Any) -> Select[Any]:
    """Select columns of the active people who review for a group."""
    return select(*columns).where(
        User.group_id == group_id,
        User.role.in_((Role.REVIEWER, Role.COORDINATOR)),
        User.deactivated_at.is_(None),
    )


def longest_waiting(of: Actor, most: int, *conditions: ColumnElement[bool]) -> Subquery:
    """Select the ids of the open cases of a group that have waited longest, at most a number of them.

    Of each state the first are read by an index: both states together would be sorted whole.
    """
    alike = []
    for state in UNDER_REVIEW:
        query: Any = select(Application.id, Application.changed_at).where(
            Application.state == state, Application.only_for_id.is_(None), *conditions
        )
        narrowed = visible(query, Application, of, Permission.APPLICATION_ASSIGN)
        longest = narrowed.order_by(Application.changed_at, Application.id).limit(most)
        alike.append(select(longest.subquery()))
    found = union_all(*alike).subquery()
    by_change = select(found.c.id).order_by(found.c.changed_at, found.c.id)
    return by_change.limit(most).subquery()


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
    ids = longest_waiting(of, CASES_AT_ONCE, held_roles < len(set(needed)))
    whole = select(Application).where(Application.id.in_(select(ids.c.id)))
    cases = list(session.scalars(whole.order_by(Application.changed_at, Application.id)))
    taken = select(Assignment.application_id, Assignment.role, Assignment.round).where(
        Assignment.application_id.in_([one.id for one in cases]), Assignment.left_at.is_(None)
    )
    held = {tuple(row) for row in session.execute(taken)}
    return [
        (case, role) for case in cases for role in needed if (case.id, role, case.round) not in held
    ]
