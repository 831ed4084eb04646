"""Which schools somebody has worked with already: their rows in all rooms, found in one statement."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    CompoundSelect,
    Table,
    bindparam,
    literal_column,
    select,
    union_all,
)

from cissapp.foundation.core.db import Model, session
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.schools.models import School

# Rows a school has before anybody has worked with it; all others are work that must not be lost.
BESIDE_WORK = frozenset(
    {"followed_step", "invitation", "join_request", "mail", "person", "school_status"}
)


def work_of(school_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Map schools to the names of the tables in which they have rows that are somebody's work."""
    found: dict[UUID, set[str]] = {}
    for school_id, table in session.execute(_any_work(), {"school_ids": list(school_ids)}):
        found.setdefault(school_id, set()).add(table)
    return found


def schools_in_use(school_ids: Sequence[UUID], *, besides: Sequence[UUID]) -> set[UUID]:
    """Find which schools are in use: they have an account, work, or an invitation not in `besides`."""
    people = select(User.school_id).where(User.school_id.in_(school_ids))
    invited = select(Invitation.school_id).where(
        Invitation.school_id.in_(school_ids),
        Invitation.revoked_at.is_(None),
        Invitation.id.not_in(besides),
    )
    found = session.scalars(people.union(invited))
    return {school_id for school_id in found if school_id} | work_of(school_ids).keys()


@cache
def _any_work() -> CompoundSelect[Any]:
    """Build the statement once: a statement for each of some fifty tables took the longest part of an undo."""
    given = select(School.id).where(School.id.in_(bindparam("school_ids", expanding=True)))
    asked = given.cte("asked")
    return union_all(
        *(
            select(column, literal_column(f"'{table.name}'"))
            .where(column.in_(select(asked.c.id)))
            .distinct()
            for table, column in _columns_of_work()
        )
    )


def _columns_of_work() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield the columns, from all rooms, that name the school of a row which is somebody's work."""
    for table in Model.metadata.sorted_tables:
        if table.name in BESIDE_WORK:
            continue
        for column in table.columns:
            if any(key.column.table.name == "school" for key in column.foreign_keys):
                yield table, column
