"""Counts the levels of the latest decisions, by criterion."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, Subquery, and_, case, func, select

from cissapp.foundation.core.db import session
from cissapp.oversee.figures.rules.lots import Lots
from cissapp.oversee.figures.rules.numbers import WEAK_BELOW
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.prepare.applications.models import Application
from cissapp.review.appeals.queries import alterations
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState

ROWS_AT_ONCE = 2000
Counted = tuple[str, str, str, int, int]


class _Levels(Struct, frozen=True):
    """The levels that a decision or an appeal gave: by criterion, whether they are below 2."""

    at: datetime
    country_code: str
    school_id: UUID
    decision_id: UUID
    below: dict[str, bool]
    is_appeal: bool = False


def scored(before: datetime, stood: Subquery) -> Iterator[Counted]:
    """Count the reviewed schools per region and criterion, and those below 2, by each school's latest decision.

    `stood` has the schools that count, with their regions. Decisions count in lots of ten schools, see `Lots`:
    if each counted at once, it would tell the levels of the school that the public list has just gained.
    """
    lots: dict[str, Lots] = {}
    for one in merge(_decided(before), _altered(before), key=attrgetter("at")):
        of_country = lots.setdefault(one.country_code, Lots())
        add = of_country.alter if one.is_appeal else of_country.decide
        add(one.school_id, one.decision_id, one.below)
    place_of = _places(stood, {key for of_country in lots.values() for key in of_country.numbers})
    schools, below = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for of_country in lots.values():
        for criterion_id, school_id, is_below in of_country.counted():
            if place := place_of.get(school_id):
                schools[*place, criterion_id] += 1
                below[*place, criterion_id] += is_below
    for key, number in schools.items():
        yield *key, number, below[key]


def _places(stood: Subquery, decided: AbstractSet[UUID]) -> dict[UUID, tuple[str, str]]:
    """Map the schools with a decision to their regions; most schools of a country have none yet."""
    places = select(stood.c.school_id, stood.c.country_code, stood.c.region_code)
    rows = session.execute(places.execution_options(yield_per=ROWS_AT_ONCE))
    return {key: (country, region) for key, country, region in rows if key in decided}


def _decided(before: datetime) -> Iterator[_Levels]:
    """Yield the levels of all decisions in order of time."""
    rows = session.execute(_levels(before).execution_options(yield_per=ROWS_AT_ONCE))
    for (at, country_code, school_id, decision_id), levels in groupby(rows, lambda row: row[:4]):
        # "Not applicable" is no level, but it takes the place of the level of an earlier decision.
        below = {row.criterion_id: row.is_below == 1 for row in levels if row.is_below is not None}
        yield _Levels(at, country_code, school_id, decision_id, below)


def _levels(before: datetime) -> Select[datetime, str, UUID, UUID, str, int]:
    """Select whether a school is below 2 on a criterion, as `combined_level` combines all reviews of the round."""
    levels, below = func.count(Score.level), func.count().filter(Score.level < WEAK_BELOW)
    # "Not applicable" gives way to a level, unless two of three reviews chose it.
    has_level = and_(levels > 0, levels * 2 >= func.count())
    # The lower of two levels counts, and the middle one of three.
    is_below = case((and_(has_level, below * 2 >= levels), 1), (has_level, 0))
    decision = (Decision.decided_at, School.country_code, School.id, Decision.id)
    return (
        select(*decision, Score.criterion_id, is_below.label("is_below"))
        .join(Application, Application.id == Decision.application_id)
        .join(School, School.id == Application.school_id)
        .join(
            Review,
            and_(
                Review.application_id == Decision.application_id,
                Review.round == Decision.round,
                Review.state == ReviewState.HANDED_IN,
            ),
        )
        .join(Score, Score.review_id == Review.id)
        .where(REGISTERED, Decision.decided_at < before)
        .group_by(*decision, Score.criterion_id)
        .order_by(Decision.decided_at, Decision.id)
    )


def _altered(before: datetime) -> Iterator[_Levels]:
    """Yield the levels that appeal panels set in place of those of a decision, in order of time."""
    for one in alterations(before):
        below = {key: level < WEAK_BELOW for key, level in one.levels.items()}
        yield _Levels(
            one.decided_at, one.country_code, one.school_id, one.decision_id, below, is_appeal=True
        )
