"""Tables of uploads that come in parts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.documents.uploads.rules import UploadState, percent


class Upload(Model):
    """A file in progress: what was announced, and how much of it is on the disk.

    A used one keeps the id of its document, so that a form that is sent twice makes one document.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("size > 0 AND received BETWEEN 0 AND size", name="received_within_size"),
        CheckConstraint("(state = 'receiving') = (received < size)", name="received_with_state"),
        CheckConstraint("(state = 'used') = (document_id IS NOT NULL)", name="document_with_state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    file_name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    received: Mapped[int] = mapped_column(default=0)
    state: Mapped[UploadState]
    document_id: Mapped[UUID | None]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def percent(self) -> int:
        """How much has arrived, in whole per cent."""
        return percent(self.received, self.size)


class UploadPart(Model):
    """A piece of a file, stored under a key of its own before it was acknowledged."""

    __tablename__ = "upload_part"
    __table_args__ = (UniqueConstraint("upload_id", "begins"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("upload.id"))
    begins: Mapped[int]
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(unique=True)
