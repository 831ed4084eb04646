"""Keeps the status history of schools: a row for every change, so that past months can be counted."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import CursorResult, and_, func, insert, literal, or_, select

from cissapp.foundation.core.db import read_before_write, session
from cissapp.people.schools import queries
from cissapp.people.schools.models import School, SchoolStatus
from cissapp.people.schools.rules import Progress, Standing


class Status(Struct, frozen=True):
    """The facts about a school that are counted."""

    country_code: str
    region_code: str
    progress: Progress
    standing: Standing
    level: int | None


def status_of(school: School) -> Status | None:
    """Return the counted facts of a school; None for one that is invented or has left the register."""
    if school.only_for_id is not None:
        return None
    return Status(
        school.country_code, school.region_code, school.progress, school.standing, school.level
    )


def note(school: School, before: Status | None, *, at: datetime) -> None:
    """Add a row if a school's status differs from `before`; it is written with the change itself."""
    now = status_of(school)
    if now is None or now == before:
        return
    session.add(SchoolStatus(school_id=school.id, from_at=at, **asdict(now)))


def note_new(schools: Sequence[School], *, at: datetime) -> None:
    """Add the first rows of schools that were entered together, in one statement."""
    stood = [(school.id, status_of(school)) for school in schools]
    rows = [{"school_id": one, "from_at": at, **asdict(now)} for one, now in stood if now]
    if rows:
        session.execute(insert(SchoolStatus), rows)


def note_left(school: School, before: Status | None, *, at: datetime) -> None:
    """Add a row for a school that left the register: from then on it is not counted."""
    if before is not None:
        gone = SchoolStatus(school_id=school.id, from_at=at, **asdict(before), is_counted=False)
        session.add(gone)


def note_gone(stood: Sequence[tuple[School, Status | None]], *, at: datetime) -> None:
    """Add the last rows of schools that left the register together, in one statement."""
    rows = [
        {"school_id": school.id, "from_at": at, **asdict(before), "is_counted": False}
        for school, before in stood
        if before
    ]
    if rows:
        session.execute(insert(SchoolStatus), rows)


def repair_history(at: datetime) -> int:
    """Add a row for each school that left or whose newest row is wrong; return the number of rows added.

    What happened in between stays unknown: the row counts from `at` on.
    """
    newest = queries.newest_statuses().subquery()
    same = and_(
        newest.c.is_counted,
        newest.c.country_code == School.country_code,
        newest.c.region_code == School.region_code,
        newest.c.progress == School.progress,
        newest.c.standing == School.standing,
        func.coalesce(newest.c.level, 0) == func.coalesce(School.level, 0),
    )
    is_counted = School.only_for_id.is_(None)
    columns = ("country_code", "region_code", "progress", "standing", "level")
    wrong = (
        select(
            School.id,
            literal(at, SchoolStatus.from_at.type),
            *(getattr(School, name) for name in columns),
            is_counted,
        )
        .outerjoin(newest, newest.c.school_id == School.id)
        .where(
            or_(
                and_(is_counted, or_(newest.c.school_id.is_(None), ~same)),
                and_(~is_counted, newest.c.is_counted),
            )
        )
    )
    found = wrong.with_only_columns(School.id).subquery()
    with read_before_write():
        # Counted, as PostgreSQL takes a search for the first wrong row to be short: it would compare each
        # school with each row, and 90,000 schools had not ended after a quarter of an hour.
        if not session.scalar(select(func.count()).select_from(found)):
            return 0
    into = ["school_id", "from_at", *columns, "is_counted"]
    add = insert(SchoolStatus).from_select(into, wrong).execution_options(preserve_rowcount=True)
    added = session.execute(add)
    return added.rowcount if isinstance(added, CursorResult) else 0
