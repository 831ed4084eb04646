"""Table of complaints. Nothing about the person who complains, and no free text of that person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.core.db import Model, new_id
from cissapp.people.schools.models import School, of_school
from cissapp.review.complaints.rules import ComplaintOutcome, ComplaintState


class Complaint(Model):
    """A person's claim that a certified school does not keep some of its promises."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("(state = 'answered') = (outcome IS NOT NULL)", name="outcome_with_state"),
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_at"),
        CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="reply_with_moment"),
        CheckConstraint(
            "(replied_at IS NULL) = (replied_by_id IS NULL)", name="replied_at_with_by"
        ),
        Index(
            "ix_complaint_waiting",
            "received_at",
            "id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_at_with_by"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    promises: Mapped[list[str]]
    state: Mapped[ComplaintState] = mapped_column(index=True)
    outcome: Mapped[ComplaintOutcome | None]
    received_at: Mapped[datetime]
    passed_on_at: Mapped[datetime | None]
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    replied_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    certificate: Mapped[Certificate] = relationship(lazy="joined")
    school: Mapped[School] = relationship(lazy="joined")

    group_id: Mapped[UUID] = of_school(School.group_id, school_id)

    __mapper_args__ = {"version_id_col": version}
