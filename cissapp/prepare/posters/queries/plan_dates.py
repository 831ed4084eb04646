"""The poster rounds of a school year, for its plan."""

from datetime import date

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.prepare.plan.rules import PlanDate, PlanKind, SchoolYear, done_by_half
from cissapp.prepare.posters.models import PlacedPoster, PosterSighting


def dates_of(school: School, *, year: SchoolYear, today: date) -> list[PlanDate]:
    """List the two rounds of a year; each is done once a poster was seen in its half of the year."""
    query = (
        select(PosterSighting.seen_on)
        .join(PlacedPoster, PlacedPoster.id == PosterSighting.poster_id)
        .where(
            PlacedPoster.school_id == school.id,
            PosterSighting.seen_on.between(year.begins_on, min(today, year.ends_on)),
        )
        .distinct()
    )
    return done_by_half(PlanKind.POSTERS, year, session.scalars(query))
