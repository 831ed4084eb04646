"""The standing of a school today, where `ciss daily` has not yet moved it."""

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing, standing_on


def standing_today(school: School) -> Standing:
    """Return what the newest certificate of a school says today."""
    if school.valid_until_on is None:
        return school.standing
    days = content().standard.decision.validity.expiring_days
    return standing_on(school.standing, school.valid_until_on, clock.today(), days)
