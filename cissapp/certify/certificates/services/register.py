"""Writes of the register: each row together with its line in the audit trail."""

from collections.abc import Sequence
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

# A writer that waited for others has an earlier timestamp than theirs: this is not a wrong clock.
WAITED = timedelta(minutes=1)

# Sent inside the transaction that writes rows, with the list of the new `RegisterEntry` as its sender.
entered = Signal("rows were entered into the register")


def enter(
    certificate: Certificate,
    event: RegisterEvent,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
) -> RegisterEntry:
    """Write a row of the register together with its line in the audit trail."""
    return enter_each([certificate], event, reason=reason, by=by, at=at)[0]


def enter_each(
    certificates: Sequence[Certificate],
    event: RegisterEvent,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
) -> list[RegisterEntry]:
    """Write the same event for several certificates, each row with its line in the audit trail."""
    entries = _add_entries(certificates, event, reason=reason, by=by, at=at)
    for certificate, entry in zip(certificates, entries, strict=True):
        record(
            TRAIL_EVENTS[event],
            certificate,
            by=by,
            at=at,
            school_id=certificate.school_id,
            number=certificate.number,
            row=entry.hash,
        )
    return entries


def _add_entries(
    certificates: Sequence[Certificate],
    event: RegisterEvent,
    *,
    reason: str | None,
    by: Actor,
    at: datetime,
) -> list[RegisterEntry]:
    """Add rows; refuse one that may not follow, or that a wrong clock would date before the last."""
    last = queries.last_entry()
    at = moment_after(at, last)
    previous, entries = last.hash if last else BEGINNING, []
    for certificate in certificates:
        require_may_follow([entry.event for entry in certificate.entries], event)
        text = row_payload(certificate, event, at=at, by_id=by.id, reason=reason)
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
        entries.append(entry)
        previous = entry.hash
    session.flush()
    entered.send(entries)
    return entries


def moment_after(at: datetime, last: RegisterEntry | None) -> datetime:
    """Return the timestamp of the next row, never earlier than the last one.

    Refuse one that is far earlier: the clock is wrong, and every date would be too.
    """
    if last and at < last.at - WAITED:
        message = N_(
            "This service’s clock is behind the register. Nothing can be issued until it is right."
        )
        raise Refused(Problem("clock", message))
    return max(at, last.at) if last else at
