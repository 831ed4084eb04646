"""The queue of a national group: what waits for a person first, then everything."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select, select
from sqlalchemy.sql.elements import ColumnElement

from cissapp.access.guard import visible
from cissapp.access.permissions import Permission
from cissapp.accounts.models import User
from cissapp.applications.models import Application, Submission
from cissapp.applications.rules import Outcome, State
from cissapp.core.actor import Actor
from cissapp.core.db import session
from cissapp.reviews.models import Decision, Declaration, Review
from cissapp.reviews.rules import UNDER_WAY, ReviewState, due_on
from cissapp.reviews.rules.people import Hands, may_assess, may_decide
from cissapp.schools.models import School

DECIDED_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """An application in the queue; no more of it than a person may know before a declaration."""

    id: UUID
    school: str
    region_code: str
    state: State
    outcome: Outcome | None
    round: int
    submitted_at: datetime
    due_on: date | None
    assessor: str | None
    handed_in: bool
    tied: bool | None
    to_assess: bool
    to_decide: bool


@dataclass(frozen=True)
class Queue:
    """What waits for the person, all that is under way, and what was decided last."""

    to_assess: list[Row]
    to_decide: list[Row]
    under_way: list[Row]
    decided: list[Row]


@dataclass(frozen=True)
class _Past:
    """What a person has had to do with schools and applications, looked up once."""

    person_id: UUID | None
    invited: frozenset[UUID]
    assessed: frozenset[UUID]
    decided: frozenset[UUID]

    def hands(self, found: SqlRow[Any]) -> Hands:
        """Give the hands in an application; who declared nothing yet is taken as not tied."""
        return Hands(
            tied=bool(found.grounds),
            invited=found.school_id in self.invited,
            assessed=found.id in self.assessed,
            decided=found.id in self.decided,
        )


def queue(person: Actor) -> Queue:
    """Give the queue of the person's group, the earliest due first; the number of queries is fixed."""
    past = _past(person.id)
    rows = [_row(found, past) for found in session.execute(_under_way(person))]
    rows.sort(key=lambda one: (one.due_on or date.max, one.submitted_at))
    return Queue(
        to_assess=[one for one in rows if one.to_assess],
        to_decide=[one for one in rows if one.to_decide],
        under_way=rows,
        decided=[_row(found, past) for found in session.execute(_decided(person))],
    )


def _past(person_id: UUID | None) -> _Past:
    invited = select(User.school_id).where(User.invited_by_id == person_id)
    assessed = select(Review.application_id).where(Review.assessor_id == person_id)
    decided = select(Decision.application_id).where(Decision.decider_id == person_id)
    return _Past(
        person_id,
        frozenset(one for one in session.scalars(invited) if one),
        frozenset(session.scalars(assessed)),
        frozenset(session.scalars(decided)),
    )


def _applications(person: Actor, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the applications of the group with what the queue shows of them, and no more."""
    query: Any = (
        select(
            Application.id,
            Application.state,
            Application.outcome,
            Application.round,
            School.id.label("school_id"),
            School.name.label("school"),
            School.region_code,
            Submission.submitted_at,
            Review.state.label("review_state"),
            Review.assessor_id,
            User.name.label("assessor"),
            Declaration.id.label("declaration_id"),
            Declaration.grounds,
        )
        .select_from(Application)
        .join(School, School.id == Application.school_id)
        .join(
            Submission,
            (Submission.application_id == Application.id) & (Submission.round == Application.round),
        )
        .outerjoin(
            Review, (Review.application_id == Application.id) & (Review.round == Application.round)
        )
        .outerjoin(User, User.id == Review.assessor_id)
        .outerjoin(
            Declaration,
            (Declaration.application_id == Application.id) & (Declaration.user_id == person.id),
        )
        .where(*conditions)
    )
    narrowed: Select[Any] = visible(query, Application, person, Permission.APPLICATION_READ)
    return narrowed


def _under_way(person: Actor) -> Select[Any]:
    return _applications(person, Application.state.in_(UNDER_WAY))


def _decided(person: Actor) -> Select[Any]:
    query = _applications(person, Application.state == State.DECIDED)
    return query.order_by(Application.changed_at.desc()).limit(DECIDED_SHOWN)


def _row(found: SqlRow[Any], past: _Past) -> Row:
    hands = past.hands(found)
    handed_in = found.review_state is ReviewState.HANDED_IN
    return Row(
        id=found.id,
        school=found.school,
        region_code=found.region_code,
        state=found.state,
        outcome=found.outcome,
        round=found.round,
        submitted_at=found.submitted_at,
        due_on=due_on(found.state, found.submitted_at.date()),
        assessor=found.assessor,
        handed_in=handed_in,
        tied=None if found.declaration_id is None else bool(found.grounds),
        to_assess=may_assess(hands)
        and (found.state is State.SUBMITTED or _mine_and_open(found, past)),
        to_decide=found.state is State.IN_REVIEW and handed_in and may_decide(hands),
    )


def _mine_and_open(found: SqlRow[Any], past: _Past) -> bool:
    return (
        found.state is State.IN_REVIEW
        and found.review_state is ReviewState.OPEN
        and found.assessor_id == past.person_id
    )
