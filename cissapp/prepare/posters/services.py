"""Writes of posters: their facts; places of the round, their posters, and anonymous sightings by date."""

from collections.abc import Sequence
from datetime import date, datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core import db
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.people.schools.models import School
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.facts.services import record_paper
from cissapp.prepare.posters import queries
from cissapp.prepare.posters.models import PlacedPoster, PosterPlace, PosterSighting
from cissapp.prepare.posters.queries import PosterMaterial
from cissapp.prepare.posters.rules.choices import PosterChoice
from cissapp.prepare.posters.rules.contents import Way
from cissapp.prepare.posters.rules.rounds import count_tap, new_code, place_problem


def record_poster(
    material: PosterMaterial,
    choice: PosterChoice,
    ways: Sequence[Way],
    *,
    by: Actor,
    at: datetime,
) -> MadePaper:
    """Record the facts in a poster, so that it is found when one of them changes."""
    facts = {"school.name": material.school.name}
    if material.page:
        facts["page.address"] = material.page
    for way in ways:
        facts |= way.facts
    return record_paper(
        material.school, PaperKind.POSTER, choice.name, choice.language, facts, by=by, at=at
    )


# --- places --------------------------------------------------------------------------------------


def add_place(school: School, name: str, *, by: Actor, at: datetime) -> PosterPlace:
    """Add a place to the round; refuse one that is there already."""
    db.lock(f"poster-places:{school.id}")
    present = [one.name for one in queries.places(school.id)]
    if problem := place_problem(name, present):
        raise Refused(problem)
    place = PosterPlace(school_id=school.id, name=name, added_at=at, added_by_id=by.id)
    session.add(place)
    session.flush()
    record(Event.POSTER_PLACE_ADDED, place, by=by, at=at, school_id=school.id)
    session.flush()
    return place


def remove_place(place: PosterPlace, *, by: Actor, at: datetime) -> None:
    """Remove a place from the round and withdraw its poster, which anyone who scans it is told."""
    place.removed_on = day_in(by.country_code, at)
    poster = queries.poster_of_place(place.id)
    if poster:
        poster.withdrawn_on = day_in(by.country_code, at)
    record(Event.POSTER_PLACE_REMOVED, place, by=by, at=at, school_id=place.school_id)
    session.flush()


def print_for_places(
    school: School,
    places: Sequence[PosterPlace],
    choice: PosterChoice,
    *,
    by: Actor,
    at: datetime,
) -> list[PlacedPoster]:
    """Create a poster with its own code for each place, withdrawing the previous one."""
    db.lock(f"poster-places:{school.id}")
    made = []
    for place in places:
        before = queries.poster_of_place(place.id)
        if before:
            before.withdrawn_on = day_in(by.country_code, at)
        poster = PlacedPoster(
            school_id=school.id,
            place_id=place.id,
            code=new_code(),
            format=choice.format,
            readers=choice.readers,
            languages=list(choice.languages),
            large=choice.large,
            printed_at=at,
            printed_by_id=by.id,
        )
        session.add(poster)
        made.append(poster)
    session.flush()
    count = len(made)
    record(Event.POSTERS_PRINTED, school, by=by, at=at, school_id=school.id, count=count)
    session.flush()
    return made


# --- who saw it: nobody, a day ---------------------------------------------------------------------


def count_sighting(poster: PlacedPoster, *, seen_on: date) -> bool:
    """Count that a poster is up on this date; return False if it was withdrawn.

    There is no entry in the audit trail: its time could reveal who it was.
    """
    if poster.withdrawn_on is not None:
        return False
    db.lock(f"poster:{poster.id}")
    counted = queries.sighting(poster.id, seen_on)
    if counted:
        counted.count = count_tap(counted.count)
    else:
        session.add(PosterSighting(poster_id=poster.id, seen_on=seen_on, count=count_tap(0)))
    session.flush()
    return True


def tick_poster(poster: PlacedPoster, *, by: Actor, at: datetime) -> None:
    """Record that someone at the school saw a poster on the round; at most once a day."""
    if queries.sighting(poster.id, day_in(by.country_code, at)):
        return
    count_sighting(poster, seen_on=day_in(by.country_code, at))
    record(Event.POSTER_TICKED, poster, by=by, at=at, school_id=poster.school_id)
    session.flush()
