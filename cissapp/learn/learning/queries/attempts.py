"""Reads of attempts, their questions, voided questions, and what a learner asked for."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Uuid, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from cissapp.foundation.content.schema import Policy
from cissapp.foundation.content.values import Question
from cissapp.foundation.core.bulk.rows import read_rows
from cissapp.foundation.core.db import read_before_write, session
from cissapp.learn.learning.models import (
    Attempt,
    AttemptQuestion,
    LateAnswer,
    Learner,
    QuestionVersion,
    VoidedQuestion,
)
from cissapp.learn.learning.rules import HANDED_IN, AttemptPurpose, AttemptState

# A page that is opened before a rare act says how many attempts it changes only up to this number.
ATTEMPTS_COUNTED = 1000


def attempt(attempt_id: UUID) -> Attempt | None:
    """Find an attempt by id."""
    return session.get(Attempt, attempt_id)


_other = aliased(AttemptQuestion)

# The type is named: that of the column is known only once the table of people is loaded.
_IS_OPEN = (
    Attempt.user_id == bindparam("user_id", type_=Uuid()),
    Attempt.module_id == bindparam("module_id"),
    Attempt.state == AttemptState.OPEN,
)

# Every page of a quiz runs some of these, so they are built once.
_OPEN_ATTEMPT = select(Attempt).where(*_IS_OPEN)
_VOIDED = select(VoidedQuestion).where(VoidedQuestion.module_id == bindparam("module_id"))
_VOIDED_IDS = select(VoidedQuestion.question_id).where(
    VoidedQuestion.module_id == bindparam("module_id")
)


_SHOWN_ATTEMPT = select(
    Attempt.id,
    Attempt.user_id,
    Attempt.module_id,
    Attempt.purpose,
    Attempt.state,
    Attempt.expires_at,
    Attempt.policy_document,
).where(*_IS_OPEN)
_SHOWN_QUESTIONS = (
    select(
        AttemptQuestion.attempt_id,
        AttemptQuestion.position,
        AttemptQuestion.question_id,
        AttemptQuestion.version_id,
        AttemptQuestion.options,
        AttemptQuestion.chosen,
        AttemptQuestion.sequence,
        AttemptQuestion.saved_at,
    )
    .where(AttemptQuestion.attempt_id == bindparam("attempt_id"))
    .order_by(AttemptQuestion.position)
)


class ShownQuestion(Struct, frozen=True):
    """A drawn question and its answer, as pages read them."""

    attempt_id: UUID
    position: int
    question_id: str
    version_id: UUID | None
    options: list[str]
    chosen: list[str] | None
    sequence: int
    saved_at: datetime | None


class ShownAttempt(Struct, frozen=True):
    """An open attempt with its questions, as pages read it that do not write to it."""

    id: UUID
    user_id: UUID
    module_id: str
    purpose: AttemptPurpose
    state: AttemptState
    expires_at: datetime
    policy_document: dict[str, Any]
    questions: list[ShownQuestion] = []

    @property
    def policy(self) -> Policy:
        """The policy that the attempt was begun with."""
        return Policy.model_validate(self.policy_document)


# What a page may show: the rows, if it was about to change them, or what is known of them.
AnyAttempt = Attempt | ShownAttempt
AnyQuestion = AttemptQuestion | ShownQuestion


def shown_attempt(user_id: UUID, module_id: str) -> ShownAttempt | None:
    """Find the attempt that is still open, even if its time has run out, without its rows."""
    rows = read_rows(_SHOWN_ATTEMPT, {"user_id": user_id, "module_id": module_id})
    if not rows:
        return None
    found = ShownAttempt(*rows[0])
    asked = read_rows(_SHOWN_QUESTIONS, {"attempt_id": found.id})
    return replace(found, questions=[ShownQuestion(*row) for row in asked])


def open_attempt(user_id: UUID, module_id: str) -> Attempt | None:
    """Find the attempt that is still open, even if its time has run out."""
    return session.scalar(_OPEN_ATTEMPT, {"user_id": user_id, "module_id": module_id})


def newest_test(user_id: UUID, module_id: str, purpose: AttemptPurpose) -> Attempt | None:
    """Find the latest submitted test before or after a module."""
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


def due_attempts(at: datetime) -> list[UUID]:
    """List the keys of the open attempts that have come to their end."""
    query = select(Attempt.id).where(Attempt.state == AttemptState.OPEN, Attempt.expires_at <= at)
    return list(session.scalars(query))


def open_attempts(ids: Collection[UUID]) -> list[Attempt]:
    """List those of some attempts that are still open."""
    query = select(Attempt).where(Attempt.id.in_(ids), Attempt.state == AttemptState.OPEN)
    return list(session.scalars(query))


# What was asked never changes, so it is read from the database once.
_pinned: dict[UUID, Question] = {}
PINNED_AT_MOST = 5000


def asked_questions(found: AnyAttempt) -> dict[int, Question]:
    """Map the positions of an attempt to its questions, each in the version that was drawn.

    An attempt from before versions were kept has none.
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


def question_of_version(version_id: UUID) -> Question | None:
    """Find a question by the version in which it was drawn."""
    if version_id not in _pinned:
        row = session.get(QuestionVersion, version_id)
        if row is None:
            return None
        _pinned[version_id] = Question.of_document(row.document)
    return _pinned[version_id]


ONE_QUESTION = (
    select(
        Attempt.user_id,
        Attempt.module_id,
        Attempt.state,
        Attempt.expires_at,
        # An attempt from before versions were kept cannot continue.
        ~exists()
        .where(_other.attempt_id == Attempt.id, _other.version_id.is_(None))
        .label("goes_on"),
        AttemptQuestion.attempt_id,
        AttemptQuestion.position,
        AttemptQuestion.version_id,
        AttemptQuestion.options,
        AttemptQuestion.chosen,
        AttemptQuestion.sequence,
        AttemptQuestion.saved_at,
    )
    .join(Attempt.questions)
    .where(Attempt.id == bindparam("attempt_id"), AttemptQuestion.position == bindparam("position"))
)


class OneQuestion(Struct, frozen=True):
    """One question of an attempt, its answer, and what decides whether it may be answered."""

    user_id: UUID
    module_id: str
    state: AttemptState
    expires_at: datetime
    goes_on: bool
    attempt_id: UUID
    position: int
    version_id: UUID | None
    options: list[str]
    chosen: list[str] | None
    sequence: int
    saved_at: datetime | None


def one_question(attempt_id: UUID, position: int) -> OneQuestion | None:
    """Find a question of an attempt in one plain statement."""
    rows = read_rows(ONE_QUESTION, {"attempt_id": attempt_id, "position": position})
    return OneQuestion(*rows[0]) if rows else None


def know_question(found: OneQuestion) -> None:
    """Load a question's version before a write begins, unless it is cached."""
    if found.version_id and found.version_id not in _pinned:
        with read_before_write():
            question_of_version(found.version_id)


def voided_questions(module_id: str) -> dict[str, VoidedQuestion]:
    """Map the ids of the voided questions of a module to their rows."""
    found = session.scalars(_VOIDED, {"module_id": module_id})
    return {row.question_id: row for row in found}


def voided_ids(module_id: str) -> frozenset[str]:
    """Return the ids of the voided questions of a module."""
    return frozenset(row[0] for row in read_rows(_VOIDED_IDS, {"module_id": module_id}))


def count_attempts_with(module_id: str, question_id: str) -> int:
    """Count the attempts that were handed in and asked this question; `ATTEMPTS_COUNTED` if there are more."""
    query = (
        select(Attempt.id)
        .join(Attempt.questions)
        .where(
            Attempt.module_id == module_id,
            AttemptQuestion.question_id == question_id,
            Attempt.state.in_(HANDED_IN),
        )
        .distinct()
        .limit(ATTEMPTS_COUNTED)
    )
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


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
