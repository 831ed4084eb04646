"""Puts schools where their certificates stand, when something was decided and when the calendar moves on."""

from datetime import UTC, date, datetime, timedelta

from blinker import Signal

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.rules import STANDINGS, Status, status_by_date
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from cissapp.people.schools.services import place

# Sent inside the transaction that moves a school whose last certificate ended; with the `School`.
school_expired = Signal("the certificate of a school expired")


def update_standing(school: School, *, at: datetime) -> bool:
    """Put the school where its certificates stand today; return whether it moved.

    The level is that of the certificate in use; the last day is that of the one that goes on after it,
    if there is one.
    """
    today = at.astimezone(UTC).date()
    expiring_days = content().standard.decision.validity.expiring_days
    current = queries.in_use(school.id, today)
    if current is None:
        return False
    status = queries.status(current, today, expiring_days)
    after = queries.successor(current)
    until = after.valid_until_on if after else current.valid_until_on
    if status in {Status.VALID, Status.EXPIRING}:
        status = status_by_date(until, today, expiring_days)
    standing = STANDINGS.get(status)
    return standing is not None and _move_school(school, (standing, current.level, until), at)


def _move_school(school: School, to: tuple[Standing, int, date], at: datetime) -> bool:
    if (school.standing, school.level, school.valid_until_on) == to:
        return False
    standing, level, until = to
    place(school, standing=standing, level=level, valid_until_on=until, at=at)
    return True


def refresh_standings(*, at: datetime, expiring_days: int) -> int:
    """Move the schools whose certificate has come near its end, or past it; return their number."""
    today = at.astimezone(UTC).date()
    moved = 0
    for school in queries.schools_near_expiry(today + timedelta(days=expiring_days)):
        moved += _refresh(school, at, expiring_days)
    session.flush()
    return moved


def _refresh(school: School, at: datetime, expiring_days: int) -> bool:
    if school.valid_until_on is None:
        return False
    today = at.astimezone(UTC).date()
    standing = STANDINGS[status_by_date(school.valid_until_on, today, expiring_days)]
    if standing is school.standing:
        return False
    place(school, standing=standing, at=at)
    if standing is Standing.EXPIRED:
        school_expired.send(school, at=at)
    return True
