"""Updates schools' standings from their certificates, after decisions and as dates pass."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from blinker import Signal

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import STANDINGS, STATUSES_IN_FORCE, status_by_date
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import newest_changes
from cissapp.people.schools.rules import Standing
from cissapp.people.schools.services import place, place_each

# Sent with the `School` inside the transaction that moves it because its last certificate ended.
school_expired = Signal("the certificate of a school expired")


def update_standing(school: School, *, at: datetime) -> None:
    """Update a school's standing from its certificates today."""
    update_standings({school: queries.of_school(school.id)}, at=at)


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
    if status in STATUSES_IN_FORCE:
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
        # The schools first: what changes one afterwards is not overlooked.
        schools = queries.schools_in_force(ids)
        changed_at = newest_changes(ids)
        moved = 0
        for school in schools:
            # Looked at again within the write: another certificate may have begun meanwhile.
            to = by_calendar(school.valid_until_on) if school.valid_until_on else school.standing
            if to is not school.standing:
                _move(school, to, expiring_days, changed_at.get(school.id, at), at=at)
                moved += 1
        return moved

    return each_kept(batches_of(due), move)


def _move(
    school: School, to: Standing, expiring_days: int, changed_at: datetime, *, at: datetime
) -> None:
    """Move a school as of the day that its certificate says: this may have been noticed a month later."""
    until = school.valid_until_on or at.date()
    days = {
        Standing.EXPIRING: until - timedelta(days=expiring_days),
        Standing.EXPIRED: until + timedelta(days=1),
    }
    is_late = school.standing is Standing.VALID and to is Standing.EXPIRED
    for standing in (Standing.EXPIRING, to) if is_late else (to,):
        since = datetime.combine(days[standing], time(), UTC) if standing in days else at
        place(school, standing=standing, at=min(max(since, changed_at), at))
    if to is Standing.EXPIRED:
        school_expired.send(school, at=at)
