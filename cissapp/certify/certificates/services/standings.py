"""Updates schools' standings from their certificates, after decisions and as dates pass."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from blinker import Signal

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import STANDINGS, Status, status_by_date
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from cissapp.people.schools.services import place, place_each

# Sent with the `School` inside the transaction that moves it because its last certificate ended.
school_expired = Signal("the certificate of a school expired")


def update_standing(school: School, *, at: datetime) -> bool:
    """Update a school's standing from its certificates today; return whether it changed."""
    return update_standings({school: queries.of_school(school.id)}, at=at) > 0


def update_standings(issued: Mapping[School, Sequence[Certificate]], *, at: datetime) -> int:
    """Update schools' standings from their certificates, newest first; return how many changed.

    The level is that of the certificate in use; the last day is that of its successor, if there is one.
    """
    moved = {}
    for school, certificates in issued.items():
        to = _standing_by(certificates, at.astimezone(UTC).date())
        if to and (school.standing, school.level, school.valid_until_on) != to:
            moved[school] = to
    if moved:
        place_each(moved, at=at)
    return len(moved)


def _standing_by(
    certificates: Sequence[Certificate], today: date
) -> tuple[Standing, int, date] | None:
    expiring_days = content().standard.decision.validity.expiring_days
    current = queries.in_use_among(certificates, today)
    if current is None:
        return None
    status = queries.status(current, today, expiring_days)
    after = queries.successor_among(certificates, current)
    until = after.valid_until_on if after else current.valid_until_on
    if status in {Status.VALID, Status.EXPIRING}:
        status = status_by_date(until, today, expiring_days)
    standing = STANDINGS.get(status)
    return (standing, current.level, until) if standing else None


def refresh_standings(*, at: datetime, expiring_days: int) -> int:
    """Update schools whose certificate nears or has passed its end; return how many changed.

    Each batch of schools is committed separately.
    """
    today = at.astimezone(UTC).date()

    def by_calendar(valid_until_on: date) -> Standing:
        return STANDINGS[status_by_date(valid_until_on, today, expiring_days)]

    due = [
        one.id
        for one in queries.ends_until(today + timedelta(days=expiring_days))
        if one.standing is not by_calendar(one.valid_until_on)
    ]

    def move(ids: Sequence[UUID]) -> int:
        return sum(_move(one, by_calendar, at) for one in queries.schools_in_force(ids))

    return each_kept(batches_of(due), move)


def _move(school: School, by_calendar: Callable[[date], Standing], at: datetime) -> bool:
    # Looked at again within the write: another certificate may have begun meanwhile.
    standing = by_calendar(school.valid_until_on) if school.valid_until_on else school.standing
    if standing is school.standing:
        return False
    place(school, standing=standing, at=at)
    if standing is Standing.EXPIRED:
        school_expired.send(school, at=at)
    return True
