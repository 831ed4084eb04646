"""Counts the levels of the latest decisions, by criterion."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, and_, case, false, func, or_, select

from cissapp.foundation.core.db import session
from cissapp.oversee.figures.rules.numbers import SCHOOLS_LEAST, WEAK_BELOW
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED
from cissapp.prepare.applications.models import Application
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState

ROWS_AT_ONCE = 2000


def scored(before: datetime, stood: Subquery) -> Select[Any]:
    """Count the reviewed schools per region and criterion, and those below 2, by each school's latest decision.

    `stood` has the schools that count, with their regions. Decisions count in lots, see `last_counted`.
    """
    levels = _counted_levels(last_counted(before), stood).subquery()
    places = (levels.c.country_code, levels.c.region_code, levels.c.criterion_id)
    return select(*places, func.count(), func.sum(levels.c.is_below)).group_by(*places)


def last_counted(before: datetime) -> dict[str, datetime]:
    """Return the time of the last decision that counts in each country; a lot of decisions is of ten schools.

    Whoever compares two days learns of at least ten schools together. If each decision counted at once, it
    would tell the levels of the school that the public list has just gained.
    """
    rows = session.execute(
        select(School.country_code, School.id, Decision.decided_at)
        .join(Application, Application.school_id == School.id)
        .join(Decision, Decision.application_id == Application.id)
        .where(REGISTERED, Decision.decided_at < before)
        .order_by(Decision.decided_at, Decision.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    lots: dict[str, set[UUID]] = {}
    found: dict[str, datetime] = {}
    for country_code, school_id, decided_at in rows:
        lot = lots.setdefault(country_code, set())
        lot.add(school_id)
        if len(lot) == SCHOOLS_LEAST:
            found[country_code] = decided_at
            lot.clear()
    return found


def _counted_levels(until: Mapping[str, datetime], stood: Subquery) -> Select[Any]:
    """Select whether each school is below 2 on each criterion, as `combined_level` combines all reviews of the round."""
    latest = _latest_decisions(until)
    levels, below = func.count(Score.level), func.count().filter(Score.level < WEAK_BELOW)
    places = (stood.c.country_code, stood.c.region_code, Score.criterion_id)
    return (
        # The lower of two levels counts, and the middle one of three.
        select(*places, case((below * 2 >= levels, 1), else_=0).label("is_below"))
        .join(latest, and_(latest.c.school_id == stood.c.school_id, latest.c.number == 1))
        .join(
            Review,
            and_(
                Review.application_id == latest.c.application_id,
                Review.round == latest.c.round,
                Review.state == ReviewState.HANDED_IN,
            ),
        )
        .join(Score, Score.review_id == Review.id)
        .group_by(stood.c.school_id, *places)
        # "Not applicable" gives way to a level, unless two of three reviews chose it.
        .having(levels > 0, levels * 2 >= func.count())
    )


def _latest_decisions(until: Mapping[str, datetime]) -> Subquery:
    newest_first = (Decision.decided_at.desc(), Decision.id)
    number = func.row_number().over(partition_by=Application.school_id, order_by=newest_first)
    columns = (Application.school_id, Decision.application_id, Decision.round)
    counts = (
        and_(School.country_code == country_code, Decision.decided_at <= decided_at)
        for country_code, decided_at in until.items()
    )
    return (
        select(*columns, number.label("number"))
        .join(Application, Application.id == Decision.application_id)
        .join(School, School.id == Application.school_id)
        .where(or_(false(), *counts))
        .subquery()
    )
