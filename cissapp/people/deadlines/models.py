"""Tables of deadlines, their changes and the reminders that were sent."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.rules import DeadlineKind, DeadlineSide, ReminderMoment
from cissapp.people.schools.models import School, of_school


class Deadline(Model):
    """A date by which something is due; open until it is met.

    `person_id` names who acts next: without one it is the school or the whole group. Reminders
    count from `counted_from_at`: the opening, or the last change.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index(
            "uq_deadline_open",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text("met_at IS NULL"),
            postgresql_where=text("met_at IS NULL"),
        ),
        # Includes the date, so that a school's earliest deadline is not searched for among all schools.
        Index("ix_deadline_school_id_met_at_due_on", "school_id", "met_at", "due_on"),
        # SQLite would take NULL in `met_at` for a rare value if the index held more than open deadlines.
        Index(
            "ix_deadline_open_due_on",
            "due_on",
            sqlite_where=text("met_at IS NULL"),
            postgresql_where=text("met_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[DeadlineKind]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    first_due_on: Mapped[date]
    due_on: Mapped[date]
    opened_at: Mapped[datetime]
    counted_from_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    school: Mapped[School] = relationship(lazy="joined")
    person: Mapped[User | None] = relationship(lazy="joined")
    changes: Mapped[list["DeadlineChange"]] = relationship(
        order_by="DeadlineChange.changed_at", lazy="selectin", back_populates="deadline"
    )
    reminders: Mapped[list["DeadlineReminder"]] = relationship(lazy="select")

    group_id: Mapped[UUID] = of_school(School.group_id, school_id)
    only_for_id: Mapped[UUID | None] = of_school(School.only_for_id, school_id)

    __mapper_args__ = {"version_id_col": version}


class DeadlineChange(Model):
    """One change of a deadline's date, with its reason; both sides can read it, nobody can change it."""

    __tablename__ = "deadline_change"
    __table_args__ = (CheckConstraint("from_on <> to_on", name="moved"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadline.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    side: Mapped[DeadlineSide]
    reason: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    deadline: Mapped[Deadline] = relationship(back_populates="changes")


class CalendarFeed(Model):
    """The private address from which a person's calendar reads their deadlines; only its hash is kept."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]

    @property
    def id(self) -> UUID:
        """The person's ID, under the name that the audit trail expects."""
        return self.user_id


class DeadlineReminder(Model):
    """A reminder that was sent: once for each kind of reminder and due date."""

    __tablename__ = "deadline_reminder"

    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadline.id"), primary_key=True)
    moment: Mapped[ReminderMoment] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
