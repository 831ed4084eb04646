"""The time to mend: begins with a suspension, ends with its end or with the certificate's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from cissapp.certify.certificates.models import Certificate, Cure
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.deadlines import queries as days
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules import DeadlineKind


@dataclass(frozen=True)
class Clock:
    """An open cure with the day until which it lasts; the day may have been moved."""

    cure: Cure
    due_on: date | None
    deadline_id: UUID | None


def open_cure(certificate_id: UUID) -> Cure | None:
    """Find the open time to mend of a certificate."""
    query = select(Cure).where(Cure.certificate_id == certificate_id, Cure.ended_at.is_(None))
    return session.scalar(query)


def of_school(school_id: UUID) -> Cure | None:
    """Find the open time to mend of a school."""
    query = select(Cure).where(Cure.school_id == school_id, Cure.ended_at.is_(None))
    return session.scalars(query.order_by(Cure.began_at.desc()).limit(1)).first()


def clock_of(certificate_id: UUID) -> Clock | None:
    """Give the open cure of a certificate with its day."""
    cure = open_cure(certificate_id)
    if cure is None:
        return None
    deadline = days.open_deadline(DeadlineKind.CURE, certificate_id)
    return Clock(cure, deadline.due_on if deadline else None, deadline.id if deadline else None)


def begin(
    certificate: Certificate, *, reason: str, cure_days: int, by: Actor, at: datetime
) -> Cure:
    """Start the clock of a suspension; `cure_days` are days of the calendar."""
    cure = Cure(
        certificate_id=certificate.id,
        certificate=certificate,
        school_id=certificate.school_id,
        reason=reason,
        began_at=at,
    )
    session.add(cure)
    session.flush()
    deadlines.open(
        DeadlineKind.CURE,
        subject_id=certificate.id,
        school=certificate.school,
        due_on=at.date() + timedelta(days=cure_days),
        person_id=None,
        by=by,
        at=at,
    )
    return cure


def state(cure: Cure, *, text: str, by: Actor, at: datetime) -> None:
    """Keep what the school says it has mended; it may say it anew until the group has looked."""
    lock("register")
    session.refresh(cure)
    if cure.ended_at is not None:
        raise Refused(Problem("state", N_("The suspension has ended. There is nothing to mend.")))
    cure.statement, cure.stated_at, cure.stated_by_id = text, at, by.id
    session.flush()
    record(Event.CURE_STATED, cure, by=by, at=at, school_id=cure.school_id)


def end(certificate: Certificate, *, by: Actor, at: datetime) -> None:
    """Stop the clock: the suspension has ended, or the certificate is withdrawn."""
    cure = open_cure(certificate.id)
    if cure is None:
        return
    cure.ended_at = at
    session.flush()
    deadlines.meet(DeadlineKind.CURE, subject_id=certificate.id, at=at, by=by)
