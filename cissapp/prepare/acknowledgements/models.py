"""Tables of the acknowledgements."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id


class StaffReading(Model):
    """A request to a school's staff to read a version of its policy, under an unguessable link.

    Readings in one series count together: a series begins with the first version that was shared, and
    again with each change of substance. The version has no foreign key: a draft may be removed.
    """

    __tablename__ = "staff_reading"
    __table_args__ = (
        CheckConstraint("staff > 0", name="staff_positive"),
        CheckConstraint("substantive = (series_id = id)", name="series_with_substantive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    document_id: Mapped[UUID] = mapped_column(index=True)
    version_id: Mapped[UUID] = mapped_column(unique=True)
    version_number: Mapped[int]
    sha256: Mapped[str]
    series_id: Mapped[UUID]
    token: Mapped[str] = mapped_column(unique=True)
    substantive: Mapped[bool]
    change: Mapped[str]
    staff: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UUID]


class Acknowledgement(Model):
    """One acknowledgement: its series, the exact version and the date, but nothing about who made it."""

    __tablename__ = "acknowledgement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    series_id: Mapped[UUID] = mapped_column(ForeignKey("staff_reading.id"), index=True)
    sha256: Mapped[str]
    acknowledged_on: Mapped[date]
