"""Tables of the documents of a school, the pictures of their pages, and the lock of a school's evidence."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.foundation.intake.media import MediaType
from cissapp.prepare.documents.rules import PictureSize, VersionState


class Document(Model):
    """A document of the school, such as its safety policy; its content is in its versions."""

    __tablename__ = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    title: Mapped[str]
    evidence_code: Mapped[str]
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID]

    versions: Mapped[list["DocumentVersion"]] = relationship(
        order_by="DocumentVersion.number", back_populates="document", lazy="selectin"
    )


class DocumentVersion(Model):
    """One version of a document: a stored file that never changes.

    `sha256` is the hash of the original, which the school keeps. `copy_file_key` names what others are
    served: the file without names and places, under a hash of its own; a version from before copies were
    made has none until `ciss daily` makes it. `pages` is None if the file type has no fixed pages.
    `page_sources` holds the source of the text of each page (`TextSource`); None if all of it is the
    file's own. `file_key` is None once the file was removed for good. The four dates are set by the school.
    """

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    number: Mapped[int]
    state: Mapped[VersionState]
    file_key: Mapped[str | None] = mapped_column(unique=True)
    file_name: Mapped[str]
    media_type: Mapped[MediaType]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    pages: Mapped[int | None]
    page_texts: Mapped[list[str] | None] = mapped_column(deferred=True)
    page_sources: Mapped[list[str] | None]
    found: Mapped[list[str] | None]
    copy_file_key: Mapped[str | None] = mapped_column(unique=True)
    copy_sha256: Mapped[str | None]
    copy_size: Mapped[int | None]
    evidence_on: Mapped[date | None]
    covers_from: Mapped[date | None]
    covers_to: Mapped[date | None]
    expires_on: Mapped[date | None] = mapped_column(index=True)
    reminded_days: Mapped[int | None]
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[UUID]

    document: Mapped[Document] = relationship(back_populates="versions")


class PagePicture(Model):
    """A picture of a page, drawn at first view or ahead of it; without a file if it could not be drawn.

    `width` and `height` are in pixels, `size` is one of the sizes that are drawn.
    """

    __tablename__ = "page_picture"
    __table_args__ = (
        CheckConstraint("(file_key IS NULL) = (sha256 IS NULL)", name="hash_with_file"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_version.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[PictureSize] = mapped_column(primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    file_key: Mapped[str | None] = mapped_column(unique=True)
    sha256: Mapped[str | None]
    drawn_at: Mapped[datetime]


class EvidenceLock(Model):
    """The lock of a submitted application: only these criteria are open until it comes back or is decided.

    A certificate keeps it, for the answers alone, until the next application opens.
    """

    __tablename__ = "dossier_lock"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    open_criteria: Mapped[list[str]]
    locked_at: Mapped[datetime]
