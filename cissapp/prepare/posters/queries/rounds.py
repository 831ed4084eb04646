"""Reads of the round: places, their posters, and the dates on which these were seen."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.people.schools.models import School
from cissapp.prepare.posters.models import PlacedPoster, PosterPlace, PosterSighting
from cissapp.prepare.posters.rules.rounds import (
    CODE_LENGTH,
    PosterState,
    Sightings,
    state_of,
    sum_up,
)


class PlaceOnRound(Struct, frozen=True):
    """A place with its current poster, if it has one, and the dates on which that was seen."""

    place: PosterPlace
    poster: PlacedPoster | None
    sightings: Sightings | None
    state: PosterState

    @property
    def school_id(self) -> UUID:
        """The school of the place."""
        return self.place.school_id


class ScannedPoster(Struct, frozen=True):
    """The result of scanning a code: the poster, its place, the school, and the date of a newer poster."""

    poster: PlacedPoster
    place: PosterPlace
    school: School
    newest_on: date | None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was replaced, or its place was removed."""
        return self.poster.withdrawn_on is not None


def place(place_id: UUID) -> PosterPlace | None:
    """Find a place that is on the round."""
    found = session.get(PosterPlace, place_id)
    return found if found and found.removed_on is None else None


def places(school_id: UUID) -> list[PosterPlace]:
    """List the places of a school's round in the order in which they were added."""
    query = select(PosterPlace).where(
        PosterPlace.school_id == school_id, PosterPlace.removed_on.is_(None)
    )
    return list(session.scalars(query.order_by(PosterPlace.added_at, PosterPlace.id)))


def placed_poster(poster_id: UUID) -> PlacedPoster | None:
    """Find a poster that was made for a place, and not withdrawn."""
    found = session.get(PlacedPoster, poster_id)
    return found if found and found.withdrawn_on is None else None


def poster_of_place(place_id: UUID) -> PlacedPoster | None:
    """Find the current poster of a place."""
    query = select(PlacedPoster).where(
        PlacedPoster.place_id == place_id, PlacedPoster.withdrawn_on.is_(None)
    )
    return session.scalar(query.order_by(PlacedPoster.printed_at.desc()).limit(1))


def poster_round(school_id: UUID, today: date) -> list[PlaceOnRound]:
    """List the places of a school with their posters, in three queries for any number of places."""
    posters = {
        poster.place_id: poster
        for poster in session.scalars(
            select(PlacedPoster)
            .where(PlacedPoster.school_id == school_id, PlacedPoster.withdrawn_on.is_(None))
            .order_by(PlacedPoster.printed_at)
        )
    }
    seen: dict[UUID, dict[date, int]] = {}
    rows = session.execute(
        select(PosterSighting.poster_id, PosterSighting.seen_on, PosterSighting.count)
        .join(PlacedPoster, PlacedPoster.id == PosterSighting.poster_id)
        .where(PlacedPoster.school_id == school_id, PlacedPoster.withdrawn_on.is_(None))
    )
    for poster_id, seen_on, count in rows:
        seen.setdefault(poster_id, {})[seen_on] = count
    return [_on_round(found, posters.get(found.id), seen, today) for found in places(school_id)]


def _on_round(
    found: PosterPlace,
    poster: PlacedPoster | None,
    seen: dict[UUID, dict[date, int]],
    today: date,
) -> PlaceOnRound:
    sightings = sum_up(seen.get(poster.id, {})) if poster else None
    printed_on = poster.printed_at.date() if poster else None
    state = state_of(printed_on, sightings.last_on if sightings else None, today)
    return PlaceOnRound(found, poster, sightings, state)


def scanned_poster(code: str) -> ScannedPoster:
    """Find the poster with a code, even if it was withdrawn; raise `Missing` if there is none."""
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    row = session.execute(
        select(PlacedPoster, PosterPlace, School)
        .join(PosterPlace, PosterPlace.id == PlacedPoster.place_id)
        .join(School, School.id == PlacedPoster.school_id)
        .where(PlacedPoster.code == typed[:CODE_LENGTH])
    ).first()
    if row is None:
        raise Missing
    poster, found, school = row
    newest = None
    if poster.withdrawn_on is not None and found.removed_on is None:
        newest = poster_of_place(found.id)
    return ScannedPoster(poster, found, school, newest.printed_at.date() if newest else None)


def sighting(poster_id: UUID, seen_on: date) -> PosterSighting | None:
    """Find the count of a poster on a date."""
    return session.get(PosterSighting, (poster_id, seen_on))
