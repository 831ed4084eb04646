"""Reads the trail as far as a person may see it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import (
    FILE_SECONDS,
    KeyPage,
    PagePlace,
    is_longer,
    key_page,
    stream_rows,
)
from cissapp.foundation.core.roles import Role
from cissapp.oversee.trail.rules.lines import (
    FACTS_NOT_SHOWN,
    NOT_FOR_GROUPS,
    PAGE,
    TrailFilter,
    events_of,
)
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import names_of
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import holds
from cissapp.people.schools.rules import like_patterns, search_words

# A search by words matches at most this many people and schools; a more specific one finds the others.
FOUND_AT_MOST = 100
# The lines that are read for a page, whether they are shown or not.
READ_AT_ONCE = 2_000
# The order of the list; the index of the times has it.
NEWEST = (AuditEntry.at, AuditEntry.id)
Key = tuple[Any, ...]


class TrailLine(Struct, frozen=True):
    """A line of the audit trail: who did what to what. No name: it was the system, or somebody erased."""

    id: int
    at: datetime
    event: Event
    person: str
    role: Role | None
    school: str
    kind: str
    key: str
    facts: dict[str, Any]


def lines_page(
    actor: Actor, wanted: TrailFilter, place: PagePlace | None
) -> tuple[KeyPage[TrailLine], bool]:
    """Return a page of the lines that a person may see, newest first, and whether it ends before it is full.

    For a page at most `READ_AT_ONCE` lines are read. So a group that did little of late, or a rare theme, is
    found page by page instead of reading the whole trail for one.
    """
    start = _start(place)
    key, back = (start[0], start[1].back) if start else (None, False)
    ahead = _ahead(wanted, key, back=back)
    edge = None if wanted.search else _edge(ahead)
    ends = (key, edge) if back else (edge, key)
    query = _narrowed(actor, wanted, _between(wanted, *ends))
    if edge:
        here, there = tuple_(*NEWEST), _literal(edge)
        query = query.where(here <= there if back else here >= there)
    page = key_page(
        query,
        NEWEST,
        size=PAGE,
        fetch=lambda query: _lines(session.scalars(query), actor),
        name=lambda line: line.id,
        start=start,
        falling=True,
    )
    is_end = edge is None and (page.rows or not start or wanted.search)
    if is_end or (page.earlier if back else page.later):
        return page, False
    # A page without rows is left through the first line that was read for it.
    way_back = ""
    if start:
        first = session.execute(ahead.limit(1)).first()
        way_back = str(first[1]) if first else start[1].row
    way_on = str(edge[1]) if edge else ""
    if back:
        return replace(page, earlier=way_on, later=page.later or way_back), True
    return replace(page, earlier=page.earlier or way_back, later=way_on, total=None), True


def _start(place: PagePlace | None) -> tuple[tuple[Any, ...], PagePlace] | None:
    # A number that fits a column.
    if place is None or not place.row.isdecimal() or len(place.row) >= 19:
        return None
    found = session.execute(select(*NEWEST).where(AuditEntry.id == int(place.row))).first()
    return (tuple(found), place) if found else None


def _ahead(wanted: TrailFilter, key: Key | None, *, back: bool) -> Select[datetime, int]:
    """Select the keys of all lines of the days from a place on, whoever may see them."""
    begin, end = _between(wanted, *((key, None) if back else (None, key)))
    query = select(*NEWEST).where(AuditEntry.at >= begin, AuditEntry.at < end)
    query = query.order_by(*(column.asc() if back else column.desc() for column in NEWEST))
    if key:
        here, there = tuple_(*NEWEST), _literal(key)
        query = query.where(here > there if back else here < there)
    return query


def _edge(ahead: Select[datetime, int]) -> Key | None:
    """Return the key of the last line to read for a page; None, if all the rest may be read."""
    last = session.execute(ahead.offset(READ_AT_ONCE - 1).limit(2)).all()
    return tuple(last[0]) if len(last) > 1 else None


def _literal(key: tuple[Any, ...]) -> Any:
    return tuple_(*(literal(value, column.type) for value, column in zip(key, NEWEST, strict=True)))


class FileLine(NamedTuple):
    """A line of the trail as a file has it: time, event, role and facts as they are stored, the time in UTC."""

    id: int
    at: str
    event: str
    person: str
    role: str | None
    school: str
    kind: str
    key: str
    facts: str | None


def lines_for_file(actor: Actor, wanted: TrailFilter) -> Iterator[Iterable[FileLine]]:
    """Read all lines that a person may see, newest first, in batches of plain columns."""
    shown = AuditEntry.event.not_in(FACTS_NOT_SHOWN) if _shows_facts(actor) else false()
    query = (
        _narrowed(actor, wanted)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .outerjoin(School, School.id == AuditEntry.school_id)
        .order_by(*(column.desc() for column in NEWEST))
    )
    columns: list[Any] = [
        AuditEntry.id,
        _second_of(AuditEntry.at),
        type_coerce(AuditEntry.event, Text),
        func.coalesce(User.name, ""),
        type_coerce(AuditEntry.actor_role, Text),
        func.coalesce(School.name, ""),
        AuditEntry.subject_type,
        AuditEntry.subject_id,
        case((shown, cast(AuditEntry.facts, Text))),
    ]
    for rows in stream_rows(query.with_only_columns(*columns), seconds=FILE_SECONDS):
        yield map(FileLine._make, rows)


def _second_of(moment: InstrumentedAttribute[datetime]) -> ColumnElement[str]:
    """Return a timestamp in UTC to the second as text, as the database writes it."""
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24:MI:SS")
    return func.substr(type_coerce(moment, Text), 1, len("2026-11-25 09:00:00"))


def are_more_lines(actor: Actor, wanted: TrailFilter, most: int) -> bool:
    """Return whether a person may see more lines than a number; counted only if the whole trail has more."""
    newest = session.scalar(select(func.max(AuditEntry.id))) or 0
    return newest > most and is_longer(
        _narrowed(actor, wanted).with_only_columns(AuditEntry.id), most, seconds=FILE_SECONDS
    )


def _narrowed(
    actor: Actor, wanted: TrailFilter, times: tuple[datetime, datetime] | None = None
) -> Select[Any]:
    begin, end = times or _between(wanted)
    query = select(AuditEntry).where(AuditEntry.at >= begin, AuditEntry.at < end, *_reach(actor))
    if wanted.theme:
        query = query.where(AuditEntry.event.in_(events_of(wanted.theme)))
    return query.where(_found(actor, wanted.search)) if wanted.search else query


def _between(
    wanted: TrailFilter,
    oldest: tuple[Any, ...] | None = None,
    newest: tuple[Any, ...] | None = None,
) -> tuple[datetime, datetime]:
    """Return the times of the days, or of the lines with these keys: SQLite finds a range by a single column only."""
    begin = datetime.combine(wanted.since_on, time(), UTC)
    end = datetime.combine(wanted.until_on + timedelta(days=1), time(), UTC)
    if oldest:
        begin = max(begin, oldest[0])
    if newest:
        end = min(end, newest[0] + timedelta(microseconds=1))
    return begin, end


def _schools(actor: Actor) -> Select[Any]:
    """Find the schools whose lines a person may see, without those invented for a calibration."""
    query = visible(select(School.id), School, actor, Permission.TRAIL_READ)
    return query.where(School.only_for_id.is_(None))


def _reach(actor: Actor) -> list[ColumnElement[bool]]:
    """Narrow the audit trail to a group's part: its schools, and what its people did outside of schools."""
    if actor.role is Role.SECRETARIAT:
        return []
    # Checked line by line, newest first, until a page is full. A scalar subquery is used since for EXISTS
    # PostgreSQL would first build a table of all schools of the country.
    school = _schools(actor).with_only_columns(true()).where(School.id == AuditEntry.school_id)
    person = select(true()).where(User.group_id == actor.group_id, User.id == AuditEntry.actor_id)
    of_school, of_person = (
        query.correlate(AuditEntry).scalar_subquery() for query in (school, person)
    )
    return [
        or_(of_school.is_(True), AuditEntry.school_id.is_(None) & of_person.is_(True)),
        AuditEntry.event.not_in(NOT_FOR_GROUPS),
    ]


def _found(actor: Actor, search: str) -> ColumnElement[bool]:
    """Match a search with the references of a line, or with the names behind them."""
    try:
        key = UUID(search)
    except ValueError:
        pass
    else:
        return or_(
            AuditEntry.subject_id == str(key),
            AuditEntry.actor_id == key,
            AuditEntry.school_id == key,
        )
    words = search_words(search)
    people = list(session.scalars(_people(actor, words).limit(FOUND_AT_MOST)))
    schools = list(session.scalars(_schools(actor).where(*map(holds, words)).limit(FOUND_AT_MOST)))
    return or_(
        AuditEntry.actor_id.in_(people),
        AuditEntry.school_id.in_(schools),
        AuditEntry.subject_id.in_([str(one) for one in people]),
    )


def _people(actor: Actor, words: Iterable[str]) -> Select[Any]:
    query = select(User.id).where(
        *(
            or_(
                *(
                    column.ilike(pattern, escape="\\")
                    for column in (User.name, User.email)
                    for pattern in like_patterns(word)
                )
            )
            for word in words
        )
    )
    if actor.role is Role.SECRETARIAT:
        return query
    return query.where(or_(User.group_id == actor.group_id, User.school_id.in_(_schools(actor))))


def _lines(found: Iterable[AuditEntry], actor: Actor) -> list[TrailLine]:
    entries = list(found)
    people = names_of(User, {entry.actor_id for entry in entries})
    schools = names_of(School, {entry.school_id for entry in entries})
    shows_facts = _shows_facts(actor)
    return [
        TrailLine(
            entry.id,
            entry.at,
            entry.event,
            people.get(entry.actor_id, ""),
            entry.actor_role,
            schools.get(entry.school_id, ""),
            entry.subject_type,
            entry.subject_id,
            entry.facts if shows_facts and entry.event not in FACTS_NOT_SHOWN else {},
        )
        for entry in entries
    ]


def _shows_facts(actor: Actor) -> bool:
    return actor.role is Role.SECRETARIAT
