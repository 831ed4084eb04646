"""One certificate after another: when the next begins, when it replaces the one before, where the school stands."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from cissapp.certify.certificates import queries, register, rules
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.rules import STANDINGS, RegisterEvent, Status, may_follow
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import CountryPack, Standard, certificate_terms
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.web.context import content
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from cissapp.people.schools.services import place


def enter(
    certificate: Certificate,
    event: RegisterEvent,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
) -> RegisterEntry:
    """Write the row of the register and the line of the trail that belong to each other."""
    entry = register.add(certificate, event, reason=reason, by=by, at=at)
    record(
        register.TRAIL[event],
        certificate,
        by=by,
        at=at,
        school_id=certificate.school_id,
        number=certificate.number,
        row=entry.hash,
    )
    return entry


def begins_on(school_id: UUID, today: date, country: CountryPack, standard: Standard) -> date:
    """Give the first day of a certificate that is decided today.

    Only one that is in force is waited for: while it is suspended, the new one begins at once.
    """
    before = next((one for one in queries.of_school(school_id) if queries.is_alive(one)), None)
    in_force = before and before.entries[-1].event is not RegisterEvent.SUSPENDED
    return rules.begins_on(
        before.valid_until_on if before and in_force else None,
        today,
        certificate_terms(country.file, standard.decision).renewal_opens_months,
    )


def replace_older(newer: Certificate, *, by: Actor, at: datetime) -> int:
    """Note of each older certificate that this one replaces it, once this one has begun; give their number.

    One that is suspended when its days end stays so until that is decided.
    """
    today = at.astimezone(UTC).date()
    done = 0
    for older in queries.of_school(newer.school_id):
        if newer.valid_from_on > today or older.cycle >= newer.cycle:
            continue
        session.refresh(older, ["entries"])
        events = [entry.event for entry in older.entries]
        waits = events[-1:] == [RegisterEvent.SUSPENDED] and older.valid_until_on < today
        if not waits and _was_in_force(older, newer) and may_follow(events, RegisterEvent.REPLACED):
            enter(older, RegisterEvent.REPLACED, by=by, at=at)
            done += 1
    return done


def _was_in_force(older: Certificate, newer: Certificate) -> bool:
    """Say whether the older one still had a day, or had its last day just before the newer began."""
    return older.valid_until_on + timedelta(days=1) >= newer.valid_from_on


def of_one_mind(certificate: Certificate) -> list[Certificate]:
    """List a certificate with the one that waits to go on after it: what is decided goes for both.

    Otherwise a suspended school would be certified again by the calendar alone.
    """
    after = queries.follower(certificate)
    return [certificate, *([after] if after else [])]


def stand(school: School, *, at: datetime) -> bool:
    """Put the school where its certificates stand today; say whether it moved.

    The level is that of the certificate in use; the last day is that of the one that goes on after it,
    if there is one.
    """
    today = at.astimezone(UTC).date()
    expiring_days = content().standard.decision.validity.expiring_days
    current = queries.in_use(school.id, today)
    if current is None:
        return False
    status = queries.status(current, today, expiring_days)
    after = queries.follower(current)
    until = after.valid_until_on if after else current.valid_until_on
    if status in {Status.VALID, Status.EXPIRING}:
        status = rules.by_date(until, today, expiring_days)
    standing = STANDINGS.get(status)
    return standing is not None and _place(school, standing, current.level, until)


def _place(school: School, standing: Standing, level: int, until: date) -> bool:
    if (school.standing, school.level, school.valid_until_on) == (standing, level, until):
        return False
    place(school, standing=standing, level=level, valid_until_on=until)
    return True


def begin_due(*, at: datetime) -> int:
    """Let certificates that waited begin: the one before is replaced, the level is the new one's.

    Safe to repeat and to miss days. Gives the number of schools that have a new certificate in force.
    """
    lock("register")
    today = at.astimezone(UTC).date()
    begun = 0
    for school in _with_waiting(today):
        newer = queries.in_use(school.id, today)
        if newer and queries.is_alive(newer):
            begun += replace_older(newer, by=SYSTEM, at=at) > 0
            stand(school, at=at)
    session.flush()
    return begun


def _with_waiting(today: date) -> list[School]:
    """List the schools of which one certificate ended, not yet replaced, and the next has begun."""
    older, newer = aliased(Certificate), aliased(Certificate)
    ended = select(RegisterEntry.id).where(
        RegisterEntry.certificate_id == older.id,
        RegisterEntry.event.in_((RegisterEvent.REPLACED, RegisterEvent.WITHDRAWN)),
    )
    rows = session.execute(
        select(older.school_id, older.valid_until_on, newer.valid_from_on)
        .join(newer, newer.school_id == older.school_id)
        .where(newer.valid_from_on > older.valid_until_on, newer.valid_from_on <= today)
        .where(~ended.exists())
    )
    ids = {school_id for school_id, until, begins in rows if begins == until + timedelta(days=1)}
    return [session.get_one(School, school_id) for school_id in sorted(ids)]
