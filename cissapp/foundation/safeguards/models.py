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
    """A person's confirmation that no child is named or shown, with the number of signs of each kind.

    It holds none of the marked text. `subject_type` is a table or the endpoint of a form.
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
    """The removal of something that should never have been uploaded: what, when, by whom, why.

    `subject_key` is the part of the subject, such as a criterion. None of the content is kept.
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
        """The date on which the last backup made before the removal is deleted."""
        return (self.removed_at + BACKUPS_KEPT).date()


class Amendment(Model):
    """A kept text's replacement by a copy without the removed part; the database allows no other change.

    The hash and length are those of the text after the amendment; a text's amendments are numbered in a chain.
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
