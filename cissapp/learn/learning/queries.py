"""Reads of lessons read, attempts and passes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select

from cissapp.foundation.content.values import Module, Question
from cissapp.foundation.core.db import session
from cissapp.learn.learning.gathering import overviews, tries_of
from cissapp.learn.learning.models import (
    Attempt,
    AttemptQuestion,
    LateAnswer,
    Learner,
    ModulePass,
    QuestionVersion,
    VoidedQuestion,
)
from cissapp.learn.learning.rules import (
    HANDED_IN,
    AttemptState,
    ModuleProgress,
    Overview,
    Purpose,
    Try,
)
from cissapp.learn.learning.rules.reminding import last_activity
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school

# --- a person --------------------------------------------------------------------------------


def overview(user_id: UUID, modules: Iterable[Module], at: datetime | None = None) -> Overview:
    """Gather how far a person is with these modules, in three queries; at this moment, or now."""
    return overviews([user_id], modules, at)[user_id]


def module_progress(user_id: UUID, module: Module, at: datetime | None = None) -> ModuleProgress:
    """Gather how far a person is with one module."""
    return overview(user_id, [module], at).parts[0]


def tries(user_id: UUID, module_id: str) -> list[Try]:
    """List the attempts at the quiz of a module, the newest first."""
    own = tries_of([user_id])[user_id][module_id]
    return [one for one in own if one.purpose is Purpose.QUIZ]


# --- attempts --------------------------------------------------------------------------------


def attempt(attempt_id: UUID) -> Attempt | None:
    """Find an attempt by id."""
    return session.get(Attempt, attempt_id)


# These two are asked with every page of a quiz, so they are built once.
_OPEN_ATTEMPT = select(Attempt).where(
    Attempt.user_id == bindparam("user_id"),
    Attempt.module_id == bindparam("module_id"),
    Attempt.state == AttemptState.OPEN,
)
_VOIDED = select(VoidedQuestion).where(VoidedQuestion.module_id == bindparam("module_id"))


def open_attempt(user_id: UUID, module_id: str) -> Attempt | None:
    """Find the attempt that is under way, or has come to its end without being closed."""
    return session.scalar(_OPEN_ATTEMPT, {"user_id": user_id, "module_id": module_id})


def newest_test(user_id: UUID, module_id: str, purpose: Purpose) -> Attempt | None:
    """Find the test before or after a module that was handed in."""
    return session.scalar(
        select(Attempt)
        .where(
            Attempt.user_id == user_id,
            Attempt.module_id == module_id,
            Attempt.purpose == purpose,
            Attempt.state == AttemptState.CLOSED,
        )
        .order_by(Attempt.started_at.desc())
    )


def due_attempts(at: datetime) -> list[Attempt]:
    """List the open attempts that have come to their end."""
    query = select(Attempt).where(Attempt.state == AttemptState.OPEN, Attempt.expires_at <= at)
    return list(session.scalars(query))


# What was asked never changes, so it is read from the database once.
_pinned: dict[UUID, Question] = {}
PINNED_AT_MOST = 5000


def asked(found: Attempt) -> dict[int, Question]:
    """Give the questions of an attempt by position, each in the version that was drawn.

    An attempt of a time before versions were kept has none.
    """
    wanted = {row.version_id for row in found.questions if row.version_id}
    missing = wanted - _pinned.keys()
    if missing:
        if len(_pinned) > PINNED_AT_MOST:
            _pinned.clear()
        for row in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(missing))):
            _pinned[row.id] = Question.of_document(row.document)
        missing = wanted - _pinned.keys()
    return {
        row.position: _pinned[row.version_id]
        for row in found.questions
        if row.version_id and row.version_id not in missing
    }


def voided(module_id: str) -> dict[str, VoidedQuestion]:
    """Give the voided questions of a module by id."""
    found = session.scalars(_VOIDED, {"module_id": module_id})
    return {row.question_id: row for row in found}


def attempts_with(module_id: str, question_id: str) -> int:
    """Count the attempts that were handed in and asked this question."""
    query = (
        select(func.count(Attempt.id.distinct()))
        .join(Attempt.questions)
        .where(
            Attempt.module_id == module_id,
            AttemptQuestion.question_id == question_id,
            Attempt.state.in_(HANDED_IN),
        )
    )
    return session.scalar(query) or 0


def late_answers(attempt_id: UUID) -> list[LateAnswer]:
    """List the answers to an attempt that came too late, in the order in which they came."""
    query = (
        select(LateAnswer)
        .where(LateAnswer.attempt_id == attempt_id)
        .order_by(LateAnswer.received_at, LateAnswer.position)
    )
    return list(session.scalars(query))


def learner(user_id: UUID) -> Learner | None:
    """Find what a person asked for in learning."""
    return session.get(Learner, user_id)


# --- a school --------------------------------------------------------------------------------


class Gap(NamedTuple):
    """Duties of which one person must pass everything, who is nearest, and what that person lacks."""

    duties: tuple[str, ...]
    person: User | None
    left: list[Module]


class Member(NamedTuple):
    """A person of a school: what is left to pass, how many minutes that takes, and the last activity."""

    person: User
    left: list[Module]
    minutes: int
    last_at: datetime | None


@dataclass(frozen=True)
class SchoolTraining:
    """Who of a school still needs what, how far each is, and what the gate of training still asks for."""

    people: list[Member]
    gaps: list[Gap]
    overviews: Mapping[UUID, Overview]


def passed_modules(user_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Say which modules each of these people has passed."""
    found: dict[UUID, set[str]] = {user_id: set() for user_id in user_ids}
    query = select(ModulePass.user_id, ModulePass.module_id).where(ModulePass.user_id.in_(user_ids))
    for user_id, module_id in session.execute(query):
        found[user_id].add(module_id)
    return found


def school_training(
    school_id: UUID,
    modules: Sequence[Module],
    gate_duties: Iterable[Sequence[str]],
    at: datetime | None = None,
) -> SchoolTraining:
    """Gather the training of a school in four queries; each person comes with what is left."""
    people = people_of_school(school_id)
    known = overviews([person.id for person in people], modules, at)
    members = [_member(person, known[person.id]) for person in people]
    gaps = _gaps([(one.person, one.left) for one in members], modules, gate_duties)
    return SchoolTraining(members, gaps, known)


def _member(person: User, overview: Overview) -> Member:
    left = [part for part in overview.parts if part.passed_at is None]
    minutes = sum(part.minutes_left for part in left)
    return Member(person, [part.module for part in left], minutes, last_activity(overview))


def _gaps(
    people: list[tuple[User, list[Module]]],
    modules: Sequence[Module],
    gate_duties: Iterable[Sequence[str]],
) -> list[Gap]:
    nearest = [_nearest(tuple(duties), people, modules) for duties in gate_duties]
    return [gap for gap in nearest if gap.left]


def _nearest(
    duties: tuple[str, ...], people: list[tuple[User, list[Module]]], modules: Sequence[Module]
) -> Gap:
    bound = [(person, left) for person, left in people if person.duty in duties]
    if not bound:
        return Gap(duties, None, list(modules))
    return Gap(duties, *min(bound, key=lambda one: len(one[1])))


def training_left(
    school_id: UUID, modules: Sequence[Module], gate_duties: Iterable[Sequence[str]]
) -> list[Gap]:
    """List what the gate of training still asks for, in two queries; nothing, once it is met."""
    return _gaps(_with_left(people_of_school(school_id), modules), modules, gate_duties)


def schools_in_need(
    school_ids: Collection[UUID], modules: Sequence[Module], gate_duties: Sequence[Sequence[str]]
) -> set[UUID]:
    """Say at which of these schools the gate of training asks for somebody, in two queries for all."""
    query = select(User).where(User.school_id.in_(school_ids), User.deactivated_at.is_(None))
    by_school: dict[UUID | None, list[tuple[User, list[Module]]]] = defaultdict(list)
    for person, left in _with_left(list(session.scalars(query)), modules):
        by_school[person.school_id].append((person, left))
    return {one for one in school_ids if _gaps(by_school[one], modules, gate_duties)}


def _with_left(people: list[User], modules: Sequence[Module]) -> list[tuple[User, list[Module]]]:
    passes = passed_modules([person.id for person in people])
    return [
        (person, [module for module in modules if module.id not in passes[person.id]])
        for person in people
    ]
