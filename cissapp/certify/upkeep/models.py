"""Tables for the upkeep of a certificate: confirmations, quorum gaps, mails that were sent."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.core.db import Model, new_id
from cissapp.people.schools.models import School, of_school


class YearConfirmation(Model):
    """The head's confirmation of a year of a certificate; never changed. Numbers and dates, no names."""

    __tablename__ = "year_confirmation"
    __table_args__ = (
        UniqueConstraint("certificate_id", "year"),
        CheckConstraint("year >= 1", name="year_from_1"),
        CheckConstraint("staff_trained BETWEEN 0 AND staff_total", name="trained_of_total"),
        CheckConstraint("classes_taught >= 0", name="classes_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    year: Mapped[int]
    phones_tested_on: Mapped[date]
    policy_review_on: Mapped[date]
    staff_total: Mapped[int]
    staff_trained: Mapped[int]
    classes_taught: Mapped[int]
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    certificate: Mapped[Certificate] = relationship(lazy="joined")


class QuorumGap(Model):
    """A certified school's lack of trained people: since when, and whether the group was asked.

    `lost_at` is when it happened, `noted_at` when it was recorded and announced.
    """

    __tablename__ = "quorum_gap"
    __table_args__ = (
        Index(
            "uq_quorum_gap_open",
            "school_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_quorum_gap_longest",
            "lost_at",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    lost_at: Mapped[datetime]
    noted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    school: Mapped[School] = relationship(lazy="joined")

    group_id: Mapped[UUID] = of_school(School.group_id, school_id)


class ReminderSent(Model):
    """A mail about a certificate's days that went out; each step of each matter at most once."""

    __tablename__ = "reminder_sent"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    matter: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
