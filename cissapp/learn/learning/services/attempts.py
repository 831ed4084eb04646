"""Writes of attempts: their beginning, and their end by time."""

from collections.abc import Sequence
from datetime import datetime
from random import Random, SystemRandom
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content, Module, Question
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, EditConflict, Problem, Refused
from cissapp.learn.learning import queries
from cissapp.learn.learning.models import Attempt, AttemptQuestion, QuestionVersion
from cissapp.learn.learning.rules import (
    AttemptState,
    ExtraTime,
    ModuleProgress,
    Purpose,
    is_due,
    may_start,
)
from cissapp.learn.learning.rules.drawing import Drawn, counterpart, draw
from cissapp.learn.learning.rules.trying import expires_at, is_timed
from cissapp.learn.learning.services.grading import close, grade, locked
from cissapp.learn.learning.services.training import begin_training, person_of


def start_attempt(
    module: Module,
    *,
    content: Content,
    by: Actor,
    at: datetime,
    purpose: Purpose = Purpose.QUIZ,
    language: str = "en",
    random: Random | None = None,
) -> Attempt:
    """Give the attempt that is under way, or draw a new one; however often it is asked, there is one.

    A short test that is still open makes room for the quiz; an attempt that has come to its end is ended.
    Raise `Refused`, when nothing may begin now.
    """
    person = person_of(by)
    found = queries.open_attempt(person, module.id)
    if found:
        going_on = _going_on(found, purpose, content=content, by=by, at=at)
        if going_on:
            return going_on
    progress = queries.module_progress(person, module, at)
    problem = _problem(progress, purpose, at)
    if problem:
        raise Refused(problem)
    attempt = _drawn(module, by, at, random or SystemRandom(), purpose=purpose, language=language)
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        return _of_the_faster(person, module.id)
    facts = {"module": module.id, "module_version": module.file.version, "purpose": purpose}
    record(Event.ATTEMPT_STARTED, attempt, by=by, at=at, school_id=by.school_id, **facts)
    begin_training(by)
    session.flush()
    return attempt


def _going_on(
    found: Attempt, purpose: Purpose, *, content: Content, by: Actor, at: datetime
) -> Attempt | None:
    """Give the open attempt, if it can go on for this purpose; else end it, to make room."""
    if is_due(found.state, found.expires_at, at):
        end(found, content=content, by=by, at=at)
        return None
    whole = len(queries.asked(found)) == len(found.questions)
    if found.purpose is purpose and whole:
        return found
    if found.purpose is Purpose.QUIZ and whole:
        raise Refused(
            Problem("quiz", N_("Your quiz of this module is under way. Finish it first."))
        )
    close(found, AttemptState.VOIDED, at=at)
    return None


def _problem(progress: ModuleProgress, purpose: Purpose, at: datetime) -> Problem | None:
    if purpose is Purpose.QUIZ:
        return may_start(progress.tries, at, retest=progress.retest)
    if progress.may_test(purpose):
        return None
    return Problem("test", N_("This short test is not open to you, or you have taken it already."))


def _drawn(
    module: Module, by: Actor, at: datetime, random: Random, *, purpose: Purpose, language: str
) -> Attempt:
    person = person_of(by)
    without = set(queries.voided(module.id))
    settings = module.file.quiz
    if purpose is Purpose.AFTER:
        before = queries.newest_test(person, module.id, Purpose.BEFORE)
        ids = [row.question_id for row in before.questions] if before else []
        drawn = counterpart(module.questions, ids, random, without=without)
    else:
        blueprint = settings.blueprint if purpose is Purpose.QUIZ else settings.check
        drawn = draw(module.questions, blueprint, random, without=without)
    wishes = queries.learner(person)
    extra = wishes.extra_time if wishes else ExtraTime.NONE
    return Attempt(
        user_id=person,
        module_id=module.id,
        module_version=module.file.version,
        purpose=purpose,
        language=language,
        policy_document=settings.policy.model_dump(mode="json"),
        state=AttemptState.OPEN,
        started_at=at,
        expires_at=expires_at(at, settings.policy, extra),
        total=len(drawn),
        questions=_rows(module.id, drawn, at),
    )


def _rows(module_id: str, drawn: Sequence[Drawn], at: datetime) -> list[AttemptQuestion]:
    versions = _versions(module_id, [one.question for one in drawn], at)
    return [
        AttemptQuestion(
            position=position,
            question_id=one.question.id,
            version_id=versions[one.question.digest],
            options=list(one.options),
        )
        for position, one in enumerate(drawn, start=1)
    ]


def _versions(module_id: str, questions: Sequence[Question], at: datetime) -> dict[str, UUID]:
    """Find these questions as they are kept, and keep those that were never asked before."""
    digests = [one.digest for one in questions]
    query = select(QuestionVersion.digest, QuestionVersion.id).where(
        QuestionVersion.digest.in_(digests)
    )
    found = dict(session.execute(query).all())
    # In one order for everybody: two who keep the same questions must not wait for each other.
    for one in sorted(questions, key=lambda each: each.digest):
        if one.digest not in found:
            found[one.digest] = _kept(module_id, one, at)
    return found


def _kept(module_id: str, question: Question, at: datetime) -> UUID:
    row = QuestionVersion(
        module_id=module_id,
        question_id=question.id,
        digest=question.digest,
        document=question.document,
        first_asked_at=at,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else drew it at the same moment
        query = select(QuestionVersion.id).where(QuestionVersion.digest == question.digest)
        return session.scalars(query).one()
    return row.id


def _of_the_faster(person: UUID, module_id: str) -> Attempt:
    found = queries.open_attempt(person, module_id)
    if found is None:
        raise EditConflict
    return found


# --- the end by time -------------------------------------------------------------------------


def end(attempt: Attempt, *, content: Content, by: Actor, at: datetime) -> None:
    """Close an attempt that has come to its end.

    With a time limit it counts as handed in, with the answers that were saved; else it counts for nothing.
    """
    attempt = locked(attempt)
    if not is_due(attempt.state, attempt.expires_at, at):
        return
    if is_timed(attempt.policy, attempt.started_at, attempt.expires_at):
        grade(attempt, content=content, by=by, at=at)
        return
    close(attempt, AttemptState.EXPIRED, at=at)
    record(Event.ATTEMPT_EXPIRED, attempt, by=by, at=at, module=attempt.module_id)


def end_due(*, content: Content, at: datetime) -> int:
    """Close every attempt that has come to its end, and say how many; safe to repeat."""
    due = queries.due_attempts(at)
    for attempt in due:
        end(attempt, content=content, by=SYSTEM, at=at)
    return len(due)
