"""Reads of the audit trail."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from cissapp.audit.models import AuditEntry
from cissapp.core.db import session


def history_of(subject: Any) -> list[AuditEntry]:
    """List what happened to a row, oldest first."""
    return list(
        session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.subject_type == subject.__tablename__,
                AuditEntry.subject_id == str(subject.id),
            )
            .order_by(AuditEntry.id)
        )
    )


def latest(school_id: UUID | None = None, limit: int = 100) -> list[AuditEntry]:
    """List the newest entries, of one school or of all."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if school_id:
        query = query.where(AuditEntry.school_id == school_id)
    return list(session.scalars(query))
