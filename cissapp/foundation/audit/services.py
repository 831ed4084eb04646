"""Writes and checks the audit trail."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from blinker import Signal
from sqlalchemy import func, insert, select

from cissapp.foundation.audit.models import AuditEntry, AuditSeal
from cissapp.foundation.audit.rules import Event, seal
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import canonical, session

# Entries of transactions that are still open may get lower numbers than those already seen.
SETTLED_AFTER = timedelta(minutes=10)
BATCH = 1000
# Reading a document page by page counts as reading it once.
READ_AGAIN_AFTER = timedelta(hours=1)
# Sent inside the transaction, with the event as its sender and what the line is about.
recorded = Signal("a line was added to the trail")
# The columns that a line's hash covers, in the order of its text.
HASHED = (
    "at",
    "event",
    "actor_id",
    "actor_role",
    "subject_type",
    "subject_id",
    "school_id",
    "facts",
)


def record(
    event: Event,
    subject: Any,
    *,
    by: Actor,
    at: datetime,
    school_id: UUID | None = None,
    **facts: Any,
) -> None:
    """Add a line to the audit trail, in the transaction of the change itself.

    `subject` is a row (its table's name and id are kept) or a pair of kind and id. Facts are plain values;
    never the text of a document, an answer or a password.
    """
    kind, key = subject if isinstance(subject, tuple) else (subject.__tablename__, subject.id)
    values = line_values(event, (kind, key), by=by, at=at, school_id=school_id, **facts)
    session.add(AuditEntry(**values))
    recorded.send(event, subject=subject, by=by, at=at, school_id=school_id, facts=facts)


def record_each(
    event: Event,
    subjects: Iterable[tuple[Any, dict[str, Any]]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Add a line for each of many rows that have a `school_id`, with its facts, in one statement and without a signal."""
    rows = [
        line_values(
            event, (row.__tablename__, row.id), by=by, at=at, school_id=row.school_id, **facts
        )
        for row, facts in subjects
    ]
    if rows:
        session.flush()
        session.execute(insert(AuditEntry), rows)


def was_read_lately(event: Event, thing: tuple[str, Any], *, by: Actor, at: datetime) -> bool:
    """Return whether the audit trail shows that this person read this thing within the last hour."""
    kind, key = thing
    again = select(AuditEntry.id).where(
        AuditEntry.subject_id == str(key),
        AuditEntry.subject_type == kind,
        AuditEntry.event == event,
        AuditEntry.actor_id == by.id,
        AuditEntry.at > at - READ_AGAIN_AFTER,
    )
    return session.scalar(again.limit(1)) is not None


def line_values(
    event: Event,
    subject: tuple[str, Any],
    *,
    by: Actor,
    at: datetime,
    school_id: UUID | None = None,
    **facts: Any,
) -> dict[str, Any]:
    """Return a line as the values of its columns, for a statement that writes the change and its line together."""
    kind, key = subject
    values = {
        "at": at.astimezone(UTC),  # as the database gives it back: the hash is over the same text
        "event": event,
        "actor_id": by.id,
        "actor_role": by.role,
        "subject_type": kind,
        "subject_id": str(key),
        "school_id": school_id,
        "facts": facts,
    }
    return {**values, "hash": _hash_of(_text(values))}


def entry_text(entry: AuditEntry) -> str:
    """Return the canonical text of an entry, which is hashed."""
    return _text({name: getattr(entry, name) for name in HASHED})


def _text(values: Mapping[str, Any]) -> str:
    return canonical([values[name] for name in HASHED])


def _hash(entry: AuditEntry) -> str:
    return _hash_of(entry_text(entry))


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def seal_settled(at: datetime) -> AuditSeal | None:
    """Seal the entries that have settled since the last seal; return None if there are none."""
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    since = last.up_to_id if last else 0
    up_to = session.scalar(
        select(func.max(AuditEntry.id)).where(
            AuditEntry.id > since, AuditEntry.at < at - SETTLED_AFTER
        )
    )
    if up_to is None:
        return None
    hashes = _hashes(since, up_to)
    new = AuditSeal(
        at=at,
        up_to_id=up_to,
        count=len(hashes),
        hash=seal(last.hash if last else "", hashes),
    )
    session.add(new)
    session.flush()
    return new


def _hashes(after: int, up_to: int) -> list[str]:
    rows = select(AuditEntry.hash).where(AuditEntry.id > after, AuditEntry.id <= up_to)
    return list(session.scalars(rows.order_by(AuditEntry.id)))


def first_fault() -> str | None:
    """Describe the first entry or seal that was changed, or return None if the audit trail is intact."""
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(BATCH):
        if entry.hash != _hash(entry):
            return f"entry {entry.id} ({entry.event}) was changed"
    previous, since = "", 0
    for one in session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        hashes = _hashes(since, one.up_to_id)
        if len(hashes) != one.count or seal(previous, hashes) != one.hash:
            return f"entries {since + 1} to {one.up_to_id} differ from those that were sealed"
        previous, since = one.hash, one.up_to_id
    return None
