"""Puts schools where their certificates stand, when something was decided and when the calendar moves on."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from blinker import Signal

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import STANDINGS, Status, status_by_date
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from cissapp.people.schools.services import place, place_each

# Sent inside the transaction that moves a school whose last certificate ended; with the `School`.
school_expired = Signal("the certificate of a school expired")


def update_standing(school: School, *, at: datetime) -> bool:
    """Put the school where its certificates stand today; return whether it moved."""
    return update_standings({school: queries.of_school(school.id)}, at=at) > 0


def update_standings(issued: Mapping[School, Sequence[Certificate]], *, at: datetime) -> int:
    """Put schools where their certificates, newest first, stand today; return how many moved.

    The level is that of the certificate in use; the last day is that of the one that goes on after it,
    if there is one.
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
