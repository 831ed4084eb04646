"""A school's posters: two are up, one has not been seen for months, and one place has none yet."""

from datetime import datetime, timedelta

from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.posters import queries, services
from cissapp.prepare.posters.rules.choices import PosterChoice, PosterFormat, Readers
from cissapp.prepare.posters.rules.contents import confirmed, ways_for

# Days before the last step on which somebody reported having seen the poster.
SEEN = {"Entrance": (60, 31, 2), "Corridor, first floor": (45, 1), "Canteen": (130,)}
WITHOUT_POSTER = "Gym"
PRINTED = timedelta(days=140)


def hang(school: School, head: User, *, at: datetime) -> None:
    """Add places, make a poster for each, and record sightings."""
    choice = PosterChoice(PosterFormat.A4, Readers.OLDER, (school.language,))
    printed_at = at - PRINTED
    places = [services.add_place(school, name, by=head, at=printed_at) for name in SEEN]
    made = services.print_for_places(school, places, choice, by=head, at=printed_at)
    for poster, days in zip(made, SEEN.values(), strict=True):
        for before in days:
            services.count_sighting(poster, seen_on=(at - timedelta(days=before)).date())
    services.add_place(school, WITHOUT_POSTER, by=head, at=at)
    material = queries.poster_material(school, at.date())
    ways = confirmed(ways_for(material.ways, choice.readers))
    services.record_poster(material, choice, ways, by=head, at=at)
