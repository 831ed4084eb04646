"""Reads how far a school's people have got, and what the training gate still requires."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from cissapp.foundation.content.values import Module
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import PagePlace
from cissapp.learn.learning.models import ModulePass
from cissapp.learn.learning.queries.progress import overviews
from cissapp.learn.learning.rules import LearningOverview
from cissapp.learn.learning.rules.reminders import last_activity
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import MemberFacts, members_of_school

# The people of a school on a page.
PEOPLE_AT_ONCE = 25


class TrainingGap(NamedTuple):
    """Duties of which one person must pass everything, who is nearest, and what that person lacks."""

    duties: tuple[str, ...]
    person: MemberFacts | None
    left: list[Module]


class MemberTraining(NamedTuple):
    """A person of a school: what is left to pass, how many minutes that takes, and the last activity."""

    person: MemberFacts
    left: list[Module]
    minutes: int
    last_at: datetime | None


class SchoolTraining(Struct, frozen=True):
    """What people of a school have left, their progress, and what the training gate still requires.

    Of a large school `people` is a page; `earlier` and `later` are the people from whom others continue.
    """

    people: list[MemberTraining]
    gaps: list[TrainingGap]
    overviews: Mapping[UUID, LearningOverview]
    earlier: str = ""
    later: str = ""


# Runs for the first page of a school and many others, so it is built once.
_PASSES = select(ModulePass.user_id, ModulePass.module_id).where(
    ModulePass.user_id.in_(bindparam("user_ids", expanding=True))
)


def passed_modules(user_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """List the modules that each of these people has passed."""
    found: dict[UUID, set[str]] = {user_id: set() for user_id in user_ids}
    for user_id, module_id in session.execute(_PASSES, {"user_ids": list(user_ids)}):
        found[user_id].add(module_id)
    return found


def school_training(
    school_id: UUID,
    modules: Sequence[Module],
    gate_duties: Sequence[Sequence[str]],
    at: datetime,
    *,
    reader_id: UUID | None = None,
    place: PagePlace | None = None,
) -> SchoolTraining:
    """Gather the training of a school in four queries, of a large one in six; each person comes with what is left.

    Of a large school, people are read a page at a time, and the reader's own progress with them.
    """
    people = members_of_school(school_id)
    if len(people) <= PEOPLE_AT_ONCE:
        known = overviews([person.id for person in people], modules, at)
        members = [_member(person, known[person.id]) for person in people]
        far = [(one.person, one.left) for one in members]
        gaps = _gaps(far, modules, gate_duties, reader_id=reader_id)
        return SchoolTraining(members, gaps, known)
    begin = _begin(people, place)
    shown = people[begin : begin + PEOPLE_AT_ONCE]
    ids = {one.id for one in shown} | ({reader_id} if reader_id else set())
    known = overviews(ids, modules, at)
    return SchoolTraining(
        [_member(person, known[person.id]) for person in shown],
        _gaps_of_many(people, modules, gate_duties, reader_id=reader_id),
        known,
        earlier=str(shown[0].id) if begin else "",
        later=str(shown[-1].id) if begin + PEOPLE_AT_ONCE < len(people) else "",
    )


def _begin(people: Sequence[MemberFacts], place: PagePlace | None) -> int:
    """Return where a page begins; at the first person if the named one has left, or nobody follows."""
    ids = [str(one.id) for one in people]
    if place is None or place.row not in ids:
        return 0
    found = ids.index(place.row)
    begin = max(found - PEOPLE_AT_ONCE, 0) if place.back else found + 1
    return begin if begin < len(people) else 0


def _gaps_of_many(
    people: Sequence[MemberFacts],
    modules: Sequence[Module],
    gate_duties: Sequence[Sequence[str]],
    *,
    reader_id: UUID | None = None,
) -> list[TrainingGap]:
    """List what the gate asks for of a large school; only those who have passed most are looked at closely."""
    query = select(ModulePass.user_id, func.count()).where(
        ModulePass.user_id.in_([one.id for one in people]),
        ModulePass.module_id.in_([one.id for one in modules]),
    )
    passed = {row[0]: row[1] for row in session.execute(query.group_by(ModulePass.user_id))}
    nearest = {
        max(bound, key=lambda one: (passed.get(one.id, 0), one.id == reader_id))
        for duties in gate_duties
        if (bound := [one for one in people if one.duty in duties])
    }
    far = _with_left([one for one in people if one in nearest], modules)
    return _gaps(far, modules, gate_duties, reader_id=reader_id)


def _member(person: MemberFacts, overview: LearningOverview) -> MemberTraining:
    left = [part for part in overview.parts if part.passed_at is None]
    minutes = sum(part.minutes_left for part in left)
    return MemberTraining(person, [part.module for part in left], minutes, last_activity(overview))


def _gaps(
    people: list[tuple[MemberFacts, list[Module]]],
    modules: Sequence[Module],
    gate_duties: Iterable[Sequence[str]],
    *,
    reader_id: UUID | None = None,
) -> list[TrainingGap]:
    # Of several who are equally far a reader is told of themself: a deputy would else take it for the head's task.
    ordered = sorted(people, key=lambda one: one[0].id != reader_id)
    nearest = [_nearest(tuple(duties), ordered, modules) for duties in gate_duties]
    return [gap for gap in nearest if gap.left]


def _nearest(
    duties: tuple[str, ...],
    people: list[tuple[MemberFacts, list[Module]]],
    modules: Sequence[Module],
) -> TrainingGap:
    bound = [(person, left) for person, left in people if person.duty in duties]
    if not bound:
        return TrainingGap(duties, None, list(modules))
    return TrainingGap(duties, *min(bound, key=lambda one: len(one[1])))


def training_left(
    school_id: UUID,
    modules: Sequence[Module],
    gate_duties: Sequence[Sequence[str]],
    *,
    reader_id: UUID | None = None,
) -> list[TrainingGap]:
    """List what the gate of training still asks for, in two queries, of a large school in three; nothing, once met."""
    people = members_of_school(school_id)
    if len(people) > PEOPLE_AT_ONCE:
        return _gaps_of_many(people, modules, gate_duties, reader_id=reader_id)
    return _gaps(_with_left(people, modules), modules, gate_duties, reader_id=reader_id)


def gaps_of_schools(
    school_ids: Collection[UUID], modules: Sequence[Module], gate_duties: Sequence[Sequence[str]]
) -> dict[UUID, list[TrainingGap]]:
    """List what the gate of training still asks of each of the schools, in two queries for all."""
    query = select(User.school_id, User.id, User.name, User.duty)
    rows = session.execute(
        query.where(User.school_id.in_(school_ids), User.deactivated_at.is_(None))
    )
    school_of = {
        MemberFacts(person_id, name, duty): school_id for school_id, person_id, name, duty in rows
    }
    by_school: dict[UUID | None, list[tuple[MemberFacts, list[Module]]]] = defaultdict(list)
    for person, left in _with_left(list(school_of), modules):
        by_school[school_of[person]].append((person, left))
    return {one: _gaps(by_school[one], modules, gate_duties) for one in school_ids}


def schools_in_need(
    school_ids: Collection[UUID], modules: Sequence[Module], gate_duties: Sequence[Sequence[str]]
) -> set[UUID]:
    """Find those of the schools where training is still missing, in two queries for all."""
    found = gaps_of_schools(school_ids, modules, gate_duties)
    return {one for one, gaps in found.items() if gaps}


def _with_left(
    people: list[MemberFacts], modules: Sequence[Module]
) -> list[tuple[MemberFacts, list[Module]]]:
    passes = passed_modules([person.id for person in people])
    return [
        (person, [module for module in modules if module.id not in passes[person.id]])
        for person in people
    ]
