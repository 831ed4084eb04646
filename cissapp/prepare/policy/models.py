"""Tables of the policy studio: answers, choices on clauses, own paragraphs, and pages cited as evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.policy.rules.clauses import ClauseChoice


class PolicyDraft(Model):
    """The policy of a school in the studio; one row per school.

    `known` are the clauses in the library when the school last added its policy to its documents, None before
    the first time; `document_id` is the document that holds it.
    """

    __tablename__ = "policy_draft"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    language: Mapped[str]
    known: Mapped[list[str] | None]
    library_version: Mapped[str] = mapped_column(default="")
    document_id: Mapped[UUID | None]
    taken_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID]

    @property
    def id(self) -> UUID:
        """The school's id, under the name that the audit trail asks for."""
        return self.school_id


class PolicyAnswer(Model):
    """An answer to a question of the library: names of options, or a single text, number or date."""

    __tablename__ = "policy_answer"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    said: Mapped[list[str]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID]


class PolicyWording(Model):
    """A version of a clause of the library in all languages, stored once for all schools by its digest."""

    __tablename__ = "policy_wording"

    digest: Mapped[str] = mapped_column(primary_key=True)
    clause_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    said: Mapped[dict[str, Any]]
    stored_at: Mapped[datetime]


class PolicyClause(Model):
    """The choice of a school for a clause, and the wording at that time.

    `own` is the school's wording by audience, in `language`; `declined` is the digest of a newer wording
    that the school declined, or "gone" for a clause that was removed from the library.
    """

    __tablename__ = "policy_clause"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[ClauseChoice]
    wording_digest: Mapped[str] = mapped_column(ForeignKey("policy_wording.digest"))
    own: Mapped[dict[str, Any]]
    language: Mapped[str]
    reason: Mapped[str]
    declined: Mapped[str]
    chosen_at: Mapped[datetime]
    chosen_by_id: Mapped[UUID]

    wording: Mapped[PolicyWording] = relationship(lazy="joined")

    @property
    def id(self) -> str:
        """School and clause, under the name that the audit trail asks for."""
        return f"{self.school_id}/{self.clause_id}"


class PolicyParagraph(Model):
    """A paragraph that a school added to a section of its policy."""

    __tablename__ = "policy_paragraph"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    section: Mapped[str]
    text: Mapped[str]
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID]


class PolicyPages(Model):
    """The pages of the policy document that cover a criterion, as the studio named them."""

    __tablename__ = "policy_pages"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[UUID]
    pages: Mapped[str]
    named_at: Mapped[datetime]
