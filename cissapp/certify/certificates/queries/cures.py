"""Reads of cures: the time that a school has to put right the cause of a suspension."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.certify.certificates.models import Cure
from cissapp.foundation.core.db import session
from cissapp.people.deadlines import queries as deadlines
from cissapp.people.deadlines.rules import DeadlineKind


class CureDeadline(Struct, frozen=True):
    """An open cure with its due date, which may have been moved."""

    cure: Cure
    due_on: date | None
    deadline_id: UUID | None


def open_cure(certificate_id: UUID) -> Cure | None:
    """Find the open cure of a certificate."""
    query = select(Cure).where(Cure.certificate_id == certificate_id, Cure.ended_at.is_(None))
    return session.scalar(query)


def open_cure_of_school(school_id: UUID) -> Cure | None:
    """Find the newest open cure of a school."""
    query = select(Cure).where(Cure.school_id == school_id, Cure.ended_at.is_(None))
    return session.scalars(query.order_by(Cure.began_at.desc()).limit(1)).first()


def cure_deadline(certificate_id: UUID) -> CureDeadline | None:
    """Find the open cure of a certificate with its due date."""
    cure = open_cure(certificate_id)
    if cure is None:
        return None
    deadline = deadlines.open_deadline(DeadlineKind.CURE, certificate_id)
    return CureDeadline(
        cure, deadline.due_on if deadline else None, deadline.id if deadline else None
    )
