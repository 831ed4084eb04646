"""Voids a faulty question, regrades the attempts that asked it, and notifies the learners concerned."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.learn.learning import mails, queries
from cissapp.learn.learning.models import Attempt, AttemptQuestion, VoidedQuestion
from cissapp.learn.learning.rules import HANDED_IN, AttemptState, is_pass
from cissapp.learn.learning.services.grading import mark_answers, record_pass
from cissapp.people.accounts.models import User

REASON_AT_LEAST = 10


def void_question(
    module_id: str,
    question_id: str,
    *,
    reason: str,
    content: Content,
    by: Actor,
    at: datetime,
) -> int:
    """Remove a question from the pool and from every result, and return how many attempts changed.

    It counts neither as right nor as wrong. A learner who now has enough points has passed; a pass is
    never lost. Raise `Missing` if the module never had it, `Refused` if it is void already or without a reason.
    """
    module = content.module_by_id.get(module_id)
    if by.id is None or module is None or question_id not in module.by_question_id:
        raise Missing
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused(
            Problem("reason", N_("Explain in one sentence what is wrong with the question."))
        )
    if question_id in queries.voided_questions(module_id):
        raise Refused(Problem("voided", N_("This question has already been removed.")))
    row = VoidedQuestion(
        module_id=module_id,
        question_id=question_id,
        reason=reason.strip(),
        voided_by_id=by.id,
        voided_at=at,
    )
    session.add(row)
    session.flush()
    record(Event.QUESTION_VOIDED, ("question", question_id), by=by, at=at, module=module_id)
    concerned = _attempts_with(module_id, question_id)
    out = set(queries.voided_questions(module_id))
    changed = [
        one
        for one in concerned
        if _grade_again(one, question_id, out, content=content, by=by, at=at)
    ]
    _tell(concerned, content, at)
    return len(changed)


def _attempts_with(module_id: str, question_id: str) -> list[Attempt]:
    asked = select(AttemptQuestion.attempt_id).where(AttemptQuestion.question_id == question_id)
    query = (
        select(Attempt)
        .where(
            Attempt.module_id == module_id,
            Attempt.state.in_(HANDED_IN),
            Attempt.id.in_(asked),
        )
        .order_by(Attempt.closed_at)
        .with_for_update()
    )
    return list(session.scalars(query))


def _grade_again(
    attempt: Attempt,
    question_id: str,
    out: Collection[str],
    *,
    content: Content,
    by: Actor,
    at: datetime,
) -> bool:
    before = (attempt.state, attempt.points, attempt.total)
    earned, total = mark_answers(attempt, out)
    state = attempt.state
    if state is AttemptState.FAILED and is_pass(earned, total, attempt.policy.pass_percent):
        state = AttemptState.PASSED
    after = (state, earned, total)
    if after == before:
        return False
    attempt.state, attempt.points, attempt.total = after
    record(
        Event.ATTEMPT_REGRADED,
        attempt,
        by=by,
        at=at,
        question=question_id,
        before=[before[0].value, before[1], before[2]],
        after=[state.value, earned, total],
    )
    if state is not before[0]:
        record_pass(attempt, content=content, by=by, at=at)
    return True


def _tell(attempts: list[Attempt], content: Content, at: datetime) -> None:
    """Write once to each learner whose account is open, however many attempts asked the question."""
    newest = {attempt.user_id: attempt for attempt in attempts}
    learners = select(User).where(User.id.in_(newest), User.deactivated_at.is_(None))
    for person in session.scalars(learners):
        attempt = newest[person.id]
        mails.tell_of_voided(person, attempt, content.module_by_id[attempt.module_id], at=at)
