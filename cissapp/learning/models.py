"""Tables of lessons read, attempts and passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.core.db import Model, new_id
from cissapp.learning.rules import AttemptState


class LessonProgress(Model):
    """A lesson that a person opened, and perhaps finished."""

    __tablename__ = "lesson_progress"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(primary_key=True)
    lesson_id: Mapped[str] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Attempt(Model):
    """One go at the quiz of a module. It keeps the rules and keys that it was drawn with."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index(
            "uq_attempt_open",
            "user_id",
            "module_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempt_user_module", "user_id", "module_id"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_at_with_state"),
        CheckConstraint(
            "(closed_at IS NULL) = (right_count IS NULL)", name="right_count_with_closed_at"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    module_id: Mapped[str]
    module_version: Mapped[int]
    pass_percent: Mapped[int]
    state: Mapped[AttemptState]
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    right_count: Mapped[int | None]

    questions: Mapped[list["AttemptQuestion"]] = relationship(
        order_by="AttemptQuestion.position", lazy="selectin"
    )


class AttemptQuestion(Model):
    """A drawn question: the order of its options, the key at the draw, and the answer."""

    __tablename__ = "attempt_question"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str]
    options: Mapped[list[str]]
    key: Mapped[list[str]]
    chosen: Mapped[list[str] | None]
    sequence: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]


class ModulePass(Model):
    """That a person passed a module: once, and for good."""

    __tablename__ = "module_pass"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"))
    passed_at: Mapped[datetime]
