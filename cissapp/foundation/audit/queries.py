"""Reads of the audit trail."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select

from cissapp.foundation.audit.models import AuditEntry, AuditSeal
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session

BATCH = 1000


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


def actors_of(event: Event, subject_type: str, subject_id: object) -> set[UUID]:
    """Return who caused an event of a row, however often others did so later."""
    query = select(AuditEntry.actor_id).where(
        AuditEntry.subject_type == subject_type,
        AuditEntry.subject_id == str(subject_id),
        AuditEntry.event == event,
    )
    return {one for one in session.scalars(query) if one is not None}


def has_happened(event: Event) -> bool:
    """Return whether the trail has an entry of this kind."""
    first = select(AuditEntry.id).where(AuditEntry.event == event).limit(1)
    return session.scalar(first) is not None


# --- rows beside the trail ---------------------------------------------------------------------


class TrailFacts(Struct, frozen=True):
    """What the audit trail says about rows of a kind: the newest facts of each, and when it begins."""

    facts: Mapping[str, Mapping[str, Any]]
    since: datetime | None

    def fault(self, key: object, at: datetime, now: Mapping[str, Any]) -> str | None:
        """Describe how a row dated `at` differs from what was recorded, or return None.

        `now` are the facts of the row by their names in the audit trail. What an older version of this
        software did not record cannot be compared.
        """
        then = self.facts.get(str(key))
        if then is None:
            recorded = self.since is not None and at >= self.since
            return "is not in the audit trail" if recorded else None
        wrong = [name for name, value in now.items() if then.get(name, value) != value]
        return f"differs from the audit trail in {', '.join(wrong)}" if wrong else None


def recorded(*events: Event) -> TrailFacts:
    """Return what the audit trail says about the rows that these events concern."""
    query = select(AuditEntry.subject_id, AuditEntry.facts).where(AuditEntry.event.in_(events))
    rows = session.execute(query.order_by(AuditEntry.id)).yield_per(BATCH)
    facts = {subject_id: dict(found) for subject_id, found in rows}
    return TrailFacts(facts, session.scalar(select(func.min(AuditEntry.at))))


def faults(
    what: str, rows: Iterator[tuple[object, datetime, Mapping[str, Any]]], trail: TrailFacts
) -> Iterator[str]:
    """Describe each row that differs from the audit trail; `rows` are keys, timestamps and facts."""
    for key, at, now in rows:
        fault = trail.fault(key, at, now)
        if fault:
            yield f"{what} {key}: {fault}"


# --- how far the trail goes ----------------------------------------------------------------------


class TrailExtent(Struct, frozen=True):
    """How far the audit trail reaches: its last seal, its last entry, and the entries between them."""

    seal_id: int = 0
    seal_hash: str = ""
    sealed_up_to: int = 0
    last_id: int = 0
    after_seal: int = 0


def extent() -> TrailExtent:
    """Return how far the audit trail reaches now."""
    seal = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    last = session.scalar(select(func.max(AuditEntry.id))) or 0
    up_to = seal.up_to_id if seal else 0
    known = (seal.id, seal.hash, seal.up_to_id) if seal else (0, "", 0)
    return TrailExtent(*known, last, count_between(up_to, last))


def newest_moment() -> datetime | None:
    """Return the time of the entry that was added last, whatever the clock said before; None if there is none."""
    return session.scalar(select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1))


def ends_of_days(since: datetime | None, until: datetime) -> list[datetime]:
    """List the times of the first and the last entry of each day between two moments, both included."""
    first, last = func.min(AuditEntry.at), func.max(AuditEntry.at)
    query = select(first, last).where(AuditEntry.at <= until).group_by(func.date(AuditEntry.at))
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    return [moment for day in session.execute(query) for moment in day]


def count_between(after: int, up_to: int) -> int:
    """Count the entries after one, up to another."""
    query = select(func.count()).where(AuditEntry.id > after, AuditEntry.id <= up_to)
    return session.scalar(query) or 0


def describe_loss(kept: TrailExtent) -> str | None:
    """Describe what is missing from the audit trail compared with a saved extent, or return None."""
    if kept.seal_id:
        query = select(AuditSeal.hash).where(AuditSeal.id == kept.seal_id)
        if session.scalar(query) != kept.seal_hash:
            return (
                f"the seal of the entries up to {kept.sealed_up_to} differs from the one recorded in"
                " the file store"
            )
    there = count_between(kept.sealed_up_to, kept.last_id)
    if there < kept.after_seal:
        return (
            f"entries {kept.sealed_up_to + 1} to {kept.last_id}: {kept.after_seal - there} of"
            f" {kept.after_seal} missing"
        )
    return None
