"""Reads of uploaded lists, and of schools that may be in the register twice."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, combinations, groupby, islice
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import and_, func, select

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import canonical, session
from cissapp.people.school_lists.models import RememberedColumns, SchoolList, SchoolListPart
from cissapp.people.school_lists.queries.register import (
    AT_ONCE,
    HeardSchool,
    KnownPerson,
    PastInvitation,
    RegisteredSchool,
    invitations_by_id,
    invited_by_email,
    people_by_email,
    schools_by_code,
    schools_by_id,
    schools_by_sound,
    schools_of_towns,
)
from cissapp.people.school_lists.rules.outcomes import AT_WORK, NEEDS_ROWS, OPEN, ListState
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED

__all__ = [
    "HeardSchool",
    "KnownPerson",
    "PastInvitation",
    "RegisteredSchool",
    "invitations_by_id",
    "invited_by_email",
    "people_by_email",
    "schools_by_code",
    "schools_by_id",
    "schools_by_sound",
    "schools_of_towns",
]

# Some thousand rows, as many as a step may take.
PARTS_READ = 20
LISTS_SHOWN = 20
PAIRS_SHOWN = 50
# Work on a list counts as interrupted after this long without progress.
STILL_AFTER = timedelta(seconds=60)


class SchoolPair(Struct, frozen=True):
    """Two schools of the register that may be one."""

    first: School
    second: School


def school_list(list_id: UUID) -> SchoolList | None:
    """Find an uploaded list, unless it has been discarded."""
    found = session.get(SchoolList, list_id)
    return None if found is None or found.state is ListState.DISCARDING else found


def newest_lists(group_id: UUID) -> list[SchoolList]:
    """List the uploads of a group, the newest first."""
    query = select(SchoolList).where(
        SchoolList.group_id == group_id, SchoolList.state != ListState.DISCARDING
    )
    return list(session.scalars(query.order_by(SchoolList.uploaded_at.desc()).limit(LISTS_SHOWN)))


def interrupted(at: datetime) -> list[SchoolList]:
    """List the lists whose work was interrupted."""
    query = select(SchoolList).where(
        SchoolList.state.in_(AT_WORK), SchoolList.moved_at <= at - STILL_AFTER
    )
    return list(session.scalars(query.order_by(SchoolList.uploaded_at)))


def results_before(list_id: UUID, place: int) -> Iterator[tuple[int, list[Any] | None]]:
    """Read the results of the parts of a list before a place, each with its own place; their rows are not read."""
    columns = SchoolListPart.place, SchoolListPart.results
    for start in range(0, place, AT_ONCE):
        some = SchoolListPart.place.between(start, min(start + AT_ONCE, place) - 1)
        query = select(*columns).where(SchoolListPart.list_id == list_id, some)
        yield from session.execute(query.order_by(SchoolListPart.place))


def next_parts(found: SchoolList, most_rows: int) -> list[SchoolListPart]:
    """List the next parts of a list to process, in its order, none after the last.

    They have at most so many rows together, unless the first has more. An import is undone from its end.
    """
    backwards = found.state is ListState.UNDOING
    place = SchoolListPart.place
    ahead = place <= found.next_place if backwards else place >= found.next_place
    query = select(SchoolListPart).where(SchoolListPart.list_id == found.id, ahead)
    query = query.order_by(place.desc() if backwards else place)
    # The last part of a list may be short: with the one before it, the usual length is known.
    parts = [*session.scalars(query.limit(2))]
    more = most_rows // max(len(part.rows) for part in parts) - len(parts) if parts else 0
    if more > 0:
        parts += session.scalars(query.offset(2).limit(more))
    totals = accumulate(len(part.rows) for part in parts)
    # Older releases stored longer parts, so a list that was begun by one may have both kinds.
    fitting = [part for part, total in zip(parts, totals, strict=True) if total <= most_rows]
    taken = fitting or parts[:1]
    return taken[::-1] if backwards else taken


def first_place(list_id: UUID) -> int | None:
    """Return the place of the first part of a list, None if it has none."""
    return session.scalar(
        select(func.min(SchoolListPart.place)).where(SchoolListPart.list_id == list_id)
    )


def last_place(list_id: UUID) -> int:
    """Return the place of the last part of a list."""
    last = select(func.max(SchoolListPart.place)).where(SchoolListPart.list_id == list_id)
    return session.scalar(last) or 0


def parts_of(list_id: UUID) -> Iterator[tuple[list[Any], list[Any] | None]]:
    """Read the rows of a list with their results, a part at a time."""
    columns = SchoolListPart.rows, SchoolListPart.results, SchoolListPart.place
    query = select(*columns).order_by(SchoolListPart.place).limit(PARTS_READ)
    last = -1
    # By place instead of a cursor: a slow reader of the file must not hold a snapshot of the database.
    while parts := session.execute(
        query.where(SchoolListPart.list_id == list_id, SchoolListPart.place > last)
    ).all():
        for rows, results, last in parts:  # noqa: B007 -- the last one counts
            yield rows, results


def head_hash(head: Sequence[str]) -> str:
    """Return the hash of a head, by which it is recognised again."""
    return hashlib.sha256(canonical(list(head)).encode()).hexdigest()


def remembered_columns(group_id: UUID, head: Sequence[str]) -> RememberedColumns | None:
    """Find what the columns of a head meant to a group last time."""
    return session.get(RememberedColumns, (group_id, head_hash(head)))


def columns_remembered_lately(group_id: UUID) -> list[RememberedColumns]:
    """List the most recently used column mappings of a group, the newest first."""
    query = select(RememberedColumns).where(RememberedColumns.group_id == group_id)
    return list(
        session.scalars(query.order_by(RememberedColumns.used_at.desc()).limit(LISTS_SHOWN))
    )


# --- duplicate schools -----------------------------------------------------------------------


def pairs_that_sound_alike(actor: Actor) -> list[SchoolPair]:
    """List the first pairs of schools that sound alike and that a person may merge.

    What occurs twice is read from an index, in its order: by name, each school would be looked up until enough
    pairs are found.
    """
    sound = (School.group_id, School.heard_key, School.country_code)
    heard: Statement = select(*sound).where(School.heard_key != "", REGISTERED).group_by(*sound)
    narrowed = visible(heard, School, actor, Permission.SCHOOL_MERGE)
    twice = narrowed.having(func.count() > 1).order_by(*sound).limit(PAIRS_SHOWN).subquery()
    same = and_(*(column == twice.c[column.key] for column in sound))
    # Each sound has two schools or more, so these make enough pairs.
    found = select(*sound, School.id).join(twice, same).where(REGISTERED)
    rows = session.execute(found.order_by(*sound, School.id).limit(2 * PAIRS_SHOWN))
    pairs = (
        pair for _, alike in groupby(rows, lambda row: row[:3]) for pair in combinations(alike, 2)
    )
    ids = [(first.id, second.id) for first, second in islice(pairs, PAIRS_SHOWN)]
    named = School.id.in_({school_id for pair in ids for school_id in pair})
    schools = {school.id: school for school in session.scalars(select(School).where(named))}
    return [SchoolPair(schools[first], schools[second]) for first, second in ids]


def is_working(found: SchoolList, at: datetime) -> bool:
    """Check whether work on a list is in progress and has not been interrupted."""
    return found.is_at_work and found.moved_at > at - STILL_AFTER


def never_imported(before: datetime) -> list[SchoolList]:
    """List the lists uploaded before a given time that were never imported."""
    query = select(SchoolList).where(
        SchoolList.uploaded_at < before,
        SchoolList.state.in_(OPEN),
        SchoolList.imported_at.is_(None),
    )
    return list(session.scalars(query))


def to_forget(before: datetime) -> list[UUID]:
    """List the IDs of lists uploaded before a given time that still have their rows or file."""
    with_rows = select(SchoolListPart.list_id).distinct()
    query = select(SchoolList.id).where(
        SchoolList.uploaded_at < before,
        SchoolList.state.not_in(NEEDS_ROWS),
        SchoolList.id.in_(with_rows) | SchoolList.file_key.is_not(None),
    )
    return list(session.scalars(query))
