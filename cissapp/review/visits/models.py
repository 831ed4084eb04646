"""Tables of visits: proposed dates, checklist, signatures, and the record that two people signed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application, of_applicant, of_application
from cissapp.review.visits.rules import ItemMark, VisitKind, VisitStage, visit_stage


class Visit(Model):
    """A visit to a school, a video interview, or the reason why there is neither."""

    __tablename__ = "visit"
    __table_args__ = (
        Index(
            "uq_visit_standing",
            "application_id",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        CheckConstraint("(agreed_at IS NULL) = (starts_at IS NULL)", name="starts_at_with_agreed"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="agreed_at_with_by"),
        CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_by_id IS NULL)", name="cancelled_at_with_by"
        ),
        CheckConstraint("(kind = 'desk_only') = (reason IS NOT NULL)", name="reason_with_desk"),
        CheckConstraint("kind <> 'desk_only' OR starts_at IS NULL", name="no_date_for_desk"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    round: Mapped[int]
    kind: Mapped[VisitKind]
    reason: Mapped[str | None]
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application] = relationship(lazy="joined")
    dates: Mapped[list["VisitDate"]] = relationship(
        order_by="VisitDate.starts_at", lazy="selectin", back_populates="visit"
    )
    items: Mapped[list["VisitItem"]] = relationship(lazy="selectin", back_populates="visit")
    signatures: Mapped[list["VisitSignature"]] = relationship(
        order_by="VisitSignature.signed_at", lazy="selectin", back_populates="visit"
    )
    record: Mapped["VisitRecord | None"] = relationship(lazy="selectin", back_populates="visit")

    school_id: Mapped[UUID] = of_application(Application.school_id, application_id)
    group_id: Mapped[UUID] = of_applicant(School.group_id, application_id)
    only_for_id: Mapped[UUID | None] = of_applicant(School.only_for_id, application_id)

    __mapper_args__ = {"version_id_col": version}

    @property
    def stage(self) -> VisitStage:
        """The stage of the visit."""
        return visit_stage(
            kind=self.kind,
            agreed=self.agreed_at is not None,
            signed=self.record is not None,
            cancelled=self.cancelled_at is not None,
        )

    def offered_dates(self, *, by_school: bool) -> list["VisitDate"]:
        """List the dates of the newest proposal of a side; it has given up those of earlier ones."""
        of_side = [one for one in self.dates if one.by_school is by_school]
        newest = max((one.proposed_at for one in of_side), default=None)
        return [one for one in of_side if one.proposed_at == newest]

    def has_begun(self, at: datetime) -> bool:
        """Return whether the agreed time has come; without travel there is no time to wait for."""
        if self.kind is VisitKind.DESK_ONLY:
            return True
        return self.starts_at is not None and self.starts_at <= at


class VisitDate(Model):
    """A date and time that the group or the school proposed."""

    __tablename__ = "visit_date"
    __table_args__ = (UniqueConstraint("visit_id", "starts_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    starts_at: Mapped[datetime]
    by_school: Mapped[bool]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    visit: Mapped[Visit] = relationship(back_populates="dates")


class VisitItem(Model):
    """What the visitors noted on a criterion; the database refuses changes once the record is signed."""

    __tablename__ = "visit_item"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[ItemMark | None]
    note: Mapped[str]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    visit: Mapped[Visit] = relationship(back_populates="items")


class VisitSignature(Model):
    """A person's signature on the record text with this hash; a changed text needs a new signature."""

    __tablename__ = "visit_signature"
    __table_args__ = (UniqueConstraint("visit_id", "person_id", "sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    assesses: Mapped[bool]
    sha256: Mapped[str]
    signed_at: Mapped[datetime]

    visit: Mapped[Visit] = relationship(back_populates="signatures")
    person: Mapped[User] = relationship(lazy="selectin")


class VisitRecord(Model):
    """The text that two people signed: one canonical JSON text that never changes."""

    __tablename__ = "visit_record"
    __table_args__ = (CheckConstraint("first_id <> second_id", name="two_people"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    content: Mapped[str]
    sha256: Mapped[str]
    first_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime]

    visit: Mapped[Visit] = relationship(back_populates="record")

    @property
    def id(self) -> UUID:
        """The visit's id, under the name that the audit trail asks for."""
        return self.visit_id
