"""Reads of what was confirmed, and of what was taken out."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from cissapp.foundation.core.db import session
from cissapp.foundation.safeguards.models import Amendment, Confirmation, Removal


def confirmed(subject_ids: Iterable[UUID]) -> dict[UUID, Confirmation]:
    """Map each of these subjects that was confirmed to its newest confirmation, in one query."""
    rows = session.scalars(
        select(Confirmation)
        .where(Confirmation.subject_id.in_(list(subject_ids)))
        .order_by(Confirmation.confirmed_at)
    )
    return {row.subject_id: row for row in rows if row.subject_id}


def removals_of(school_id: UUID) -> list[Removal]:
    """List the removals of a school's content, newest first."""
    query = select(Removal).where(Removal.school_id == school_id)
    return list(session.scalars(query.order_by(Removal.removed_at.desc(), Removal.id)))


def removed_since(at: datetime) -> int:
    """Count the removals since this time."""
    return session.scalar(select(func.count(Removal.id)).where(Removal.removed_at >= at)) or 0


def amended_sha256(subject_id: UUID) -> str | None:
    """Return the hash of a text as of its last amendment; None if it was never amended."""
    query = select(Amendment.sha256).where(Amendment.subject_id == subject_id)
    return session.scalar(query.order_by(Amendment.number.desc()).limit(1))


def amendments(subject_id: UUID) -> int:
    """Count the amendments of a text."""
    query = select(func.count(Amendment.id)).where(Amendment.subject_id == subject_id)
    return session.scalar(query) or 0
