"""Reads of the status of schools at a given time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from cissapp.foundation.core.db import session
from cissapp.people.schools.models import SchoolStatus
from cissapp.people.schools.rules import Figure, figures_of

STATUS = ("school_id", "country_code", "region_code", "progress", "standing", "level", "is_counted")


def newest_statuses(before: datetime | None = None) -> Select[Any]:
    """Select the status of each school just before a given time, or now, from its latest history row."""
    newest_first = (SchoolStatus.from_at.desc(), SchoolStatus.id.desc())
    number = func.row_number().over(partition_by=SchoolStatus.school_id, order_by=newest_first)
    query = select(*(getattr(SchoolStatus, name) for name in STATUS), number.label("number"))
    if before is not None:
        query = query.where(SchoolStatus.from_at < before)
    ranked = query.subquery()
    return select(*(ranked.c[name] for name in STATUS)).where(ranked.c.number == 1)


def newest_changes(ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Map schools to the time of their newest history row."""
    query = select(SchoolStatus.school_id, func.max(SchoolStatus.from_at).label("newest"))
    rows = session.execute(
        query.where(SchoolStatus.school_id.in_(ids)).group_by(SchoolStatus.school_id)
    )
    return {row.school_id: row.newest for row in rows}


def counts_at(before: datetime) -> dict[str, dict[str, dict[Figure, int]]]:
    """Count all schools just before a given time from their history, by country and region, without zeros."""
    newest = newest_statuses(before).subquery()
    columns = [newest.c[name] for name in STATUS[1:-1]]
    query = select(*columns, func.count()).where(newest.c.is_counted).group_by(*columns)
    found: dict[str, dict[str, dict[Figure, int]]] = {}
    for country_code, region_code, *state, number in session.execute(query):
        progress, standing, level = state
        row = found.setdefault(country_code, {}).setdefault(region_code, {})
        for figure in figures_of(progress, standing, level):
            row[figure] = row.get(figure, 0) + number
    return found


def first_statuses() -> dict[str, datetime]:
    """Return when the history of each country begins."""
    query = select(SchoolStatus.country_code, func.min(SchoolStatus.from_at).label("first_at"))
    rows = session.execute(query.group_by(SchoolStatus.country_code))
    return {row.country_code: row.first_at for row in rows}
