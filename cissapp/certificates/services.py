"""Writes of certificates: issue, suspend, reinstate, withdraw; and the standing by the calendar."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from cissapp.applications.models import Application, Submission
from cissapp.audit.services import record
from cissapp.certificates import cures, mails, queries, register
from cissapp.certificates.facts import Facts
from cissapp.certificates.making import (
    SelfCheckFailed,
    Settings,
    facts_of,
    signed,
    signing_key,
)
from cissapp.certificates.models import Certificate, RegisterEntry
from cissapp.certificates.rules import (
    STANDINGS,
    RegisterEvent,
    Status,
    by_date,
    demand,
    may_follow,
)
from cissapp.content.values import Country, Standard
from cissapp.core import db
from cissapp.core.actor import Actor
from cissapp.core.db import new_id, session
from cissapp.core.errors import N_, Problem, Refused
from cissapp.core.storage import FileStore
from cissapp.schools.models import School
from cissapp.schools.rules import Standing
from cissapp.schools.services import place

__all__ = [
    "SelfCheckFailed",
    "Settings",
    "issue",
    "refresh_standings",
    "reinstate",
    "suspend",
    "withdraw",
]

# --- issue -------------------------------------------------------------------------------------


def issue(
    application: Application,
    submission: Submission,
    *,
    level: int,
    module_levels: Mapping[str, float],
    decider_id: UUID,
    group_name: str,
    country: Country,
    standard: Standard,
    settings: Settings,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> Certificate:
    """Issue the certificate: number, facts, signed file, row of the register; all or nothing.

    The file is stored before the row that names it is kept: a crash leaves a file that nobody knows,
    never a certificate without its file.
    """
    db.lock("register")
    if queries.of_application(application.id):
        raise Refused(Problem("issued", N_("The certificate was issued already.")))
    register.refuse_earlier(at, queries.last_entry())
    key = signing_key(settings)
    facts = facts_of(
        application,
        submission,
        level=level,
        module_levels=module_levels,
        group_name=group_name,
        country=country,
        standard=standard,
        settings=settings,
        key=key,
        at=at,
    )
    content = signed(facts, country=country, standard=standard, settings=settings, key=key)
    _keep_replaced(application.school_id, by=by, at=at)
    certificate = _row(application, facts, content, decider_id=decider_id, at=at)
    _put(store, certificate.file_key, content)
    session.add(certificate)
    session.flush()
    _enter(certificate, RegisterEvent.ISSUED, reason=None, by=by, at=at)
    place(
        application.school,
        standing=Standing.VALID,
        level=level,
        valid_until_on=facts.valid_until_on,
    )
    session.flush()
    return certificate


def _row(
    application: Application, facts: Facts, content: bytes, *, decider_id: UUID, at: datetime
) -> Certificate:
    return Certificate(
        id=new_id(),
        number=facts.number,
        code=facts.code,
        school_id=application.school_id,
        school=application.school,
        application_id=application.id,
        cycle=application.cycle,
        level=facts.level,
        valid_from_on=facts.valid_from_on,
        valid_until_on=facts.valid_until_on,
        facts=facts.text(),
        facts_sha256=facts.sha256,
        file_key=f"certificates/{new_id().hex}.pdf",
        file_sha256=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        key_id=facts.key_id,
        issued_at=at,
        issued_by_id=decider_id,
    )


def _put(store: FileStore, key: str, content: bytes) -> None:
    """Store the file, and read it back: what the store gives is what people will get."""
    store.put(key, content)
    if store.get(key) != content:
        raise SelfCheckFailed(key)


def _keep_replaced(school_id: UUID, *, by: Actor, at: datetime) -> None:
    """Note that an older certificate is replaced, if it could still be in force."""
    today = at.astimezone(UTC).date()
    for older in queries.of_school(school_id):
        session.refresh(older, ["entries"])
        events = [entry.event for entry in older.entries]
        if older.valid_until_on >= today and may_follow(events, RegisterEvent.REPLACED):
            _enter(older, RegisterEvent.REPLACED, reason=None, by=by, at=at)


# --- what happens to a certificate -------------------------------------------------------------


def _enter(
    certificate: Certificate, event: RegisterEvent, *, reason: str | None, by: Actor, at: datetime
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


def suspend(
    certificate: Certificate, *, reason: str, cure_days: int, by: Actor, at: datetime
) -> None:
    """Suspend the certificate at once; the reason is kept, and its hash is in the register.

    The school has `cure_days` to mend it; the group may move the day.
    """
    _change(certificate, RegisterEvent.SUSPENDED, Status.SUSPENDED, reason=reason, by=by, at=at)
    cures.begin(certificate, reason=reason, cure_days=cure_days, by=by, at=at)
    mails.tell_suspended(certificate, cure_days=cure_days, at=at)


def reinstate(
    certificate: Certificate, *, reason: str, expiring_days: int, by: Actor, at: datetime
) -> None:
    """End the suspension; the certificate is worth again what its dates say."""
    today = at.astimezone(UTC).date()
    after = by_date(certificate.valid_until_on, today, expiring_days)
    _change(certificate, RegisterEvent.REINSTATED, after, reason=reason, by=by, at=at)
    cures.end(certificate, by=by, at=at)


def withdraw(certificate: Certificate, *, reason: str, by: Actor, at: datetime) -> None:
    """Withdraw the certificate for good."""
    _change(certificate, RegisterEvent.WITHDRAWN, Status.WITHDRAWN, reason=reason, by=by, at=at)
    cures.end(certificate, by=by, at=at)


def _change(
    certificate: Certificate,
    event: RegisterEvent,
    after: Status,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    db.lock("register")
    session.refresh(certificate, ["entries"])
    demand([entry.event for entry in certificate.entries], event)
    _enter(certificate, event, reason=reason, by=by, at=at)
    if queries.newest_of_school(certificate.school_id) is certificate:
        place(certificate.school, standing=STANDINGS[after])
    session.flush()


# --- the calendar ------------------------------------------------------------------------------


def refresh_standings(*, at: datetime, expiring_days: int) -> int:
    """Move the schools whose certificate has come near its end, or past it; give their number."""
    today = at.astimezone(UTC).date()
    moved = 0
    for school in queries.turning(today + timedelta(days=expiring_days)):
        moved += _refresh(school, today, expiring_days)
    session.flush()
    return moved


def _refresh(school: School, today: date, expiring_days: int) -> bool:
    if school.valid_until_on is None:
        return False
    standing = STANDINGS[by_date(school.valid_until_on, today, expiring_days)]
    if standing is school.standing:
        return False
    place(school, standing=standing)
    return True
