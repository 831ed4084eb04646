"""Writes of lessons read, attempts and passes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random, SystemRandom
from uuid import UUID

from blinker import Signal
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from cissapp.audit.rules import Event
from cissapp.audit.services import record
from cissapp.content.values import Content, Lesson, Module
from cissapp.core.actor import Actor
from cissapp.core.db import session
from cissapp.core.errors import N_, Forbidden, Missing, Overtaken, Problem, Refused
from cissapp.learning import queries
from cissapp.learning.models import Attempt, AttemptQuestion, LessonProgress, ModulePass
from cissapp.learning.rules import (
    AttemptState,
    choice_problem,
    draw,
    hand_in_problems,
    is_right,
    may_start,
    passed,
)
from cissapp.schools import services as schools
from cissapp.schools.models import School
from cissapp.schools.rules import Progress

# Sent inside the transaction, with the person who passed a module for the first time.
module_passed = Signal()

BEFORE_TRAINED = frozenset({Progress.REGISTERED, Progress.IN_TRAINING})


def _id(by: Actor) -> UUID:
    if by.id is None:
        raise Forbidden
    return by.id


# --- lessons ---------------------------------------------------------------------------------


def note_opened(lesson: Lesson, *, by: Actor, at: datetime) -> LessonProgress:
    """Remember that the person came to this lesson, so that it can be found again."""
    key = (_id(by), lesson.module_id, lesson.id)
    found = session.get(LessonProgress, key)
    if found:
        return found
    row = LessonProgress(user_id=key[0], module_id=key[1], lesson_id=key[2], opened_at=at)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return session.get_one(LessonProgress, key)
    return row


def mark_read(lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """Note that the person has read the lesson; a second time changes nothing."""
    row = note_opened(lesson, by=by, at=at)
    if row.read_at is None:
        row.read_at = at
        subject = ("lesson", f"{lesson.module_id}/{lesson.id}")
        record(Event.LESSON_READ, subject, by=by, at=at, school_id=by.school_id)
    _begin_training(by)
    session.flush()


# --- attempts --------------------------------------------------------------------------------


def start_attempt(
    module: Module, *, by: Actor, at: datetime, random: Random | None = None
) -> Attempt:
    """Give the attempt that is under way, or draw a new one; however often it is asked, there is one.

    An attempt whose questions are no longer in the pool is voided, and does not count.
    """
    person = _id(by)
    found = queries.open_attempt(person, module.id)
    if found and queries.is_answerable(found, module):
        return found
    if found:
        _close(found, AttemptState.VOIDED, right=0, at=at)
    settings = module.file.quiz
    wait = timedelta(hours=settings.retake_after_hours)
    problem = may_start(queries.tries(person, module.id), at, wait)
    if problem:
        raise Refused(problem)
    attempt = _drawn(module, person, random or SystemRandom(), at)
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        return _of_the_faster(person, module.id)
    record(
        Event.ATTEMPT_STARTED,
        attempt,
        by=by,
        at=at,
        school_id=by.school_id,
        module=module.id,
        module_version=module.file.version,
    )
    _begin_training(by)
    session.flush()
    return attempt


def _drawn(module: Module, person: UUID, random: Random, at: datetime) -> Attempt:
    settings = module.file.quiz
    return Attempt(
        user_id=person,
        module_id=module.id,
        module_version=module.file.version,
        pass_percent=settings.pass_percent,
        state=AttemptState.OPEN,
        started_at=at,
        questions=[
            AttemptQuestion(
                position=position,
                question_id=one.question_id,
                options=list(one.options),
                key=list(one.key),
            )
            for position, one in enumerate(draw(module.questions, settings, random), start=1)
        ],
    )


def _of_the_faster(person: UUID, module_id: str) -> Attempt:
    found = queries.open_attempt(person, module_id)
    if found is None:
        raise Overtaken
    return found


def _locked(attempt: Attempt) -> Attempt:
    """Read an attempt as it is now, and let nobody else change it until we are done."""
    return session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def save_answer(
    attempt: Attempt,
    position: int,
    chosen: Sequence[str],
    *,
    module: Module,
    sequence: int,
    by: Actor,
    at: datetime,
) -> datetime:
    """Save an answer by its option ids, and say when it was saved.

    The last answer to arrive counts, from whichever tab or device; `sequence` is the number that the
    page knew, and the kept number only goes up. The same answer once more changes nothing, and the
    moment of the first stands.
    """
    row = _question(_locked(attempt), position)
    kind = module.by_question_id[row.question_id].key.kind
    problem = choice_problem(kind, row.options, chosen)
    if problem:
        raise Refused(problem)
    if row.saved_at and is_right(row.chosen or (), chosen):
        return row.saved_at
    late = sequence < row.sequence
    row.chosen = [option for option in row.options if option in chosen]
    row.sequence = max(row.sequence + 1, sequence)
    row.saved_at = at
    record(
        Event.ANSWER_SAVED,
        attempt,
        by=by,
        at=at,
        school_id=by.school_id,
        position=position,
        sequence=row.sequence,
        over_newer=late,
    )
    session.flush()
    return at


def _question(attempt: Attempt, position: int) -> AttemptQuestion:
    if attempt.state is not AttemptState.OPEN:
        raise Refused(
            Problem(
                "closed",
                N_("These answers were handed in already. This answer was not added to them."),
                link=("learning.result", {"attempt_id": attempt.id}),
            )
        )
    found = next((row for row in attempt.questions if row.position == position), None)
    if found is None:
        raise Missing
    return found


def hand_in(attempt: Attempt, *, content: Content, by: Actor, at: datetime) -> Attempt:
    """Close an attempt, once, and grade it by the key it was drawn with.

    Every question must be answered. A second time gives the attempt as it was closed.
    """
    attempt = _locked(attempt)
    if attempt.state is not AttemptState.OPEN:
        return attempt
    unanswered = [row.position for row in attempt.questions if row.saved_at is None]
    if unanswered:
        raise Refused(*hand_in_problems(attempt.module_id, unanswered))
    right = sum(is_right(row.key, row.chosen) for row in attempt.questions)
    enough = passed(right, len(attempt.questions), attempt.pass_percent)
    _close(attempt, AttemptState.PASSED if enough else AttemptState.FAILED, right=right, at=at)
    record(
        Event.ATTEMPT_HANDED_IN,
        attempt,
        by=by,
        at=at,
        school_id=by.school_id,
        right=right,
        total=len(attempt.questions),
        passed=enough,
    )
    if enough:
        _note_pass(attempt, content, by=by, at=at)
    session.flush()
    return attempt


def _close(attempt: Attempt, state: AttemptState, *, right: int, at: datetime) -> None:
    closed = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == AttemptState.OPEN)
        .values(state=state, closed_at=at, right_count=right)
    )
    if not isinstance(closed, CursorResult) or closed.rowcount != 1:
        raise Overtaken


def _note_pass(attempt: Attempt, content: Content, *, by: Actor, at: datetime) -> None:
    key = (attempt.user_id, attempt.module_id)
    if session.get(ModulePass, key) is None:
        session.add(
            ModulePass(user_id=key[0], module_id=key[1], attempt_id=attempt.id, passed_at=at)
        )
        subject = ("module", attempt.module_id)
        facts = {"attempt": str(attempt.id)}
        record(Event.MODULE_PASSED, subject, by=by, at=at, school_id=by.school_id, **facts)
        session.flush()
        module_passed.send(by, at=at)
    _end_training(by, content)


# --- the school ------------------------------------------------------------------------------


def _school_at(by: Actor, places: frozenset[Progress]) -> School | None:
    """Give the person's school, locked, if it stands at one of these places.

    Two people who finish at the same moment must not both overlook the other.
    """
    school = session.get(School, by.school_id) if by.school_id else None
    if school is None or school.progress not in places:
        return None
    session.refresh(school, with_for_update=True)
    return school if school.progress in places else None


def _begin_training(by: Actor) -> None:
    school = _school_at(by, frozenset({Progress.REGISTERED}))
    if school:
        schools.place(school, progress=Progress.IN_TRAINING)


def _end_training(by: Actor, content: Content) -> None:
    school = _school_at(by, BEFORE_TRAINED)
    duties = content.standard.decision.gate_duties
    if school and not queries.training_left(school.id, content.modules, duties):
        schools.place(school, progress=Progress.TRAINED)
