"""Finds the people whom the reminder rules must examine."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, func, or_, select

from cissapp.foundation.content.values import Module
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning.models import (
    Attempt,
    AttemptQuestion,
    Learner,
    LessonProgress,
    ModulePass,
)
from cissapp.learn.learning.rules import HANDED_IN, AttemptPurpose, AttemptState
from cissapp.learn.learning.rules.reminders import AT_MOST, CLOSING, IDLE
from cissapp.people.accounts.models import User


class ReminderCandidate(NamedTuple):
    """A person who might be reminded, and what this person asked for in learning."""

    person: User
    learner: Learner | None


class PeopleToExamine(NamedTuple):
    """People whom the rules of reminders must examine: those whose open attempt closes soon, and all others."""

    closing: list[UUID]
    others: list[UUID]


def people_to_examine(modules: Collection[Module], at: datetime) -> PeopleToExamine:
    """List the people whom the rules of reminders must examine, in one query; they may refuse many of them.

    Left out are closed accounts, those who stopped the reminders, who did something lately, who passed
    everything, and who had the last reminder in a row and did nothing since.
    """
    query = _examined(select(User.id, _closing(at).label("closing")), modules, at)
    found = PeopleToExamine([], [])
    for user_id, closing in session.execute(query.order_by(User.id)):
        (found.closing if closing else found.others).append(user_id)
    return found


def reminder_candidates(
    user_ids: Collection[UUID], modules: Collection[Module], at: datetime
) -> list[ReminderCandidate]:
    """Find those of the people who still must be examined: somebody may have acted, or been reminded, meanwhile."""
    query = _examined(select(User, Learner), modules, at).where(User.id.in_(user_ids))
    return [
        ReminderCandidate(person, learner)
        for person, learner in session.execute(query.order_by(_closing(at).desc(), User.id))
    ]


def _examined(query: Any, modules: Collection[Module], at: datetime) -> Select[Any]:
    narrowed: Select[Any] = (
        query.select_from(User)
        .outerjoin(Learner, Learner.user_id == User.id)
        .where(
            User.role == Role.SCHOOL_MANAGER,
            User.deactivated_at.is_(None),
            Learner.reminders_stopped_at.is_(None),
            or_(_closing(at), and_(*_idle(modules, at))),
        )
    )
    return narrowed


def _closing(at: datetime) -> ColumnElement[bool]:
    return exists().where(
        Attempt.user_id == User.id,
        Attempt.state == AttemptState.OPEN,
        Attempt.purpose == AttemptPurpose.QUIZ,
        Attempt.reminded_at.is_(None),
        Attempt.expires_at > at,
        Attempt.expires_at <= at + CLOSING,
    )


def _idle(modules: Collection[Module], at: datetime) -> list[ColumnElement[bool]]:
    since = at - IDLE
    passed = (
        select(func.count())
        .where(
            ModulePass.user_id == User.id,
            ModulePass.module_id.in_([module.id for module in modules]),
        )
        .scalar_subquery()
    )
    did_begin = or_(
        exists().where(LessonProgress.user_id == User.id),
        exists().where(Attempt.user_id == User.id),
    )
    return [
        did_begin,
        ~_active_after(since),
        passed < len(modules),
        or_(Learner.reminded_at.is_(None), Learner.reminded_at <= since),
        or_(
            Learner.user_id.is_(None),
            Learner.reminders_sent < AT_MOST,
            _active_after(Learner.reminded_at),
        ),
    ]


def _active_after(moment: datetime | SQLColumnExpression[datetime | None]) -> ColumnElement[bool]:
    """Build the condition that a person was active after this time, as `last_activity` defines it."""
    lesson = exists().where(
        LessonProgress.user_id == User.id,
        or_(LessonProgress.opened_at > moment, LessonProgress.read_at > moment),
    )
    begun = exists().where(Attempt.user_id == User.id, Attempt.started_at > moment)
    answered = exists().where(
        Attempt.user_id == User.id,
        AttemptQuestion.attempt_id == Attempt.id,
        AttemptQuestion.saved_at > moment,
    )
    handed_in = exists().where(
        Attempt.user_id == User.id,
        Attempt.state.in_(HANDED_IN),
        Attempt.closed_at > moment,
        Attempt.closed_at < Attempt.expires_at,
    )
    return or_(lesson, begun, answered, handed_in)
