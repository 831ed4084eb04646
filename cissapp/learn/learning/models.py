"""Tables of lessons read, attempts and their answers, passes, and what a learner asked for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.content.schema import Policy
from cissapp.foundation.core.db import Model, new_id
from cissapp.learn.learning.rules import AttemptPurpose, AttemptState, ExtraTime, LateReason


class LessonProgress(Model):
    """A lesson that a person opened, and perhaps finished, in the version that was read last."""

    __tablename__ = "lesson_progress"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(primary_key=True)
    lesson_id: Mapped[str] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_version: Mapped[int] = mapped_column(default=1)


class QuestionVersion(Model):
    """A question as it was once asked, key and all texts; written at its first draw, never changed."""

    __tablename__ = "question_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    module_id: Mapped[str]
    question_id: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]]
    first_asked_at: Mapped[datetime]


class Attempt(Model):
    """One attempt at the quiz or a short test of a module. It keeps the policy it began with.

    `points` are hundredths of a question, `total` counts the questions that were not voided.
    """

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
            "(state IN ('passed', 'failed', 'closed')) = (points IS NOT NULL)",
            name="points_with_state",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    module_id: Mapped[str]
    module_version: Mapped[int]
    purpose: Mapped[AttemptPurpose] = mapped_column(default=AttemptPurpose.QUIZ)
    language: Mapped[str] = mapped_column(default="en")
    policy_document: Mapped[dict[str, Any]]
    state: Mapped[AttemptState]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    points: Mapped[int | None]
    total: Mapped[int]

    questions: Mapped[list["AttemptQuestion"]] = relationship(
        order_by="AttemptQuestion.position", lazy="selectin"
    )

    @property
    def policy(self) -> Policy:
        """The policy that the attempt was begun with."""
        return Policy.model_validate(self.policy_document)


class AttemptQuestion(Model):
    """A drawn question: its version, the order of its parts, the answer, and what it earned."""

    __tablename__ = "attempt_question"
    __table_args__ = (Index("ix_attempt_question_question", "question_id"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str]
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("question_version.id"))
    options: Mapped[list[str]]
    chosen: Mapped[list[str] | None]
    sequence: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]
    points: Mapped[int | None]


class LateAnswer(Model):
    """An answer that came too late to count: kept with the attempt and shown, never dropped.

    `made_at` is the time by the device's clock, and may be wrong by days.
    """

    __tablename__ = "late_answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position", "chosen_digest", name="uq_late_answer_same"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), index=True)
    position: Mapped[int]
    chosen: Mapped[list[str]]
    chosen_digest: Mapped[str]
    reason: Mapped[LateReason]
    made_at: Mapped[datetime | None]
    received_at: Mapped[datetime]


class VoidedQuestion(Model):
    """A faulty question: it is drawn no more, and counts in no attempt."""

    __tablename__ = "voided_question"

    module_id: Mapped[str] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    voided_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    voided_at: Mapped[datetime]


class ModulePass(Model):
    """A person's pass of a module: once, and permanent. The version is that of the latest pass."""

    __tablename__ = "module_pass"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"))
    passed_at: Mapped[datetime]
    module_version: Mapped[int] = mapped_column(default=1)


class Learner(Model):
    """What a person asked for in learning: more time, no reminders; and when the last reminder went."""

    __tablename__ = "learner"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    extra_time: Mapped[ExtraTime] = mapped_column(default=ExtraTime.NONE)
    reminders_stopped_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    reminders_sent: Mapped[int] = mapped_column(default=0)
