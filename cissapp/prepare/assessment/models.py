"""Tables of the self-assessment: the scores, the documents that show them, and those chosen for a part."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model


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
        """The id of the criterion, under the name that the audit trail uses."""
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


class PartEvidence(Model):
    """A document that was chosen once for a part, so that it only has to be ticked at its criteria."""

    __tablename__ = "part_evidence"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
