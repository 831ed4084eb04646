"""Writes of results: handing in, grading, passing a module."""

from collections.abc import Collection
from datetime import datetime

from blinker import Signal
from sqlalchemy import CursorResult, bindparam, select, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, EditConflict, Problem, Refused
from cissapp.learn.learning import queries
from cissapp.learn.learning.models import Attempt, ModulePass
from cissapp.learn.learning.rules import AttemptPurpose, AttemptState, is_due, is_pass
from cissapp.learn.learning.rules.attempts import hand_in_problems
from cissapp.learn.learning.rules.grading import is_complete, points
from cissapp.learn.learning.services.training import end_training
from cissapp.people.accounts.models import User

# Sent inside the transaction, with the person who passed a module for the first time.
module_passed = Signal()

HELD = "attempts that are locked"
# Executed for every hand-in and every queue of answers, so it is built only once.
_LOCKED = (
    select(Attempt)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def lock_attempt(attempt: Attempt) -> Attempt:
    """Reload an attempt, and lock it until the transaction ends.

    Repeated calls in one transaction do so only once. Raise `EditConflict` if it is gone.
    """
    transaction, held = session.info.get(HELD, (None, frozenset()))
    if transaction is None or transaction is not session().get_transaction():
        held = frozenset()
    if attempt.id in held:
        return attempt
    found = session.scalars(_LOCKED, {"attempt_id": attempt.id}).one_or_none()
    if found is None:
        raise EditConflict
    session.info[HELD] = (session().get_transaction(), held | {attempt.id})
    return found


def hand_in(attempt: Attempt, *, content: Content, by: Actor, at: datetime) -> Attempt:
    """Close an attempt once, and grade it by the questions it was drawn with.

    Every question must be answered, except those that were voided. A second call returns the attempt as it
    was closed. Raise `Refused` if an answer is missing or the attempt has expired.
    """
    attempt = lock_attempt(attempt)
    if attempt.state is not AttemptState.OPEN:
        return attempt
    if is_due(attempt.state, attempt.expires_at, at):
        raise Refused(Problem("closed", N_("This attempt has ended")))
    out = queries.voided_questions(attempt.module_id)
    asked = queries.asked_questions(attempt)
    unanswered = [
        row.position
        for row in attempt.questions
        if row.question_id not in out
        and not (row.position in asked and is_complete(asked[row.position].key, row.chosen))
    ]
    if unanswered:
        raise Refused(*hand_in_problems(attempt.module_id, unanswered))
    return grade_attempt(attempt, content=content, by=by, at=at)


def grade_attempt(attempt: Attempt, *, content: Content, by: Actor, at: datetime) -> Attempt:
    """Close a locked attempt with the points its answers earned; unanswered questions earn none."""
    earned, total = mark_answers(attempt, queries.voided_questions(attempt.module_id))
    enough = is_pass(earned, total, attempt.policy.pass_percent)
    state = AttemptState.PASSED if enough else AttemptState.FAILED
    if attempt.purpose is not AttemptPurpose.QUIZ:
        state = AttemptState.CLOSED
    close_attempt(attempt, state, at=at, points=earned, total=total)
    record(
        Event.ATTEMPT_HANDED_IN,
        attempt,
        by=by,
        at=at,
        school_id=by.school_id,
        points=earned,
        total=total,
        passed=state is AttemptState.PASSED,
    )
    if state is AttemptState.PASSED:
        record_pass(attempt, content=content, by=by, at=at)
    session.flush()
    return attempt


def mark_answers(attempt: Attempt, out: Collection[str]) -> tuple[int, int]:
    """Write what each answer earned; return the sum, and the count of questions that are not `out`."""
    asked = queries.asked_questions(attempt)
    for row in attempt.questions:
        if row.position in asked:
            row.points = points(asked[row.position].key, row.chosen)
    counted = [row for row in attempt.questions if row.question_id not in out]
    return sum(row.points or 0 for row in counted), len(counted)


def close_attempt(
    attempt: Attempt,
    state: AttemptState,
    *,
    at: datetime,
    points: int | None = None,
    total: int | None = None,
) -> None:
    """End an open attempt in this state; raise `EditConflict`, if it was ended meanwhile."""
    closed = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == AttemptState.OPEN)
        .values(
            state=state,
            closed_at=at,
            points=points,
            total=attempt.total if total is None else total,
        )
    )
    if not isinstance(closed, CursorResult) or closed.rowcount != 1:
        raise EditConflict


def record_pass(attempt: Attempt, *, content: Content, by: Actor, at: datetime) -> None:
    """Record that the learner has passed the module of the attempt, and what follows for the school."""
    key = (attempt.user_id, attempt.module_id)
    person = session.get_one(User, attempt.user_id)
    found = session.get(ModulePass, key)
    if found:
        found.module_version = max(found.module_version, attempt.module_version)
    else:
        row = ModulePass(user_id=key[0], module_id=key[1], attempt_id=attempt.id, passed_at=at)
        row.module_version = attempt.module_version
        session.add(row)
        subject = ("module", attempt.module_id)
        facts = {"attempt": str(attempt.id)}
        record(Event.MODULE_PASSED, subject, by=by, at=at, school_id=person.school_id, **facts)
        session.flush()
        module_passed.send(person, at=at)
    end_training(person.school_id, content, at=at)
