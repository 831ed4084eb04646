"""The standing of a school on a day, where `ciss daily` has not yet moved it."""

from datetime import date

from cissapp.foundation.content.installed import content
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing, standing_on


def standing_today(school: School, today: date) -> Standing:
    """Return what the newest certificate of a school says today."""
    if school.valid_until_on is None:
        return school.standing
    days = content().standard.decision.validity.expiring_days
    return standing_on(school.standing, school.valid_until_on, today, days)
