"""Tables of what was confirmed, and of what was taken out."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.foundation.safeguards.rules import RemovalReason

# As docs/operating.md asks of backups: older ones are deleted.
BACKUPS_KEPT = timedelta(days=35)


class Confirmation(Model):
    """That a person looked again and confirmed that no child is named or shown; how many signs of which kind.

    It holds nothing of what was marked. `subject_type` is a table or the address of a form.
    """

    __tablename__ = "confirmation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID | None] = mapped_column(index=True)
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None] = mapped_column(index=True)
    counts: Mapped[dict[str, Any]]
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[UUID | None]


class Removal(Model):
    """That something was taken out because it should never have come in: what, when, by whom, why.

    `subject_key` says which part of the subject, such as a criterion. Nothing of the content is kept.
    """

    __tablename__ = "removal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(index=True)
    application_id: Mapped[UUID | None] = mapped_column(index=True)
    subject_type: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    subject_key: Mapped[str | None]
    reason: Mapped[RemovalReason]
    removed_at: Mapped[datetime]
    removed_by_id: Mapped[UUID]

    @property
    def gone_from_backups_on(self) -> date:
        """The day on which the last backup that was made before is deleted."""
        return (self.removed_at + BACKUPS_KEPT).date()


class Amendment(Model):
    """That a kept text was replaced by itself without the removed part; the database lets nothing else change it.

    The hashes are those of the whole text before and after; a text has a chain of them, by number.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        UniqueConstraint("subject_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    removal_id: Mapped[UUID] = mapped_column(index=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int]
    sha256: Mapped[str]
    length: Mapped[int]
    amended_at: Mapped[datetime]
