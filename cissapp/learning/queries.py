"""Reads of lessons read, attempts and passes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from cissapp.accounts.models import User
from cissapp.accounts.queries import people_of_school
from cissapp.content.values import Module
from cissapp.core.db import session
from cissapp.learning.models import Attempt, AttemptQuestion, LessonProgress, ModulePass
from cissapp.learning.rules import AttemptState, ModuleProgress, Overview, Try, in_pool

# --- a person --------------------------------------------------------------------------------


def overview(user_id: UUID, modules: Iterable[Module]) -> Overview:
    """Gather how far a person is with these modules, in three queries."""
    opened, read = _lessons(user_id)
    by_module = _tries(user_id)
    passes = _passes(user_id)
    return Overview(
        tuple(
            ModuleProgress(
                module,
                opened[module.id],
                read[module.id],
                tuple(by_module[module.id]),
                passes.get(module.id),
            )
            for module in modules
        )
    )


def module_progress(user_id: UUID, module: Module) -> ModuleProgress:
    """Gather how far a person is with one module."""
    return overview(user_id, [module]).parts[0]


Moments = dict[str, dict[str, datetime]]


def _lessons(user_id: UUID) -> tuple[Moments, Moments]:
    opened: Moments = defaultdict(dict)
    read: Moments = defaultdict(dict)
    for row in session.scalars(select(LessonProgress).where(LessonProgress.user_id == user_id)):
        opened[row.module_id][row.lesson_id] = row.opened_at
        if row.read_at:
            read[row.module_id][row.lesson_id] = row.read_at
    return opened, read


def _tries(user_id: UUID) -> dict[str, list[Try]]:
    query = (
        select(
            Attempt.module_id,
            Attempt.id,
            Attempt.state,
            Attempt.started_at,
            Attempt.closed_at,
            Attempt.right_count,
            func.count(AttemptQuestion.position),
            func.count(AttemptQuestion.saved_at),
        )
        .join(Attempt.questions)
        .where(Attempt.user_id == user_id)
        .group_by(Attempt.id)
        .order_by(Attempt.started_at.desc())
    )
    found: dict[str, list[Try]] = defaultdict(list)
    for module_id, key, state, started, closed, right, total, answered in session.execute(query):
        found[module_id].append(Try(key, state, started, closed, right, total, answered))
    return found


def _passes(user_id: UUID) -> dict[str, datetime]:
    query = select(ModulePass.module_id, ModulePass.passed_at).where(ModulePass.user_id == user_id)
    return dict(session.execute(query).all())


def tries(user_id: UUID, module_id: str) -> list[Try]:
    """List the attempts at a module, the newest first."""
    return _tries(user_id)[module_id]


# --- attempts --------------------------------------------------------------------------------


def attempt(attempt_id: UUID) -> Attempt | None:
    """Find an attempt by id."""
    return session.get(Attempt, attempt_id)


def open_attempt(user_id: UUID, module_id: str) -> Attempt | None:
    """Find the attempt that is under way."""
    return session.scalar(
        select(Attempt).where(
            Attempt.user_id == user_id,
            Attempt.module_id == module_id,
            Attempt.state == AttemptState.OPEN,
        )
    )


def is_answerable(found: Attempt, module: Module) -> bool:
    """Say whether the programme still has all questions of an attempt."""
    return in_pool(module, ((one.question_id, one.options) for one in found.questions))


# --- a school --------------------------------------------------------------------------------


class Gap(NamedTuple):
    """Duties of which one person must pass everything, who is nearest, and what that person lacks."""

    duties: tuple[str, ...]
    person: User | None
    left: list[Module]


@dataclass(frozen=True)
class SchoolTraining:
    """Who of a school passed what, and what the gate of training still asks for."""

    people: list[tuple[User, list[Module]]]
    gaps: list[Gap]


def passed_modules(user_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Say which modules each of these people has passed."""
    found: dict[UUID, set[str]] = {user_id: set() for user_id in user_ids}
    query = select(ModulePass.user_id, ModulePass.module_id).where(ModulePass.user_id.in_(user_ids))
    for user_id, module_id in session.execute(query):
        found[user_id].add(module_id)
    return found


def school_training(
    school_id: UUID, modules: Sequence[Module], gate_duties: Iterable[Sequence[str]]
) -> SchoolTraining:
    """Gather the training of a school in two queries; each person comes with what is left."""
    people = people_of_school(school_id)
    passes = passed_modules([person.id for person in people])
    left = [
        (person, [module for module in modules if module.id not in passes[person.id]])
        for person in people
    ]
    nearest = [_nearest(tuple(duties), left, modules) for duties in gate_duties]
    return SchoolTraining(left, [gap for gap in nearest if gap.left])


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
    """List what the gate of training still asks for; nothing, once it is met."""
    return school_training(school_id, modules, gate_duties).gaps
