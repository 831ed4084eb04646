"""Writes of the register: each row together with the line of the trail that belongs to it."""

from datetime import datetime, timedelta

from blinker import Signal

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.queries.register_checks import BEGINNING, chain_hash, row_payload
from cissapp.certify.certificates.rules import TRAIL_EVENTS, RegisterEvent, require_may_follow
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused

# Who waited for the others before writing a row brings a moment from before theirs: no wrong clock.
WAITED = timedelta(minutes=1)

# Sent inside the transaction that writes a row, with the new `RegisterEntry` as its sender.
entered = Signal("a row was entered into the register")


def enter(
    certificate: Certificate,
    event: RegisterEvent,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
) -> RegisterEntry:
    """Write the row of the register and the line of the trail that belong to each other."""
    entry = add_entry(certificate, event, reason=reason, by=by, at=at)
    record(
        TRAIL_EVENTS[event],
        certificate,
        by=by,
        at=at,
        school_id=certificate.school_id,
        number=certificate.number,
        row=entry.hash,
    )
    return entry


def add_entry(
    certificate: Certificate,
    event: RegisterEvent,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
) -> RegisterEntry:
    """Add a row; refuse one that may not follow, or that a wrong clock would date before the last."""
    require_may_follow([entry.event for entry in certificate.entries], event)
    last = queries.last_entry()
    at = moment_after(at, last)
    text = row_payload(certificate, event, at=at, by_id=by.id, reason=reason)
    previous = last.hash if last else BEGINNING
    entry = RegisterEntry(
        certificate_id=certificate.id,
        event=event,
        at=at,
        by_id=by.id,
        reason=reason,
        payload=text,
        previous_hash=previous,
        hash=chain_hash(previous, text),
    )
    certificate.entries.append(entry)
    session.flush()
    entered.send(entry)
    return entry


def moment_after(at: datetime, last: RegisterEntry | None) -> datetime:
    """Return the moment of the next row: never before the last one.

    Refuse one that is far before it: the clock is wrong, and so would be every date.
    """
    if last and at < last.at - WAITED:
        message = N_(
            "The clock of this service is behind the register. Nothing is issued until it is right."
        )
        raise Refused(Problem("clock", message))
    return max(at, last.at) if last else at
