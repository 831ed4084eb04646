"""Counts the levels of the latest decisions, by criterion."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, select

from cissapp.oversee.figures.rules.numbers import WEAK_BELOW
from cissapp.prepare.applications.models import Application
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState


def scored(before: datetime, stood: Subquery) -> Select[Any]:
    """Count the reviewed schools per region and criterion, and those below 2, by each school's latest decision.

    `stood` has the schools that count, with their regions.
    """
    levels = _counted_levels(before, stood).subquery()
    places = (levels.c.country_code, levels.c.region_code, levels.c.criterion_id)
    return select(*places, func.count(), func.sum(levels.c.is_below)).group_by(*places)


def _counted_levels(before: datetime, stood: Subquery) -> Select[Any]:
    """Select whether each school is below 2 on each criterion, as `combined_level` combines all reviews of the round."""
    latest = _latest_decisions(before)
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


def _latest_decisions(before: datetime) -> Subquery:
    newest_first = (Decision.decided_at.desc(), Decision.id)
    number = func.row_number().over(partition_by=Application.school_id, order_by=newest_first)
    columns = (Application.school_id, Decision.application_id, Decision.round)
    return (
        select(*columns, number.label("number"))
        .join(Application, Application.id == Decision.application_id)
        .where(Decision.decided_at < before)
        .subquery()
    )
