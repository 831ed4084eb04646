"""Writes of answers: at once, or from the queue of a device that was offline."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.schema import QuestionKey, ScenarioKey
from cissapp.foundation.content.values import Question
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, EditConflict, Missing, Problem, Refused
from cissapp.learn.learning import queries
from cissapp.learn.learning.models import Attempt, AttemptQuestion, LateAnswer
from cissapp.learn.learning.rules import AttemptState, LateReason, is_due
from cissapp.learn.learning.rules.grading import answer_problem, normalise_answer
from cissapp.learn.learning.services.grading import lock_attempt


def save_answer(
    attempt: Attempt,
    position: int,
    chosen: Sequence[str],
    *,
    sequence: int,
    by: Actor,
    at: datetime,
) -> datetime:
    """Save an answer by its option ids, and return when it was saved.

    The last answer to arrive counts, whichever tab or device sent it. `sequence` is the number that the page
    knew; the stored number only goes up. Saving the same answer again changes nothing, not even the time.
    Raise `Refused` if the attempt is closed or the answer is not valid.
    """
    asked = queries.asked_questions(attempt)
    row = _row(attempt, position, asked)
    _reload(attempt, row)
    _refuse_closed(attempt, at)
    saved_at = _save(attempt, row, asked[position].key, chosen, sequence=sequence, by=by, at=at)
    session.flush()
    return saved_at


def save_answers(
    attempt: Attempt, chosen: Mapping[int, Sequence[str]], *, by: Actor, at: datetime
) -> None:
    """Save several answers by the positions of their questions; raise `Refused` for the first that is not valid."""
    attempt = lock_attempt(attempt)
    _refuse_closed(attempt, at)
    asked = queries.asked_questions(attempt)
    for position, options in chosen.items():
        row = _row(attempt, position, asked)
        key = asked[position].key
        _save(attempt, row, key, options, sequence=row.sequence + 1, by=by, at=at)
    session.flush()


# Everything that may have changed since the page was rendered, in one statement that locks the attempt.
_NOW = (
    select(
        Attempt.state,
        Attempt.expires_at,
        Attempt.closed_at,
        AttemptQuestion.chosen,
        AttemptQuestion.sequence,
        AttemptQuestion.saved_at,
    )
    .join(Attempt.questions)
    .where(Attempt.id == bindparam("attempt_id"), AttemptQuestion.position == bindparam("position"))
    .with_for_update(of=Attempt)
)


def _reload(attempt: Attempt, row: AttemptQuestion) -> None:
    now = session.execute(_NOW, {"attempt_id": attempt.id, "position": row.position}).one_or_none()
    if now is None:
        raise EditConflict
    for name in ("state", "expires_at", "closed_at"):
        set_committed_value(attempt, name, getattr(now, name))
    for name in ("chosen", "sequence", "saved_at"):
        set_committed_value(row, name, getattr(now, name))


def _refuse_closed(attempt: Attempt, at: datetime) -> None:
    link = ("learning.result", {"attempt_id": attempt.id})
    if is_due(attempt.state, attempt.expires_at, at):
        message = N_("This attempt has ended. Your last answer was not saved.")
        raise Refused(Problem("closed", message, link=link))
    if attempt.state is not AttemptState.OPEN:
        message = N_("You have already submitted your answers. Your last answer was not saved.")
        raise Refused(Problem("closed", message, link=link))


def _row(attempt: Attempt, position: int, asked: Mapping[int, Question]) -> AttemptQuestion:
    found = next((row for row in attempt.questions if row.position == position), None)
    if found is None or position not in asked:
        raise Missing
    return found


def _save(
    attempt: Attempt,
    row: AttemptQuestion,
    key: QuestionKey,
    chosen: Sequence[str],
    *,
    sequence: int,
    by: Actor,
    at: datetime,
) -> datetime:
    problem = answer_problem(key, chosen)
    if problem:
        raise Refused(problem)
    kept = normalise_answer(key, chosen)
    if row.saved_at and row.chosen == kept:
        return row.saved_at
    if isinstance(key, ScenarioKey) and (row.chosen or []) != kept[: len(row.chosen or [])]:
        message = N_("You have already made this decision, and it counts. The story has moved on.")
        raise Refused(Problem("chosen", message))
    late = sequence < row.sequence
    row.chosen = kept
    row.sequence = max(row.sequence + 1, sequence)
    row.saved_at = at
    facts = {"position": row.position, "sequence": row.sequence, "over_newer": late}
    record(Event.ANSWER_SAVED, attempt, by=by, at=at, school_id=by.school_id, **facts)
    return at


# --- the queue of a device -------------------------------------------------------------------


class QueuedAnswer(Struct, frozen=True):
    """An answer from the queue of a device: what was chosen, on top of which save, and when.

    `made_at` comes from the device's clock, which may be wrong.
    """

    position: int
    chosen: Sequence[str]
    sequence: int
    made_at: datetime | None


class QueuedAnswerResult(Struct, frozen=True):
    """What became of a queued answer: saved, or kept beside the attempt for the reason in `late`."""

    row: AttemptQuestion
    saved_at: datetime | None
    late: LateReason | None = None


def save_queued_answer(
    attempt: Attempt, sent: QueuedAnswer, *, by: Actor, at: datetime
) -> QueuedAnswerResult:
    """Save an answer that waited on an offline device; none is silently dropped.

    An answer counts if it was made on top of the newest save. If another device has saved since, that answer
    stands; a closed attempt stays closed. In both cases the late answer is kept beside the attempt and shown.
    Raise `Refused` if it does not answer this question.
    """
    attempt = lock_attempt(attempt)
    asked = queries.asked_questions(attempt)
    row, key = _row(attempt, sent.position, asked), asked[sent.position].key
    problem = answer_problem(key, sent.chosen)
    if problem:
        raise Refused(problem)
    kept = normalise_answer(key, sent.chosen)
    if row.saved_at and row.chosen == kept:
        return QueuedAnswerResult(row, row.saved_at)
    closed = attempt.state is not AttemptState.OPEN or is_due(attempt.state, attempt.expires_at, at)
    if closed or sent.sequence < row.sequence:
        reason = LateReason.CLOSED if closed else LateReason.NEWER
        _store_late(attempt, sent, kept, reason, by=by, at=at)
        return QueuedAnswerResult(row, None, reason)
    saved_at = _save(attempt, row, key, kept, sequence=sent.sequence, by=by, at=at)
    session.flush()
    return QueuedAnswerResult(row, saved_at)


def _store_late(
    attempt: Attempt,
    sent: QueuedAnswer,
    chosen: list[str],
    reason: LateReason,
    *,
    by: Actor,
    at: datetime,
) -> None:
    digest = hashlib.sha256("\x1f".join(chosen).encode()).hexdigest()
    same = select(LateAnswer.id).where(
        LateAnswer.attempt_id == attempt.id,
        LateAnswer.position == sent.position,
        LateAnswer.chosen_digest == digest,
    )
    if session.scalar(same):
        return
    row = LateAnswer(
        attempt_id=attempt.id,
        position=sent.position,
        chosen=chosen,
        chosen_digest=digest,
        reason=reason,
        made_at=sent.made_at,
        received_at=at,
    )
    session.add(row)
    facts = {"position": sent.position, "reason": reason}
    record(Event.ANSWER_LATE, attempt, by=by, at=at, school_id=by.school_id, **facts)
    session.flush()
