"""Gathers how far many people are, and finds whom to look at for a reminder; few statements for all."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    SQLColumnExpression,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from cissapp.foundation.content.schema import Policy
from cissapp.foundation.content.values import Module
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning.models import (
    Attempt,
    AttemptQuestion,
    Learner,
    LessonProgress,
    ModulePass,
)
from cissapp.learn.learning.rules import (
    HANDED_IN,
    AttemptState,
    ModuleProgress,
    Overview,
    Purpose,
    Try,
)
from cissapp.learn.learning.rules.reminding import AT_MOST, CLOSING, IDLE
from cissapp.people.accounts.models import User


def overviews(
    user_ids: Collection[UUID], modules: Iterable[Module], at: datetime | None = None
) -> dict[UUID, Overview]:
    """Gather how far these people are, in three queries for all; at this moment, or now."""
    read, tries, passes = _lessons(user_ids), tries_of(user_ids), _passes(user_ids)
    now, wanted = at or clock.now(), list(modules)
    return {
        user_id: Overview(
            tuple(
                _progress(module, read[user_id], tries[user_id], passes[user_id], now)
                for module in wanted
            )
        )
        for user_id in user_ids
    }


@dataclass(frozen=True)
class _Read:
    opened: dict[str, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    read: dict[str, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    versions: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


class _Pass(NamedTuple):
    at: datetime
    version: int


def _progress(
    module: Module,
    read: _Read,
    tries: dict[str, list[Try]],
    passes: dict[str, _Pass],
    now: datetime,
) -> ModuleProgress:
    passed = passes.get(module.id)
    return ModuleProgress(
        module,
        read.opened[module.id],
        read.read[module.id],
        tuple(one for one in tries[module.id] if one.purpose is Purpose.QUIZ),
        passed.at if passed else None,
        read.versions[module.id],
        passed.version if passed else 1,
        tuple(one for one in tries[module.id] if one.purpose is not Purpose.QUIZ),
        now,
    )


def _lessons(user_ids: Collection[UUID]) -> dict[UUID, _Read]:
    found: dict[UUID, _Read] = defaultdict(_Read)
    for user_id, module_id, lesson_id, opened_at, read_at, version in session.execute(
        _LESSONS, _people(user_ids)
    ):
        own = found[user_id]
        own.opened[module_id][lesson_id] = opened_at
        if read_at:
            own.read[module_id][lesson_id] = read_at
            own.versions[module_id][lesson_id] = version
    return found


def tries_of(user_ids: Collection[UUID]) -> dict[UUID, dict[str, list[Try]]]:
    """Give the attempts of these people by module, the newest first, in one query."""
    found: dict[UUID, dict[str, list[Try]]] = defaultdict(lambda: defaultdict(list))
    for user_id, module_id, *facts in session.execute(_TRIES, _people(user_ids)):
        facts[POLICY] = Policy.model_validate(facts[POLICY])
        found[user_id][module_id].append(Try(*facts))
    return found


def _passes(user_ids: Collection[UUID]) -> dict[UUID, dict[str, _Pass]]:
    found: dict[UUID, dict[str, _Pass]] = defaultdict(dict)
    for user_id, module_id, at, version in session.execute(_PASSES, _people(user_ids)):
        found[user_id][module_id] = _Pass(at, version)
    return found


# Three statements that nearly every page of a learner asks, so they are built once.
_PEOPLE: BindParameter[UUID] = bindparam("people", expanding=True)
_ANSWERS = AttemptQuestion.attempt_id == Attempt.id
_LESSONS = select(
    LessonProgress.user_id,
    LessonProgress.module_id,
    LessonProgress.lesson_id,
    LessonProgress.opened_at,
    LessonProgress.read_at,
    LessonProgress.read_version,
).where(LessonProgress.user_id.in_(_PEOPLE))
_TRIES = (
    select(
        Attempt.user_id,
        Attempt.module_id,
        Attempt.id,
        Attempt.state,
        Attempt.started_at,
        Attempt.expires_at,
        Attempt.closed_at,
        Attempt.points,
        Attempt.total,
        select(func.count(AttemptQuestion.saved_at)).where(_ANSWERS).scalar_subquery(),
        Attempt.policy_document,
        Attempt.purpose,
        select(func.max(AttemptQuestion.saved_at)).where(_ANSWERS).scalar_subquery(),
        Attempt.reminded_at,
    )
    .where(Attempt.user_id.in_(_PEOPLE))
    .order_by(Attempt.started_at.desc())
)
# Where the policy stands among the fields of a `Try`, which the query asks for in their order.
POLICY = 8
_PASSES = select(
    ModulePass.user_id, ModulePass.module_id, ModulePass.passed_at, ModulePass.module_version
).where(ModulePass.user_id.in_(_PEOPLE))


def _people(user_ids: Collection[UUID]) -> dict[str, list[UUID]]:
    return {"people": list(user_ids)}


# --- reminders -------------------------------------------------------------------------------


class Candidate(NamedTuple):
    """A person who might be reminded, and what this person asked for in learning."""

    person: User
    learner: Learner | None


def candidates(modules: Collection[Module], at: datetime) -> list[Candidate]:
    """Find whom the rules of reminding must look at, in one query; they may refuse many of them.

    Those whose open attempt closes soon come first: they cannot wait for another day.
    Left out are closed accounts, those who stopped the reminders, who did something lately, who passed
    everything, and who had the last reminder in a row and did nothing since.
    """
    query = (
        select(User, Learner)
        .outerjoin(Learner, Learner.user_id == User.id)
        .where(
            User.role == Role.SCHOOL_MANAGER,
            User.deactivated_at.is_(None),
            Learner.reminders_stopped_at.is_(None),
            or_(_closing(at), and_(*_idle(modules, at))),
        )
        .order_by(_closing(at).desc(), User.id)
    )
    return [Candidate(person, learner) for person, learner in session.execute(query)]


def _closing(at: datetime) -> ColumnElement[bool]:
    return exists().where(
        Attempt.user_id == User.id,
        Attempt.state == AttemptState.OPEN,
        Attempt.purpose == Purpose.QUIZ,
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
    """Say whether a person did anything after this moment, as `last_activity` sees it."""
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
