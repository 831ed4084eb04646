"""The table of photographs that wait to become a document."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.documents.photographs.rules import PhotographSet
from cissapp.prepare.documents.rules import TextSource


class Photograph(Model):
    """A page made from a photograph: its JPEG, a small one, and the text read in it by machine.

    `sha256` is the hash of the upload, so that a photo is not added twice; the photo itself is not kept.
    `document_id` is the document that gets a new version, or None for a new document. `words` are the
    words with left, top, width and height in pixels.
    """

    __tablename__ = "photograph"
    __table_args__ = (Index("ix_photograph_user_document", "user_id", "document_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    document_id: Mapped[UUID | None]
    position: Mapped[int]
    file_name: Mapped[str]
    sha256: Mapped[str]
    file_key: Mapped[str] = mapped_column(unique=True)
    small_file_key: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    source: Mapped[TextSource]
    text: Mapped[str]
    words: Mapped[list[Any]] = mapped_column(JSON, deferred=True)
    added_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def gathered_in(self) -> PhotographSet:
        """The set of photographs to which this one belongs."""
        return PhotographSet(self.school_id, self.user_id, self.document_id)
