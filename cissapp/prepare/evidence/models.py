"""Tables of documents, the reporting mechanism and the self-assessment."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.evidence.rules import (
    ChannelKind,
    ChannelMedium,
    MediaType,
    PictureSize,
    VersionState,
)


class Document(Model):
    """A document of the school, such as its safety policy; its texts are its versions."""

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
    served: the file without the names and places in it, under a hash of its own; a version from
    before there were copies has none until `ciss daily` made it. `pages` is None where the kind has
    no fixed pages. `file_key` is None once the file was taken out for good. The four days are facts of the school about what the document shows.
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
    """A picture of a page, drawn when it was first looked at; no file, if it could not be drawn.

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


class DossierLock(Model):
    """That the dossier of a school is handed in: only these criteria are open until it comes back."""

    __tablename__ = "dossier_lock"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    open_criteria: Mapped[list[str]]
    locked_at: Mapped[datetime]


class ReportingMechanism(Model):
    """How a child or an adult can report at this school; one row a school, its lists beside it.

    The numbers are hours and working days, as criterion B7 counts them.
    """

    __tablename__ = "reporting_mechanism"
    __table_args__ = (
        CheckConstraint(
            "crime_hours > 0 AND answer_days > 0 AND plan_days > 0", name="limits_positive"
        ),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    crime_hours: Mapped[int | None]
    answer_days: Mapped[int | None]
    plan_days: Mapped[int | None]
    confidentiality: Mapped[str | None]
    no_retaliation: Mapped[str | None]
    about_staff: Mapped[str | None]
    evidence_rule: Mapped[str | None]
    never_handles_images: Mapped[bool] = mapped_column(default=False)
    pupil_languages: Mapped[list[str]] = mapped_column(default=list)
    out_of_hours: Mapped[str | None]
    holiday_cover: Mapped[str | None]
    parents_contact: Mapped[str | None]
    about_head_id: Mapped[UUID | None]
    about_person_id: Mapped[UUID | None]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID]

    @property
    def id(self) -> UUID:
        """The school's id, under the name that the audit trail asks for."""
        return self.school_id


class ReportingPerson(Model):
    """An adult who receives reports, by office; no private data."""

    __tablename__ = "reporting_person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    office: Mapped[str]
    contact: Mapped[str]
    hours: Mapped[str]
    is_head: Mapped[bool] = mapped_column(default=False)
    trained: Mapped[bool] = mapped_column(default=False)
    alternate: Mapped[bool] = mapped_column(default=False)
    independent: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]


class ReportingChannel(Model):
    """A way to report; `opens` and `closes` are "HH:MM" on working days, in the time of the country."""

    __tablename__ = "reporting_channel"
    __table_args__ = (
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="opens_with_closes"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    kind: Mapped[ChannelKind]
    description: Mapped[str]
    contact: Mapped[str]
    hours: Mapped[str]
    in_holidays: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    medium: Mapped[ChannelMedium | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    opens: Mapped[str | None]
    closes: Mapped[str | None]
    for_adults: Mapped[bool] = mapped_column(default=False)
    past_head: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]


class EscalationStep(Model):
    """An outside body that is called: when, who, how."""

    __tablename__ = "escalation_step"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    body: Mapped[str]
    when_called: Mapped[str]
    contact: Mapped[str]
    added_at: Mapped[datetime]


class ToldOffice(Model):
    """An office that is told of a report: its turn, and what it learns."""

    __tablename__ = "told_office"
    __table_args__ = (CheckConstraint("place BETWEEN 1 AND 9", name="place_1_to_9"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    place: Mapped[int]
    office: Mapped[str]
    learns: Mapped[str]
    added_at: Mapped[datetime]


class SelfScore(Model):
    """How the school scores itself on a criterion, how it meets it, and what shows it."""

    __tablename__ = "self_score"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 3", name="level_0_to_3"),
        CheckConstraint("not_applicable = (level IS NULL)", name="level_unless_not_applicable"),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str]
    pages: Mapped[str]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID]

    evidence: Mapped[list["SelfEvidence"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=False
    )

    @property
    def id(self) -> str:
        """The criterion, under the name that the audit trail asks for."""
        return f"{self.school_id}/{self.criterion_id}"

    @property
    def document_ids(self) -> frozenset[UUID]:
        """The documents that show it."""
        return frozenset(one.document_id for one in self.evidence)

    @property
    def anchors(self) -> dict[UUID, str]:
        """The pages that show it, by document; a document without pages named is left out."""
        return {one.document_id: one.pages for one in self.evidence if one.pages}


class SelfEvidence(Model):
    """A document that shows a criterion, and its pages that do, as in "3-4, 7"; empty for all of it."""

    __tablename__ = "self_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "criterion_id"], ["self_score.school_id", "self_score.criterion_id"]
        ),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    pages: Mapped[str] = mapped_column(default="")
