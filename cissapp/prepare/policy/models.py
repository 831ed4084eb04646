"""Tables of the policy studio: answers, what a school does with clauses, its own paragraphs, pages named as evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.policy.rules.clauses import ClauseChoice


class PolicyDraft(Model):
    """The policy of a school in the studio; one row a school.

    `known` are the clauses of the library that were there when the school last put its policy into its
    documents, None before the first time; `document_id` is the document that it became.
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
    """An answer to a question of the library: options by their names, or one text, number or day."""

    __tablename__ = "policy_answer"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    said: Mapped[list[str]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID]


class PolicyWording(Model):
    """A clause as the library had it at some time, in all languages; kept once for all schools, by its digest."""

    __tablename__ = "policy_wording"

    digest: Mapped[str] = mapped_column(primary_key=True)
    clause_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    said: Mapped[dict[str, Any]]
    stored_at: Mapped[datetime]


class PolicyClause(Model):
    """What a school does with a clause, and the wording that it knew then.

    `own` are the school's words by audience, in `language`; `declined` is the digest of the newer wording
    that the school did not want, "gone" for a clause that the library gave up.
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
