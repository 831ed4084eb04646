"""The tables of the audit trail. No foreign keys: an entry outlives its subject."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import Counter, Model
from cissapp.foundation.core.roles import Role


class AuditEntry(Model):
    """One thing that happened."""

    __tablename__ = "audit_entry"
    # Every list of many schools queries the last action of each.
    __table_args__ = (
        Index("ix_audit_entry_school_id_actor_role_at", "school_id", "actor_role", "at"),
        # The order of the list.
        Index("ix_audit_entry_at_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    event: Mapped[Event]
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_role: Mapped[Role | None]
    subject_type: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    school_id: Mapped[UUID | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    hash: Mapped[str]


class AuditSeal(Model):
    """A seal over all entries up to one: a later change or loss of any of them is found."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    up_to_id: Mapped[int] = mapped_column(unique=True)
    count: Mapped[int]
    hash: Mapped[str]
