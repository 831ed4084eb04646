"""Tables of independence: conflicts of interest, roles, exceptions, mentorings, absences, guests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.rules import CaseRole, ConflictAnswer, PossibleConflict

HELD_ALONE = text("left_at IS NULL AND seat NOT IN ('mentor', 'panel')")


class Declaration(Model):
    """What a person declared about conflicts of interest with the school, before the contents opened."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("application_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    grounds: Mapped[list[str]]
    note: Mapped[str]
    answers: Mapped[dict[str, Any] | None]
    declared_at: Mapped[datetime]

    @property
    def has_conflict(self) -> bool:
        """Whether the person has a conflict of interest with the school."""
        return bool(self.grounds)

    @property
    def confirmed(self) -> frozenset[str]:
        """The possible conflicts that the person confirmed."""
        answers = self.answers or {}
        return frozenset(code for code, given in answers.items() if given == ConflictAnswer.TRUE)


class Assignment(Model):
    """A role that a person took in a case; a person has one role of a case, for good.

    `round` is the newest round for which the person holds it. A role that was handed over is kept, with
    `left_at`, and still bars the person from the other roles of the case. `done_at` is set once the work
    of the present round is submitted. `handed_back_at` says since when the holder cannot continue; the person
    holds the role until a coordinator hands it over.
    """

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        Index(
            "uq_seat_held",
            "application_id",
            "round",
            "seat",
            unique=True,
            sqlite_where=HELD_ALONE,
            postgresql_where=HELD_ALONE,
        ),
        # For the work each person has finished lately; the next index counts their open work.
        Index("ix_seat_person_id_done_at", "person_id", "done_at"),
        Index(
            "ix_seat_open",
            "person_id",
            "application_id",
            "round",
            "seat",
            sqlite_where=text("done_at IS NULL AND left_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND left_at IS NULL"),
        ),
        CheckConstraint("(left_at IS NULL) = (left_by_id IS NULL)", name="left_at_with_by"),
        # The few whose holder cannot continue, which a coordinator sees first.
        Index(
            "ix_seat_handed_back",
            "taken_at",
            "id",
            sqlite_where=text("handed_back_at IS NOT NULL"),
            postgresql_where=text("handed_back_at IS NOT NULL"),
        ),
        CheckConstraint("(left_at IS NULL) = (left_reason IS NULL)", name="left_reason_with_at"),
        CheckConstraint(
            "(handed_back_at IS NULL) = (handed_back_reason IS NULL)",
            name="handed_back_reason_with_at",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[CaseRole] = mapped_column("seat")
    round: Mapped[int]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    left_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    left_reason: Mapped[str | None]
    handed_back_at: Mapped[datetime | None]
    handed_back_reason: Mapped[str | None]

    application: Mapped[Application] = relationship()
    person: Mapped[User] = relationship(foreign_keys=[person_id])


class Waiver(Model):
    """An exception: a coordinator's reasoned statement that a possible conflict is no obstacle."""

    __tablename__ = "waiver"
    __table_args__ = (UniqueConstraint("application_id", "person_id", "hint"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    hint: Mapped[PossibleConflict]
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    application: Mapped[Application] = relationship()
    person: Mapped[User] = relationship(foreign_keys=[person_id])
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])


class Mentoring(Model):
    """A person's mentoring or training of a school; `to_on` is None while it lasts.

    The database refuses a mentoring by a person who holds a role in an open case of the school, and refuses
    a mentor any other role there than that of mentor.
    """

    __tablename__ = "mentoring"
    __table_args__ = (CheckConstraint("to_on >= from_on", name="to_on_after_from_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    school: Mapped[School] = relationship()
    person: Mapped[User] = relationship(foreign_keys=[person_id])

    user_id: Mapped[UUID] = synonym("person_id")

    @property
    def lasts(self) -> bool:
        """Whether the person still mentors the school."""
        return self.to_on is None


class Background(Model):
    """What a person of a group states for possible conflicts only: employer, municipality, phone."""

    __tablename__ = "background"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    employer: Mapped[str]
    locality: Mapped[str]
    phone: Mapped[str]
    stated_at: Mapped[datetime]

    @property
    def id(self) -> UUID:
        """The id of the person, under the name that the audit trail expects."""
        return self.person_id


class Absence(Model):
    """Days on which a person of a group does not work on cases, the last one included."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("to_on >= from_on", name="to_on_after_from_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    person: Mapped[User] = relationship(lazy="joined", foreign_keys=[person_id])

    user_id: Mapped[UUID] = synonym("person_id")

    @property
    def group_id(self) -> UUID | None:
        """The group of the person."""
        return self.person.group_id


class GuestPass(Model):
    """A guest auditor's permission to look at one case until a set time, and its purpose."""

    __tablename__ = "guest_pass"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_at_with_by"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"), unique=True)
    email: Mapped[str]
    name: Mapped[str]
    purpose: Mapped[str]
    ends_at: Mapped[datetime]
    invited_at: Mapped[datetime]
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    application: Mapped[Application] = relationship()

    def is_open(self, at: datetime) -> bool:
        """Return whether the guest may still look."""
        return self.ended_at is None and at < self.ends_at
