"""Reads of posters and of the round."""

from cissapp.prepare.posters.queries.material import PosterMaterial, page_of, poster_material
from cissapp.prepare.posters.queries.rounds import (
    PlaceOnRound,
    ScannedPoster,
    place,
    placed_poster,
    places,
    poster_of_place,
    poster_round,
    scanned_poster,
    sighting,
)

__all__ = [
    "PlaceOnRound",
    "PosterMaterial",
    "ScannedPoster",
    "page_of",
    "place",
    "placed_poster",
    "places",
    "poster_material",
    "poster_of_place",
    "poster_round",
    "scanned_poster",
    "sighting",
]
