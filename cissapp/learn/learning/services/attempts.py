"""Writes that start attempts, and that end those that have expired."""

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
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, EditConflict, Problem, Refused
from cissapp.learn.learning import queries
from cissapp.learn.learning.models import Attempt, AttemptQuestion, QuestionVersion
from cissapp.learn.learning.rules import (
    AttemptPurpose,
    AttemptState,
    ExtraTime,
    ModuleProgress,
    is_due,
    start_problem,
)
from cissapp.learn.learning.rules.attempts import expires_at, is_timed
from cissapp.learn.learning.rules.question_draw import (
    DrawnQuestion,
    draw_counterpart,
    draw_questions,
    draw_short_test,
)
from cissapp.learn.learning.services.grading import close_attempt, grade_attempt, lock_attempt
from cissapp.learn.learning.services.training import begin_training, person_id_of


def start_attempt(
    module: Module,
    *,
    content: Content,
    by: Actor,
    at: datetime,
    purpose: AttemptPurpose = AttemptPurpose.QUIZ,
    language: str = "en",
    random: Random | None = None,
) -> Attempt:
    """Return the open attempt, or draw a new one; repeated calls never create a second.

    An open short test makes room for the quiz, and an attempt that has expired is ended. Raise `Refused` if
    nothing may begin now.
    """
    person = person_id_of(by)
    found = queries.open_attempt(person, module.id)
    if found:
        resumed = _resumed(found, purpose, content=content, by=by, at=at)
        if resumed:
            return resumed
    progress = queries.module_progress(person, module, at)
    problem = _problem(progress, purpose, at)
    if problem:
        raise Refused(problem)
    attempt = _new_attempt(
        module, by, at, random or SystemRandom(), purpose=purpose, language=language
    )
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        return _attempt_made_meanwhile(person, module.id)
    facts = {"module": module.id, "module_version": module.file.version, "purpose": purpose}
    record(Event.ATTEMPT_STARTED, attempt, by=by, at=at, school_id=by.school_id, **facts)
    begin_training(by, at=at)
    session.flush()
    return attempt


def _resumed(
    found: Attempt, purpose: AttemptPurpose, *, content: Content, by: Actor, at: datetime
) -> Attempt | None:
    """Return the open attempt if it can go on for this purpose; else end it, to make room."""
    if is_due(found.state, found.expires_at, at):
        end_attempt(found, content=content, by=by, at=at)
        return None
    whole = len(queries.asked_questions(found)) == len(found.questions)
    if found.purpose is purpose and whole:
        return found
    if found.purpose is AttemptPurpose.QUIZ and whole:
        raise Refused(
            Problem("quiz", N_("You have an open quiz for this module. Finish it first."))
        )
    close_attempt(found, AttemptState.VOIDED, at=at)
    return None


def _problem(progress: ModuleProgress, purpose: AttemptPurpose, at: datetime) -> Problem | None:
    if purpose is AttemptPurpose.QUIZ:
        return start_problem(progress.attempts, at, retest=progress.retest)
    if progress.may_test(purpose):
        return None
    return Problem(
        "test", N_("This short test is not available to you, or you have already taken it.")
    )


def _new_attempt(
    module: Module,
    by: Actor,
    at: datetime,
    random: Random,
    *,
    purpose: AttemptPurpose,
    language: str,
) -> Attempt:
    person = person_id_of(by)
    without = set(queries.voided_questions(module.id))
    settings, pool = module.file.quiz, module.questions_for(by.country_code)
    if purpose is AttemptPurpose.AFTER:
        before = queries.newest_test(person, module.id, AttemptPurpose.BEFORE)
        ids = [row.question_id for row in before.questions] if before else []
        # A question asked before may by now be reserved for other countries; its topic is still known.
        asked = [module.by_question_id[one] for one in ids if one in module.by_question_id]
        drawn = draw_counterpart(pool, asked, random, without=without)
    elif purpose is AttemptPurpose.BEFORE:
        drawn = draw_short_test(pool, settings.check, random, without=without)
    else:
        drawn = draw_questions(pool, settings.blueprint, random, without=without)
    preferences = queries.learner(person)
    extra = preferences.extra_time if preferences else ExtraTime.NONE
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


def _rows(module_id: str, drawn: Sequence[DrawnQuestion], at: datetime) -> list[AttemptQuestion]:
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
    """Find the stored versions of these questions, and store those that were never asked before."""
    digests = [one.digest for one in questions]
    query = select(QuestionVersion.digest, QuestionVersion.id).where(
        QuestionVersion.digest.in_(digests)
    )
    found = dict(session.execute(query).all())
    # A fixed order, so that two transactions with the same questions do not block each other.
    for one in sorted(questions, key=lambda each: each.digest):
        if one.digest not in found:
            found[one.digest] = _store_version(module_id, one, at)
    return found


def _store_version(module_id: str, question: Question, at: datetime) -> UUID:
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
    except IntegrityError:  # another request drew it at the same moment
        query = select(QuestionVersion.id).where(QuestionVersion.digest == question.digest)
        return session.scalars(query).one()
    return row.id


def _attempt_made_meanwhile(person: UUID, module_id: str) -> Attempt:
    found = queries.open_attempt(person, module_id)
    if found is None:
        raise EditConflict
    return found


# --- the end by time -------------------------------------------------------------------------


def end_attempt(attempt: Attempt, *, content: Content, by: Actor, at: datetime) -> None:
    """Close an attempt that has expired.

    With a time limit it counts as handed in, with the saved answers; without one it does not count.
    """
    attempt = lock_attempt(attempt)
    if not is_due(attempt.state, attempt.expires_at, at):
        return
    if is_timed(attempt.policy, attempt.started_at, attempt.expires_at):
        grade_attempt(attempt, content=content, by=by, at=at)
        return
    close_attempt(attempt, AttemptState.EXPIRED, at=at)
    record(Event.ATTEMPT_EXPIRED, attempt, by=by, at=at, module=attempt.module_id)


def end_due_attempts(*, content: Content, at: datetime) -> int:
    """Close every expired attempt, committing each batch separately, and return how many; safe to repeat."""

    def end(ids: Sequence[UUID]) -> int:
        found = queries.open_attempts(ids)
        for attempt in found:
            end_attempt(attempt, content=content, by=SYSTEM, at=at)
        return len(found)

    return each_kept(batches_of(queries.due_attempts(at)), end)
