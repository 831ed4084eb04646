"""The list of schools by what they wait for: one page of it, all of it, and its counts."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, case, func, select

from cissapp.foundation.access.scopes import in_region
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import (
    KeyPage,
    PagePlace,
    PageStart,
    is_longer,
    key_page,
    merged_page,
    start_at,
    stream_rows,
)
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning import queries as learning
from cissapp.people.schools.queries import holds, is_register_longer
from cissapp.people.schools.rules import search_words
from cissapp.review.followup.queries.steps import counted_steps, moved_steps, steps_of_schools
from cissapp.review.followup.rules import (
    STEP_NUMBERS,
    FollowupFilter,
    FollowupOrder,
    FollowupStep,
    days_between,
)

PAGE_ROWS = 50
AT_ONCE = 500
# Events that follow from an act of the same person at the same time; the list names the act itself.
CONSEQUENCES = (
    Event.DEADLINE_OPENED,
    Event.DEADLINE_MET,
    Event.DEADLINE_REASSIGNED,
    Event.SIGNED_OUT,
)


class FollowedSchool(Struct, frozen=True):
    """A school as the list shows it: its step, since when, until when, and how far its training is.

    `passed` of `to_pass` modules are passed, each module counting once for every duty that the training
    gate requires; `last_event` is the last thing that somebody of the school did.
    """

    id: UUID
    name: str
    code: str
    locality: str
    region_code: str
    language: str
    application_id: UUID | None
    step: FollowupStep
    last_act_at: datetime | None
    last_event: Event | None
    waiting_days: int
    due_on: date | None
    is_stuck: bool
    passed: int
    to_pass: int


class Moved(Struct, frozen=True):
    """The schools that came to a step by date, and those that left it, since the steps were stored."""

    came: Sequence[UUID] = ()
    left: Sequence[UUID] = ()


class StepCount(Struct, frozen=True):
    """How many schools are at a step, and how many of them are stuck."""

    step: FollowupStep
    schools: int
    stuck: int


def count_steps(person: Actor, today: date) -> list[StepCount]:
    """Count the schools of a person's group by step, in two statements: as stored, and what moved since."""
    facts = counted_steps(person, today).subquery()
    stuck = func.sum(case((facts.c.is_stuck, 1), else_=0))
    number = facts.c.step_number
    rows = session.execute(select(number, func.count(), stuck).group_by(number))
    found = {step: (schools, late or 0) for step, schools, late in rows}
    for _id, step, before, is_stuck in session.execute(moved_steps(person, today)):
        for place, by in ((before, -1), (STEP_NUMBERS[FollowupStep(step)], 1)):
            schools, late = found.get(place, (0, 0))
            found[place] = (schools + by, late + by * bool(is_stuck))
    return [StepCount(step, *found.get(STEP_NUMBERS[step], (0, 0))) for step in FollowupStep]


def followed_page(
    person: Actor,
    wanted: FollowupFilter,
    content: Content,
    *,
    today: date,
    place: PagePlace | None = None,
) -> KeyPage[FollowedSchool]:
    """List one page of the schools that fit a filter, in a constant number of statements."""
    query, moved = steps_of_schools(person, today), _moved(person, wanted, today)
    start = start_at(_keys(query, wanted), place, query)
    if wanted.order is FollowupOrder.DUE:
        # The person's own deadlines are few: sorting by the one or the other date would sort all schools.
        apart = (steps_of_schools(person, today, with_own=own) for own in (False, True))
        found = merged_page(
            [_page(one, wanted, start, moved) for one in apart],
            size=PAGE_ROWS,
            key=lambda one: (one.due_sort_on, one.name_key, one.id.hex),
            name=_name,
            start=start,
        )
    else:
        found = _page(query, wanted, start, moved)
    return KeyPage(_shown(found.rows, content, today), found.earlier, found.later, found.total)


def _page(
    query: Select[Any], wanted: FollowupFilter, start: PageStart | None, moved: Moved
) -> KeyPage[Any]:
    return key_page(
        _narrowed(query, wanted, moved),
        _keys(query, wanted),
        search=_named(query, wanted),
        among=_at_step(query, wanted, moved),
        size=PAGE_ROWS,
        fetch=_fetch,
        name=_name,
        start=start,
    )


def _name(row: Any) -> object:
    return row.id


def followed_schools(
    person: Actor, wanted: FollowupFilter, content: Content, *, today: date
) -> Iterator[list[FollowedSchool]]:
    """Yield all schools that fit a filter in batches, in the order of the list; for files."""
    query = _ordered(_wanted(person, wanted, today), wanted)
    return (_shown(rows, content, today) for rows in stream_rows(query, size=AT_ONCE))


def are_more_followed(person: Actor, wanted: FollowupFilter, most: int, *, today: date) -> bool:
    """Return whether more schools fit a filter than a number."""
    query = _wanted(person, wanted, today)
    return is_register_longer(most) and is_longer(query, most)


def followed_ids(person: Actor, wanted: FollowupFilter, *, today: date) -> list[UUID]:
    """List the ids of the schools that fit a filter, in the order of the list."""
    query = _wanted(person, wanted, today)
    return [one.id for one in _fetch(_ordered(query, wanted))]


def _fetch(query: Select[Any]) -> list[Any]:
    return list(session.execute(query).all())


def _wanted(person: Actor, wanted: FollowupFilter, today: date) -> Select[Any]:
    query = steps_of_schools(person, today)
    return _narrowed(query, wanted, _moved(person, wanted, today)).where(*_named(query, wanted))


def _moved(person: Actor, wanted: FollowupFilter, today: date) -> Moved:
    """List the schools that came to the step of a filter, or left it, since the steps were stored."""
    if not wanted.step:
        return Moved()
    rows = session.execute(moved_steps(person, today)).all()
    number = STEP_NUMBERS[wanted.step]
    return Moved(
        [one.id for one in rows if one.step == wanted.step.value],
        [one.id for one in rows if one.step_number == number],
    )


def _narrowed(query: Select[Any], wanted: FollowupFilter, moved: Moved) -> Select[Any]:
    found = _at_step(query, wanted, moved)
    return found.where(query.selected_columns.is_stuck) if wanted.stuck else found


def _at_step(query: Select[Any], wanted: FollowupFilter, moved: Moved) -> Select[Any]:
    facts = query.selected_columns
    if wanted.region_code:
        # The country leads the index of the regions.
        query = query.where(
            facts.country_code == wanted.region_code[:2],
            in_region(facts.region_code, wanted.region_code),
        )
    if wanted.step:
        stored = facts.step_number == STEP_NUMBERS[wanted.step]
        if moved.left:
            stored &= facts.id.not_in(moved.left)
        # By their ids, and only if there are any: the step alone is a range of an index.
        query = query.where(stored | facts.id.in_(moved.came) if moved.came else stored)
    return query


def _named(query: Select[Any], wanted: FollowupFilter) -> list[ColumnElement[bool]]:
    return [holds(word, query.selected_columns) for word in search_words(wanted.search)]


def _ordered(query: Select[Any], wanted: FollowupFilter) -> Select[Any]:
    return query.order_by(*_keys(query, wanted))


def _keys(query: Select[Any], wanted: FollowupFilter) -> list[ColumnElement[Any]]:
    """Return the sort keys of the list; name and id come last, so that the order is always total."""
    facts = query.selected_columns
    first: dict[FollowupOrder, tuple[ColumnElement[Any], ...]] = {
        # A school that is never stuck is silent with good reason, so it comes last.
        FollowupOrder.SILENCE: (facts.never_stuck, facts.since_at),
        FollowupOrder.DUE: (facts.due_sort_on,),
        FollowupOrder.STEP: (facts.step_number, facts.since_at),
        FollowupOrder.NAME: (),
    }
    if wanted.step and wanted.order in {FollowupOrder.SILENCE, FollowupOrder.STEP}:
        # The rest is the same for all schools of a step, and without it an index has them in this order.
        return [facts.since_at, facts.name_key, facts.id]
    return [*first[wanted.order], facts.name_key, facts.id]


def _shown(rows: Sequence[Any], content: Content, today: date) -> list[FollowedSchool]:
    ids = [one.id for one in rows]
    events, left = _last_events(ids), _modules_left(ids, content)
    to_pass = len(content.modules) * len(content.standard.decision.gate_duties)
    return [
        FollowedSchool(
            id=one.id,
            name=one.name,
            code=one.code,
            locality=one.locality,
            region_code=one.region_code,
            language=one.language,
            application_id=one.application_id,
            step=FollowupStep(one.step),
            last_act_at=one.last_act_at,
            last_event=events.get(one.id),
            waiting_days=days_between(one.since_at, today),
            due_on=one.due_on,
            is_stuck=bool(one.is_stuck),
            passed=to_pass - left[one.id],
            to_pass=to_pass,
        )
        for one in rows
    ]


def _last_events(school_ids: Collection[UUID]) -> dict[UUID, Event]:
    """Find the last event of each school that its people caused."""
    last = (
        select(func.max(AuditEntry.id))
        .where(
            AuditEntry.school_id.in_(school_ids),
            AuditEntry.actor_role == Role.SCHOOL_MANAGER,
            AuditEntry.event.not_in(CONSEQUENCES),
        )
        .group_by(AuditEntry.school_id)
    )
    rows = session.execute(
        select(AuditEntry.school_id, AuditEntry.event).where(AuditEntry.id.in_(last))
    )
    return {row[0]: row[1] for row in rows if row[0]}


def _modules_left(school_ids: Iterable[UUID], content: Content) -> dict[UUID, int]:
    gate = content.standard.decision.gate_duties
    gaps = learning.gaps_of_schools(list(school_ids), content.modules, gate)
    return {key: sum(len(gap.left) for gap in found) for key, found in gaps.items()}
