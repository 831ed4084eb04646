"""The standing of a school on a day, where `ciss daily` has not yet moved it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, type_coerce

from cissapp.foundation.content.installed import content
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import IN_FORCE, Standing, standing_on


def standing_today(school: School, today: date) -> Standing:
    """Return what the newest certificate of a school says today."""
    if school.valid_until_on is None:
        return school.standing
    return standing_on(school.standing, school.valid_until_on, today, _expiring_days())


def _expiring_days() -> int:
    return content().standard.decision.validity.expiring_days


def expiring_until(today: date) -> date:
    """Return the last day on which a certificate ends that is about to expire today."""
    return today + timedelta(days=_expiring_days())


def standing_by_date(today: Any, near: Any) -> ColumnElement[str]:
    """Return what `standing_today` says, as a column of statements; `near` is `expiring_until` of the same day."""
    in_force = School.standing.in_(sorted(IN_FORCE))
    return case(
        (and_(in_force, School.valid_until_on < today), Standing.EXPIRED.value),
        (and_(in_force, School.valid_until_on <= near), Standing.EXPIRING.value),
        else_=type_coerce(School.standing, Text),
    )
