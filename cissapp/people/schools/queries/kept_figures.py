"""Reads of figures that are computed daily, because a large country cannot be counted for each reader."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from msgspec import Struct, ValidationError, convert
from sqlalchemy import func, select

from cissapp.foundation.core.db import session
from cissapp.people.schools.models import KeptFigures, School
from cissapp.people.schools.rules import LARGE_GROUP, KeptKind

F = TypeVar("F")

log = logging.getLogger("ciss")
_told: set[UUID] = set()


class DatedFigures(Struct, Generic[F], frozen=True):
    """Figures, and when they were computed; None if just now, for this reader."""

    figures: F
    as_of: datetime | None = None


def kept_or_new(
    kind: KeptKind, group_id: UUID | None, shape: type[F], compute: Callable[[], F]
) -> DatedFigures[F]:
    """Return the stored figures of a large group, or of all groups for None; compute those of a small one."""
    return kept(kind, group_id, shape) or DatedFigures(compute())


def kept(kind: KeptKind, group_id: UUID | None, shape: type[F]) -> DatedFigures[F] | None:
    """Return the stored figures of a large group, or of all groups for None; None if there are none.

    Figures that an older version stored in another shape count as missing until the next daily job.
    """
    if not is_large(group_id):
        return None
    row = session.scalar(
        select(KeptFigures).where(
            KeptFigures.kind == kind, KeptFigures.group_id.is_not_distinct_from(group_id)
        )
    )
    if row is None:
        return None
    try:
        return DatedFigures(convert(row.figures, shape, str_keys=True), row.computed_at)
    except ValidationError:
        _tell_of_other_shape(row)
        return None


def _tell_of_other_shape(row: KeptFigures) -> None:
    """Log once that figures cannot be read: until the next work of the day each reader waits for their count."""
    if row.id not in _told:
        _told.add(row.id)
        whose = f"group {row.group_id}" if row.group_id else "all groups"
        log.warning(
            "the figures %s of %s, stored at %s, have an old format; counting them again for each"
            " reader",
            row.kind.value,
            whose,
            row.computed_at,
        )


def is_large(group_id: UUID | None) -> bool:
    """Check whether a group, or all groups for None, has too many schools to count for each reader."""
    query = select(School.id).limit(LARGE_GROUP + 1)
    if group_id is not None:
        query = query.where(School.group_id == group_id)
    return (session.scalar(select(func.count()).select_from(query.subquery())) or 0) > LARGE_GROUP
