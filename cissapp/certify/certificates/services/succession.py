"""One certificate after another: when the next begins, and when it replaces the one before."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import RegisterEvent, may_follow
from cissapp.certify.certificates.services import register
from cissapp.certify.certificates.services.standings import update_standing
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import lock, session
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import newest_changes

DECIDED = frozenset({RegisterEvent.SUSPENDED, RegisterEvent.WITHDRAWN})


def replace_older(
    newer: Certificate, certificates: Iterable[Certificate], *, by: Actor, at: datetime
) -> int:
    """Record that this certificate, once begun, replaces each older one; return how many.

    `certificates` are the school's issued ones. One that is suspended when its validity ends stays suspended
    until a decision.
    """
    today = at.astimezone(UTC).date()
    done = 0
    for older in certificates:
        if newer.valid_from_on > today or older.cycle >= newer.cycle:
            continue
        session.refresh(older, ["entries"])
        events = [entry.event for entry in older.entries]
        waits = events[-1:] == [RegisterEvent.SUSPENDED] and older.valid_until_on < today
        if not waits and _was_in_force(older, newer) and may_follow(events, RegisterEvent.REPLACED):
            register.enter(older, RegisterEvent.REPLACED, by=by, at=at)
            done += 1
    return done


def _was_in_force(older: Certificate, newer: Certificate) -> bool:
    """Return whether the older one was valid until the newer began, or until the day before."""
    return older.valid_until_on + timedelta(days=1) >= newer.valid_from_on


def catch_up_with_decisions(
    newer: Certificate, certificates: Iterable[Certificate], *, by: Actor, at: datetime
) -> None:
    """Suspend or withdraw a certificate as the one before was while this one was only reserved.

    A decision applies to both, but a reservation cannot bear it. `certificates` are the school's issued ones.
    """
    reserved = newer.entries[0]
    for older in certificates:
        last = older.entries[-1]
        follows = older.valid_until_on + timedelta(days=1) == newer.valid_from_on
        if follows and last.event in DECIDED and last.id > reserved.id:
            register.enter(newer, last.event, reason=last.reason, by=by, at=at)


def begin_due_certificates(*, at: datetime) -> int:
    """Put waiting certificates into force: each replaces the one before and sets the new level.

    Safe to repeat and to miss days; each batch of schools is committed separately. Return the number of
    schools that have a new certificate in force.
    """

    def begin(ids: Sequence[UUID]) -> int:
        lock("register")
        return sum(_begin_due(session.get_one(School, school_id), at) for school_id in ids)

    due = queries.schools_with_due_certificate(at.astimezone(UTC).date())
    return each_kept(batches_of(due), begin)


def _begin_due(school: School, at: datetime) -> bool:
    newer = queries.in_use(school.id, at.astimezone(UTC).date())
    if newer is None or not queries.is_alive(newer):
        return False
    begun = replace_older(newer, queries.of_school(school.id), by=SYSTEM, at=at) > 0
    # As of its first day: this may have been noticed after the month has ended.
    first_at = datetime.combine(newer.valid_from_on, time(), UTC)
    changed_at = newest_changes([school.id]).get(school.id, at)
    update_standing(school, at=min(max(first_at, changed_at), at))
    return begun
