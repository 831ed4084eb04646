"""Tables of threads and their comments. A comment never changes; only its text can be removed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application, of_applicant, of_application
from cissapp.prepare.documents.models import Document
from cissapp.review.discussions.rules import Audience, CommentSide


class Thread(Model):
    """What is said about a criterion or a page of a document, through all rounds of an application."""

    __tablename__ = "thread"
    __table_args__ = (
        CheckConstraint("criterion_id IS NOT NULL OR document_id IS NOT NULL", name="subject"),
        CheckConstraint("(document_id IS NULL) = (page IS NULL)", name="page_with_document"),
        CheckConstraint("page >= 1", name="page_from_1"),
        CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by_id IS NULL)", name="resolved_at_with_by"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    audience: Mapped[Audience]
    criterion_id: Mapped[str | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    page: Mapped[int | None]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    told_school_at: Mapped[datetime | None]
    told_group_at: Mapped[datetime | None]
    school_waits: Mapped[bool] = mapped_column(default=False)
    group_waits: Mapped[bool] = mapped_column(default=False)

    application: Mapped[Application] = relationship(lazy="joined")
    document: Mapped[Document | None] = relationship()
    comments: Mapped[list["Comment"]] = relationship(
        order_by="Comment.written_at, Comment.id", back_populates="thread", lazy="selectin"
    )

    school_id: Mapped[UUID] = of_application(Application.school_id, application_id)
    group_id: Mapped[UUID] = of_applicant(School.group_id, application_id)
    only_for_id: Mapped[UUID | None] = of_applicant(School.only_for_id, application_id)


class Comment(Model):
    """What a person wrote, in which round, and beside which version of the document.

    The database refuses every change but one: removing a text that holds what must not be here.
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("(text IS NULL) = (removed_at IS NOT NULL)", name="text_until_removed"),
        CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_at_with_by"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id"), index=True)
    side: Mapped[CommentSide]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    round: Mapped[int]
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("document_version.id"))
    version_number: Mapped[int | None]
    text: Mapped[str | None]
    written_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    thread: Mapped[Thread] = relationship(back_populates="comments")
    author: Mapped[User] = relationship(foreign_keys=[author_id], lazy="selectin")
