"""Tables of the awareness rounds: counters, and nothing about who answered or when.

An answer has no row: it adds one to a counter of each question. A used ticket is kept as a
fingerprint until its round has ended, so that it counts once; it reveals nothing about the answer.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.awareness.rules.questions import Question
from cissapp.prepare.awareness.rules.rounds import RoundKind, is_over, shown_at_end


class AwarenessRound(Model):
    """One round of questions to the pupils of a school, under a code; it holds dates, but no times.

    `answers` is the number received, `shown` the number that the figures were based on when last shown.
    """

    __tablename__ = "awareness_round"
    __table_args__ = (
        CheckConstraint("0 <= shown AND shown <= answers", name="shown_of_answers"),
        CheckConstraint("expected > 0", name="expected_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    kind: Mapped[RoundKind]
    expected: Mapped[int]
    opened_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    compared_with_id: Mapped[UUID | None] = mapped_column(ForeignKey("awareness_round.id"))
    opened_by_id: Mapped[UUID]
    answers: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)

    counters: Mapped[list["AwarenessCounter"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )

    def is_over(self, today: date) -> bool:
        """Check whether the round has ended, by its last day or because the school ended it."""
        return is_over(self.ends_on, self.ended_on, today)

    def figures_of(self, today: date) -> int:
        """Return how many answers its figures are based on today; 0 if none are shown."""
        return shown_at_end(self.answers, self.shown) if self.is_over(today) else self.shown


class AwarenessCounter(Model):
    """How often an answer was tapped in a round, and how often in the figures that were last shown."""

    __tablename__ = "awareness_counter"
    __table_args__ = (CheckConstraint("0 <= shown AND shown <= answers", name="shown_of_answers"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("awareness_round.id"), primary_key=True)
    question: Mapped[Question] = mapped_column(primary_key=True)
    option: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)


class UsedTicket(Model):
    """The fingerprint of a ticket that was used in a round that is still open."""

    __tablename__ = "awareness_ticket"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("awareness_round.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
