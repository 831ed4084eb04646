"""Reads of handovers between heads."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from cissapp.foundation.core.db import session
from cissapp.people.handover.models import Handover


def handover(handover_id: UUID) -> Handover | None:
    """Find a handover."""
    return session.get(Handover, handover_id)


# Runs for the first page of a school, so it is built once.
_OPEN = select(Handover).where(
    Handover.school_id == bindparam("school_id"), Handover.ended_at.is_(None)
)


def open_handover_of_school(school_id: UUID) -> Handover | None:
    """Find the handover of a school that has not been ended, even if it has expired."""
    return session.scalar(_OPEN, {"school_id": school_id})


def handover_of_invitation(invitation_id: UUID) -> Handover | None:
    """Find the handover that an invitation was sent for."""
    return session.scalar(select(Handover).where(Handover.invitation_id == invitation_id))


def open_handovers_of(user_id: UUID) -> list[Handover]:
    """List the handovers that a person started or is to take over and that have not been ended."""
    of_person = or_(Handover.started_by_id == user_id, Handover.successor_id == user_id)
    return list(session.scalars(select(Handover).where(Handover.ended_at.is_(None), of_person)))


def expired_handovers(at: datetime) -> list[Handover]:
    """List the handovers that have expired but have not been ended."""
    query = select(Handover).where(Handover.ended_at.is_(None), Handover.expires_at <= at)
    return list(session.scalars(query.order_by(Handover.expires_at)))
