"""Tables of erasure requests, retention marks, holds and runs: numbers and IDs only, no contents."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Counter, Model, new_id
from cissapp.oversee.personal_data.rules.retention import MarkOutcome, RetentionRule

OPEN = text("stopped_at IS NULL AND done_at IS NULL")


class ErasureRequest(Model):
    """A request to erase a person, by that person or for one who left. It waits, and can be stopped."""

    __tablename__ = "erasure_request"
    __table_args__ = (
        CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by_id IS NULL)", name="stopped_at_with_by"
        ),
        CheckConstraint("stopped_at IS NULL OR done_at IS NULL", name="stopped_or_done"),
        Index(
            "uq_erasure_request_open",
            "user_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime] = mapped_column(index=True)
    stopped_at: Mapped[datetime | None]
    stopped_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]


class RetentionMark(Model):
    """A notice that something will be deleted: those concerned were told, and until then it can be held."""

    __tablename__ = "retention_mark"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_at_with_outcome"),
        Index(
            "uq_retention_mark_open",
            "rule",
            "subject_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # In the order of the list.
        Index(
            "ix_retention_mark_due",
            "due_at",
            "id",
            sqlite_where=text("ended_at IS NULL AND user_id IS NULL"),
            postgresql_where=text("ended_at IS NULL AND user_id IS NULL"),
        ),
        # Partial, or SQLite would use it for the list, in which the column is empty.
        Index(
            "ix_retention_mark_user_id",
            "user_id",
            sqlite_where=text("user_id IS NOT NULL"),
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rule: Mapped[RetentionRule]
    # A school, or a person; no foreign key: the mark outlives what it was about.
    subject_id: Mapped[UUID]
    school_id: Mapped[UUID | None] = mapped_column(index=True)
    user_id: Mapped[UUID | None]
    marked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    # A school is notified with each mark, its national group of all new marks together.
    group_told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[MarkOutcome | None]


class RetentionHold(Model):
    """A hold: nothing of a school may be deleted for a time, with the reason."""

    __tablename__ = "retention_hold"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_at_with_by"),
        Index(
            "ix_retention_hold_open",
            "until_on",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("national_group.id"), index=True)
    reason: Mapped[str]
    until_on: Mapped[date]
    held_at: Mapped[datetime]
    held_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class RetentionRun(Model):
    """What a rule did on a day: numbers only."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    rule: Mapped[RetentionRule]
    marked: Mapped[int]
    held: Mapped[int]
    gone: Mapped[int]
