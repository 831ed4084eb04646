"""Tables of the poster round: places, their posters, and the dates on which these were seen."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.prepare.posters.rules.choices import PosterChoice, PosterFormat, Readers


class PosterPlace(Model):
    """A place of the school where a poster hangs, such as "corridor, first floor"; never a person.

    A place that was removed is kept for people who scan its old poster.
    """

    __tablename__ = "poster_place"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    name: Mapped[str]
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID | None]
    removed_on: Mapped[date | None]


class PlacedPoster(Model):
    """A poster that was made for a place, with a code of its own; withdrawn when the next one is made."""

    __tablename__ = "placed_poster"
    __table_args__ = (Index("ix_placed_poster_place_id", "place_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    place_id: Mapped[UUID] = mapped_column(ForeignKey("poster_place.id"))
    code: Mapped[str] = mapped_column(unique=True)
    format: Mapped[PosterFormat]
    readers: Mapped[Readers]
    languages: Mapped[list[str]]
    large: Mapped[bool]
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[UUID | None]
    withdrawn_on: Mapped[date | None]

    @property
    def choice(self) -> PosterChoice:
        """The choice with which it was made."""
        return PosterChoice(self.format, self.readers, tuple(self.languages), self.large)


class PosterSighting(Model):
    """How often a poster was seen on a date, without who saw it or the time of day."""

    __tablename__ = "poster_sighting"
    __table_args__ = (CheckConstraint("count BETWEEN 1 AND 20", name="count_1_to_20"),)

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("placed_poster.id"), primary_key=True)
    seen_on: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=1)
