"""Writes of cures: each begins with a suspension, and ends with it or with the certificate."""

from datetime import datetime, timedelta

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.models import Certificate, Cure
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules import DeadlineKind


def open_cure(
    certificate: Certificate, *, reason: str, cure_days: int, by: Actor, at: datetime
) -> Cure:
    """Start the deadline after a suspension; `cure_days` are calendar days."""
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
        due_on=day_in(certificate.school.country_code, at) + timedelta(days=cure_days),
        person_id=None,
        by=by,
        at=at,
    )
    return cure


def record_statement(cure: Cure, *, text: str, by: Actor, at: datetime) -> None:
    """Record what the school says it has put right; it may revise this until the suspension ends."""
    lock("register")
    session.refresh(cure)
    if cure.ended_at is not None:
        raise Refused(
            Problem("state", N_("The suspension has ended. There is nothing to put right."))
        )
    cure.statement, cure.stated_at, cure.stated_by_id = text, at, by.id
    session.flush()
    record(Event.CURE_STATED, cure, by=by, at=at, school_id=cure.school_id)


def close_cure(certificate: Certificate, *, by: Actor, at: datetime) -> None:
    """End the deadline: the suspension has ended, or the certificate was withdrawn."""
    cure = queries.open_cure(certificate.id)
    if cure is None:
        return
    cure.ended_at = at
    session.flush()
    deadlines.meet(DeadlineKind.CURE, subject_id=certificate.id, at=at, by=by)
