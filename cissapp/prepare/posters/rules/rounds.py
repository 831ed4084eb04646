"""Rules for the round: when a poster counts as up, when as unseen, and how taps on the spot are counted."""

import secrets
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.unicode import CODE_LETTERS

# The months after which a poster that nobody saw needs checking.
UNSEEN_MONTHS = 3
MOST_PLACES = 40
PLACE_MOST = 120
# More taps of one day tell nothing more, and must not fill the database.
MOST_TAPS = 20
CODE_LENGTH = 10


class PosterState(StrEnum):
    """The state of a place's poster on a date."""

    NO_POSTER = "no_poster"
    PRINTED = "printed"
    HANGS = "hangs"
    UNSEEN = "unseen"


class Sightings(Struct, frozen=True):
    """The dates on which a poster was seen: the first, the last, and how many."""

    first_on: date
    last_on: date
    days: int


def new_code() -> str:
    """Return a new unguessable code for a poster."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def count_tap(before: int) -> int:
    """Return the count of a day after one more tap, up to `MOST_TAPS`."""
    return min(before + 1, MOST_TAPS)


def sum_up(counts: Mapping[date, int]) -> Sightings | None:
    """Sum up the dates on which a poster was seen, each counted once; None if there are none."""
    return Sightings(min(counts), max(counts), len(counts)) if counts else None


def state_of(printed_on: date | None, last_seen_on: date | None, today: date) -> PosterState:
    """Return the state of a place's poster; unseen if last seen (or printed) at least three months ago."""
    if printed_on is None:
        return PosterState.NO_POSTER
    known_on = last_seen_on or printed_on
    if months_after(known_on, UNSEEN_MONTHS) <= today:
        return PosterState.UNSEEN
    return PosterState.HANGS if last_seen_on else PosterState.PRINTED


def place_problem(name: str, present: list[str]) -> Problem | None:
    """Return why a place cannot be added; None, if it can."""
    if len(present) >= MOST_PLACES:
        message = N_("You can keep at most %(most)s places here. Remove one that has no poster.")
        return Problem("many", message, {"most": MOST_PLACES})
    if name.casefold() in {one.casefold() for one in present}:
        return Problem("name", N_("This place is already on the list."))
    return None
