"""Reads of retention marks and holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace, shown_page, start_at, without_index
from cissapp.oversee.personal_data.models import RetentionHold, RetentionMark
from cissapp.oversee.personal_data.rules.retention import RetentionRule
from cissapp.people.schools.models import School

PAGE_ROWS = 50


def open_marks(rule: RetentionRule) -> dict[UUID, RetentionMark]:
    """Return the open marks of a rule, by subject."""
    query = select(RetentionMark).where(
        RetentionMark.rule == rule, RetentionMark.ended_at.is_(None)
    )
    return {mark.subject_id: mark for mark in session.scalars(query)}


# Marks of schools of which the national group has not been notified.
UNTOLD = (
    RetentionMark.ended_at.is_(None),
    RetentionMark.group_told_at.is_(None),
    RetentionMark.user_id.is_(None),
)


def groups_to_tell() -> list[UUID]:
    """List the groups that have not been notified of marks of their schools."""
    query = select(School.group_id).join(RetentionMark, RetentionMark.school_id == School.id)
    return sorted(session.scalars(query.where(*UNTOLD).distinct()))


def marks_of_schools(
    group_id: UUID | None, place: PagePlace | None = None
) -> KeyPage[tuple[RetentionMark, School]]:
    """Return a page of the marks of the schools of a group, or of all, the earliest date first."""
    query: Any = (
        select(RetentionMark, School)
        .join(School, School.id == without_index(RetentionMark.school_id))
        .where(RetentionMark.ended_at.is_(None), RetentionMark.user_id.is_(None))
    )
    if group_id is not None:
        query = query.where(School.group_id == group_id)
    return _page(query, (RetentionMark.due_at, RetentionMark.id), place)


def open_holds(
    group_id: UUID | None, *, at: datetime, place: PagePlace | None = None
) -> KeyPage[tuple[RetentionHold, School]]:
    """Return a page of the holds of the schools of a group, or of all, the first to end first."""
    # SQLite knows nothing of small tables, and would look for a hold of each school of the country.
    query: Any = (
        select(RetentionHold, School)
        .join(School, School.id == without_index(RetentionHold.school_id))
        .where(RetentionHold.ended_at.is_(None), RetentionHold.until_on >= at.date())
    )
    if group_id is not None:
        query = query.where(without_index(RetentionHold.group_id) == group_id)
    return _page(query, (RetentionHold.until_on, RetentionHold.id), place)


def _page(query: Any, keys: Sequence[Any], place: PagePlace | None) -> KeyPage[tuple[Any, School]]:
    return shown_page(
        query,
        keys,
        size=PAGE_ROWS,
        fetch=lambda page: [(row[0], row[1]) for row in session.execute(page)],
        name=lambda row: row[0].id,
        start=start_at(keys, place),
    )


def hold(hold_id: UUID) -> RetentionHold | None:
    """Find a hold."""
    return session.get(RetentionHold, hold_id)
