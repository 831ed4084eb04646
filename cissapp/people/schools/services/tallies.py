"""Keeps the tallies: each change of a school is added to them, without a recount."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, bindparam, func, select, text, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import Model, read_before_write, session
from cissapp.people.schools.models import School, Tally
from cissapp.people.schools.rules import Figure, figures_of

# Country, region, figure: one row.
Key = tuple[str, str, Figure]
ROWS = Model.metadata.tables[Tally.__tablename__]
KEY = (ROWS.c.country_code, ROWS.c.region_code, ROWS.c.figure)
# One statement for all rows of a change: a part of a list has schools of a hundred regions.
ADD = (
    update(ROWS)
    .where(*(column == bindparam(f"of_{column.name}") for column in KEY))
    .values(count=ROWS.c.count + bindparam("number"))
)


def keys_of(school: School) -> frozenset[Key]:
    """List the rows in which a school is counted now; none if it is invented or has left the register."""
    if school.only_for_id is not None:
        return frozenset()
    counted = figures_of(school.progress, school.standing, school.level)
    return frozenset((school.country_code, school.region_code, figure) for figure in counted)


def move(before: Iterable[Key], after: Iterable[Key]) -> None:
    """Decrement the rows where something was counted, and increment those where it is counted now.

    The school itself is written first, and the rows in one order, so that two concurrent changes wait
    for each other and neither is lost.
    """
    session.flush()
    counted = Counter(after)
    counted.subtract(Counter(before))
    changes = {key: counted[key] for key in sorted(counted) if counted[key]}
    if not changes:
        return
    changed = session.execute(ADD, [_named(*change) for change in changes.items()])
    if isinstance(changed, CursorResult) and changed.rowcount < len(changes):
        there = set(session.execute(select(*KEY).where(tuple_(*KEY).in_(changes))))
        for key in sorted(changes.keys() - there):
            if changes[key] > 0:
                _begin(key, changes[key])


def _named(key: Key, number: int) -> dict[str, object]:
    names = (f"of_{column.name}" for column in KEY)
    return {**dict(zip(names, key, strict=True)), "number": number}


def _begin(key: Key, number: int) -> None:
    """Insert the row of a region added to the country pack later; a concurrent change may insert it first."""
    values = dict(zip(("country_code", "region_code", "figure"), key, strict=True), count=number)
    session.execute(
        _insert()
        .values(values)
        .on_conflict_do_update(
            index_elements=[Tally.country_code, Tally.region_code, Tally.figure],
            set_={"count": Tally.count + number},
        )
    )


def _insert() -> Any:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(Tally) if dialect == "postgresql" else sqlite.insert(Tally)


def repair_tallies(at: datetime) -> int:
    """Recount all schools, correct and record what differs; return the number of corrected rows.

    Call it in its own unit of work: on PostgreSQL every other change of the tallies waits for it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE tally IN SHARE ROW EXCLUSIVE MODE"))
    with read_before_write():
        if not _differing():
            return 0
    # On SQLite the first read came before the write lock, so it may be outdated: compare again within it.
    found = _differing()
    for key, (row, _is_now, right) in found.items():
        _correct(row, key, right)
    _record({key: (is_now, right) for key, (_row, is_now, right) in found.items()}, at)
    session.flush()
    return len(found)


def _differing() -> dict[Key, tuple[Tally | None, int, int]]:
    """Return the rows that are wrong, each with its current and its correct value."""
    right = recount()
    rows = {(row.country_code, row.region_code, row.figure): row for row in _rows()}
    both = ((key, rows.get(key)) for key in sorted(right.keys() | rows.keys()))
    said = ((key, row, row.count if row else 0, right.get(key, 0)) for key, row in both)
    return {key: (row, is_now, should) for key, row, is_now, should in said if is_now != should}


def _rows() -> list[Tally]:
    return list(session.scalars(select(Tally).execution_options(populate_existing=True)))


def recount() -> dict[Key, int]:
    """Count all schools by one query, as the tallies should have them; rows of zero are left out."""
    columns = (
        School.country_code,
        School.region_code,
        School.progress,
        School.standing,
        School.level,
    )
    counts: Counter[Key] = Counter()
    query = select(*columns, func.count()).where(School.only_for_id.is_(None))
    for row in session.execute(query.group_by(*columns)):
        country_code, region_code, progress, standing, level, number = row
        for figure in figures_of(progress, standing, level):
            counts[country_code, region_code, figure] += number
    return dict(counts)


def _correct(row: Tally | None, key: Key, number: int) -> None:
    if row:
        row.count = number
    else:
        country_code, region_code, figure = key
        session.add(
            Tally(country_code=country_code, region_code=region_code, figure=figure, count=number)
        )


def _record(wrong: Mapping[Key, tuple[int, int]], at: datetime) -> None:
    by_region: dict[str, dict[str, Any]] = {}
    for (_country_code, region_code, figure), (was, became) in wrong.items():
        by_region.setdefault(region_code, {})[figure.value] = [was, became]
    for region_code, facts in by_region.items():
        record(Event.TALLY_REPAIRED, ("tally", region_code), by=SYSTEM, at=at, **facts)
