"""Reads how far people are with the modules: three statements, however many people there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import Select, Uuid, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cissapp.foundation.content.schema import Policy
from cissapp.foundation.content.values import Module
from cissapp.foundation.core.bulk.rows import Statement, read_rows
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import (
    Attempt,
    AttemptQuestion,
    LessonProgress,
    ModulePass,
)
from cissapp.learn.learning.rules import (
    AttemptFacts,
    AttemptPurpose,
    LearningOverview,
    ModuleProgress,
)


def overview(user_id: UUID, modules: Iterable[Module], at: datetime) -> LearningOverview:
    """Gather how far a person is with these modules, in three queries."""
    return overviews([user_id], modules, at)[user_id]


def module_progress(user_id: UUID, module: Module, at: datetime) -> ModuleProgress:
    """Gather how far a person is with one module."""
    return overview(user_id, [module], at).parts[0]


def lessons_read(user_id: UUID, module_id: str) -> dict[str, datetime]:
    """Map the lessons of a module that a person has read to the time of reading."""
    return dict(read_rows(_READ, {"user_id": user_id, "module_id": module_id}))


def quiz_attempts(user_id: UUID, module_id: str) -> list[AttemptFacts]:
    """List the attempts at the quiz of a module, the newest first."""
    own = attempts_of_people([user_id])[user_id][module_id]
    return [one for one in own if one.purpose is AttemptPurpose.QUIZ]


def overviews(
    user_ids: Collection[UUID], modules: Iterable[Module], at: datetime
) -> dict[UUID, LearningOverview]:
    """Gather how far these people are, in three queries for all."""
    read, quiz_attempts, passes = (
        _lessons(user_ids),
        attempts_of_people(user_ids),
        _passes(user_ids),
    )
    wanted = list(modules)
    return {
        user_id: LearningOverview(
            tuple(
                _progress(module, read[user_id], quiz_attempts[user_id], passes[user_id], at)
                for module in wanted
            )
        )
        for user_id in user_ids
    }


class _Read(Struct, frozen=True):
    opened: dict[str, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    read: dict[str, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    versions: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


class _Pass(NamedTuple):
    at: datetime
    version: int


def _progress(
    module: Module,
    read: _Read,
    quiz_attempts: dict[str, list[AttemptFacts]],
    passes: dict[str, _Pass],
    now: datetime,
) -> ModuleProgress:
    passed = passes.get(module.id)
    return ModuleProgress(
        module,
        read.opened[module.id],
        read.read[module.id],
        tuple(one for one in quiz_attempts[module.id] if one.purpose is AttemptPurpose.QUIZ),
        passed.at if passed else None,
        read.versions[module.id],
        passed.version if passed else 1,
        tuple(one for one in quiz_attempts[module.id] if one.purpose is not AttemptPurpose.QUIZ),
        now,
    )


def _lessons(user_ids: Collection[UUID]) -> dict[UUID, _Read]:
    found: dict[UUID, _Read] = defaultdict(_Read)
    for user_id, module_id, lesson_id, opened_at, read_at, version in _LESSONS.rows(user_ids):
        own = found[user_id]
        own.opened[module_id][lesson_id] = opened_at
        if read_at:
            own.read[module_id][lesson_id] = read_at
            own.versions[module_id][lesson_id] = version
    return found


def attempts_of_people(user_ids: Collection[UUID]) -> dict[UUID, dict[str, list[AttemptFacts]]]:
    """List the attempts of these people by module, the newest first, in one query."""
    found: dict[UUID, dict[str, list[AttemptFacts]]] = defaultdict(lambda: defaultdict(list))
    for user_id, module_id, *facts in _TRIES.rows(user_ids):
        facts[POLICY] = Policy.model_validate(facts[POLICY])
        found[user_id][module_id].append(AttemptFacts(*facts))
    return found


def _passes(user_ids: Collection[UUID]) -> dict[UUID, dict[str, _Pass]]:
    found: dict[UUID, dict[str, _Pass]] = defaultdict(dict)
    for user_id, module_id, at, version in _PASSES.rows(user_ids):
        found[user_id][module_id] = _Pass(at, version)
    return found


# Statements that nearly every page of a learner asks, so they are built once.
_READ = select(LessonProgress.lesson_id, LessonProgress.read_at).where(
    LessonProgress.user_id == bindparam("user_id", type_=Uuid()),
    LessonProgress.module_id == bindparam("module_id"),
    LessonProgress.read_at.is_not(None),
)
_ANSWERS = AttemptQuestion.attempt_id == Attempt.id
_LESSON_COLUMNS = select(
    LessonProgress.user_id,
    LessonProgress.module_id,
    LessonProgress.lesson_id,
    LessonProgress.opened_at,
    LessonProgress.read_at,
    LessonProgress.read_version,
)
_TRY_COLUMNS = select(
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
).order_by(Attempt.started_at.desc())
# More people than a school has: beyond this a statement is built each time.
MOST_WRITTEN = 40
# The index of the policy among the fields of `AttemptFacts`, which the query selects in order.
POLICY = 8
_PASS_COLUMNS = select(
    ModulePass.user_id, ModulePass.module_id, ModulePass.passed_at, ModulePass.module_version
)


class _OfPeople:
    """A statement about people: built once per number of people, as its list of values has a fixed length."""

    def __init__(self, columns: Statement, person: InstrumentedAttribute[UUID]) -> None:
        self._columns, self._person = columns, person
        self._known: dict[int, Select[Any]] = {}

    def rows(self, user_ids: Collection[UUID]) -> Sequence[Any]:
        """Return the rows about these people; none if there are no people."""
        if not user_ids:
            return []
        people = {f"person_{place}": user_id for place, user_id in enumerate(user_ids)}
        if len(people) > MOST_WRITTEN:
            wanted = self._columns.where(self._person.in_(user_ids))
            return session.execute(wanted).all()
        known = self._known.get(len(people))
        if known is None:
            known = self._known[len(people)] = self._columns.where(
                self._person.in_([bindparam(name, type_=self._person.type) for name in people])
            )
        return read_rows(known, people)


_LESSONS = _OfPeople(_LESSON_COLUMNS, LessonProgress.user_id)
_TRIES = _OfPeople(_TRY_COLUMNS, Attempt.user_id)
_PASSES = _OfPeople(_PASS_COLUMNS, ModulePass.user_id)
