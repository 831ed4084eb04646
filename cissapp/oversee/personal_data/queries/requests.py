"""Reads of erasure requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.oversee.personal_data.models import ErasureRequest

IS_OPEN = ErasureRequest.stopped_at.is_(None) & ErasureRequest.done_at.is_(None)


def open_request(user_id: UUID) -> ErasureRequest | None:
    """Find a person's erasure request that is neither stopped nor done."""
    return session.scalar(select(ErasureRequest).where(ErasureRequest.user_id == user_id, IS_OPEN))


def due_requests(at: datetime) -> list[ErasureRequest]:
    """List the erasure requests that are due, the oldest first."""
    query = select(ErasureRequest).where(IS_OPEN, ErasureRequest.due_at <= at)
    return list(session.scalars(query.order_by(ErasureRequest.due_at, ErasureRequest.id)))
