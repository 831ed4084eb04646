"""Tables of figures: the counts at the end of each month, which never change, and the latest ones."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Counter, Model
from cissapp.oversee.figures.rules import Measure
from cissapp.people.schools.rules import Figure


class FrozenEdition(Model):
    """The figures of a country at the end of a month; a version above 1 corrects the one before, for a reason.

    `month` is its first day. Editions and their rows are added and never changed.
    """

    __tablename__ = "frozen_edition"
    __table_args__ = (
        UniqueConstraint("country_code", "month", "version"),
        CheckConstraint("version >= 1", name="version_counted"),
        CheckConstraint("(version = 1) = (reason = '')", name="correction_with_reason"),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"))
    month: Mapped[date]
    version: Mapped[int]
    frozen_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class FrozenCount(Model):
    """The number of schools of a region under a figure at the end of a month; no row means 0.

    As in the tallies, a school counts in the region that it names, not in those above.
    """

    __tablename__ = "frozen_count"

    edition_id: Mapped[int] = mapped_column(ForeignKey("frozen_edition.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    figure: Mapped[Figure] = mapped_column(primary_key=True)
    count: Mapped[int]


class FrozenMeasure(Model):
    """A measure at the end of a month, for a region with all below it or for the country (empty)."""

    __tablename__ = "frozen_measure"

    edition_id: Mapped[int] = mapped_column(ForeignKey("frozen_edition.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[Measure] = mapped_column(primary_key=True)
    detail: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class LatestMeasure(Model):
    """A measure from the last daily run, for a region with all below it or for the country (empty)."""

    __tablename__ = "latest_measure"

    country_code: Mapped[str] = mapped_column(ForeignKey("country.code"), primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[Measure] = mapped_column(primary_key=True)
    detail: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    measured_at: Mapped[datetime]
