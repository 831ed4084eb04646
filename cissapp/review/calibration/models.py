"""Tables of calibration: the benchmarks assigned, and who was allowed to begin after a talk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.review.calibration.rules import Comparison


class BenchmarkCopy(Model):
    """A benchmark as assigned to one person, and how the person's levels compared with the model."""

    __tablename__ = "calibration_copy"
    __table_args__ = (
        CheckConstraint(
            "(done_at IS NULL) = (mean_difference IS NULL)", name="difference_with_done_at"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    benchmark_id: Mapped[str]
    dealt_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    mean_difference: Mapped[float | None]
    lean: Mapped[float | None]
    critical_wrong: Mapped[list[str]]

    application: Mapped[Application] = relationship()
    person: Mapped[User] = relationship(lazy="joined")

    user_id: Mapped[UUID] = synonym("person_id")
    group_id: AssociationProxy[UUID | None] = association_proxy("person", "group_id")

    @property
    def comparison(self) -> Comparison:
        """How the person's levels compared with the model."""
        return Comparison(self.mean_difference or 0.0, self.lean or 0.0, tuple(self.critical_wrong))


class CalibrationRelease(Model):
    """A coordinator's permission for a person to begin although the goals were missed, with the reason."""

    __tablename__ = "calibration_release"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    released_at: Mapped[datetime]
    released_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
