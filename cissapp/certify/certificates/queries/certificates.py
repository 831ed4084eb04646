"""Reads of certificates and of the rows of the register."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import aliased, joinedload

from cissapp.certify.certificates import rules
from cissapp.certify.certificates.models import Certificate, Publication, RegisterEntry
from cissapp.certify.certificates.rules import ALIVE, RegisterEvent, Status, status_of
from cissapp.foundation.content.packs import CountryPack, certificate_terms
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import IN_FORCE

BATCH = 200


def certificate(certificate_id: UUID) -> Certificate | None:
    """Find a certificate."""
    return session.get(Certificate, certificate_id)


def by_code(code: str) -> Certificate | None:
    """Find the certificate with a code, as normalised by `normalise_code`."""
    return session.scalar(select(Certificate).where(Certificate.code == code))


def by_number(number: str) -> Certificate | None:
    """Find the certificate with a number."""
    return session.scalar(select(Certificate).where(Certificate.number == number))


def by_codes(codes: list[str]) -> Certificate | None:
    """Find the first certificate that has one of these codes."""
    return session.scalar(select(Certificate).where(Certificate.code.in_(codes)).limit(1))


def by_file(sha256: str) -> Certificate | None:
    """Find the certificate whose signed file has this hash."""
    query = select(Certificate).join(Certificate.publication)
    return session.scalar(query.where(Publication.file_sha256 == sha256))


def of_school(school_id: UUID) -> list[Certificate]:
    """List the certificates of a school that were issued, newest first."""
    query = select(Certificate).join(Certificate.publication)
    query = query.where(Certificate.school_id == school_id)
    return list(session.scalars(query.order_by(Certificate.cycle.desc())))


def of_schools(school_ids: Collection[UUID]) -> dict[UUID, list[Certificate]]:
    """List the certificates of several schools that were issued, by school, newest first."""
    query = select(Certificate).join(Certificate.publication)
    query = query.where(Certificate.school_id.in_(school_ids))
    found: dict[UUID, list[Certificate]] = {school_id: [] for school_id in school_ids}
    for one in session.scalars(query.order_by(Certificate.cycle.desc())):
        found[one.school_id].append(one)
    return found


def newest_of_school(school_id: UUID) -> Certificate | None:
    """Find the newest certificate of a school."""
    return next(iter(of_school(school_id)), None)


def of_application(application_id: UUID) -> Certificate | None:
    """Find the latest certificate of an application, whether issued, reserved or ended."""
    query = select(Certificate).where(Certificate.application_id == application_id)
    return session.scalar(query.order_by(Certificate.attempt.desc()).limit(1))


# --- reserved ----------------------------------------------------------------------------------


def with_newest_rows(certificate_ids: Collection[UUID]) -> dict[UUID, Certificate]:
    """Load certificates afresh, whatever the session already holds of them."""
    query = select(Certificate).where(Certificate.id.in_(certificate_ids))
    found = session.scalars(query, execution_options={"populate_existing": True})
    return {one.id: one for one in found}


def published(certificate_id: UUID) -> Certificate | None:
    """Find a certificate if it has been published."""
    found = session.get(Certificate, certificate_id)
    return found if found and found.publication else None


def is_reserved(certificate: Certificate) -> bool:
    """Return whether a certificate waits for its file."""
    return [entry.event for entry in certificate.entries] == [RegisterEvent.RESERVED]


def reserved_ids() -> list[UUID]:
    """List the certificates that wait for their files, oldest first."""
    query = select(Certificate.id).where(*_still_reserved())
    return list(session.scalars(query.order_by(Certificate.issued_at, Certificate.number)))


def reserved_of_school(school_id: UUID) -> Certificate | None:
    """Find the certificate of a school that waits for its file."""
    query = select(Certificate).where(Certificate.school_id == school_id, *_still_reserved())
    return session.scalars(query.order_by(Certificate.cycle.desc()).limit(1)).first()


def _still_reserved() -> Iterator[ColumnElement[bool]]:
    """List the conditions of a reserved certificate: it has no file, and was not ended."""
    ended = select(RegisterEntry.id).where(
        RegisterEntry.certificate_id == Certificate.id,
        RegisterEntry.event == RegisterEvent.VOIDED,
    )
    file = select(Publication.certificate_id).where(Publication.certificate_id == Certificate.id)
    yield ~file.exists()
    yield ~ended.exists()


def status(certificate: Certificate, today: date, expiring_days: int) -> Status:
    """Compute the status of a certificate on a date."""
    events = [entry.event for entry in certificate.entries]
    return status_of(
        certificate.valid_from_on,
        certificate.valid_until_on,
        events,
        today,
        expiring_days,
        issued_on=certificate.issued_at.astimezone(UTC).date(),
        followed=today > certificate.valid_until_on and successor(certificate) is not None,
    )


def successor(certificate: Certificate) -> Certificate | None:
    """Find the certificate that takes over when this one ends; a withdrawn one does not."""
    query = select(Certificate).where(
        Certificate.school_id == certificate.school_id,
        Certificate.valid_from_on == _day_after(certificate),
    )
    return successor_among(session.scalars(query), certificate)


def successor_among(
    certificates: Iterable[Certificate], certificate: Certificate
) -> Certificate | None:
    """Choose the successor of a certificate from those of its school, as `successor` does."""
    begins = _day_after(certificate)
    return next(
        (one for one in certificates if one.valid_from_on == begins and is_alive(one)), None
    )


def _day_after(certificate: Certificate) -> date:
    return certificate.valid_until_on + timedelta(days=1)


def is_alive(certificate: Certificate) -> bool:
    """Return whether a certificate was issued and is neither withdrawn nor replaced."""
    return bool(certificate.entries) and certificate.entries[-1].event in ALIVE


def in_use(school_id: UUID, today: date) -> Certificate | None:
    """Find the certificate of a school that counts on a day: the newest that has begun, else the newest."""
    return in_use_among(of_school(school_id), today)


def in_use_among(certificates: Iterable[Certificate], today: date) -> Certificate | None:
    """Choose the one that counts on a date, as `in_use`, from a school's certificates, newest first.

    A renewal that waits for its first day does not count yet; neither does a certificate not issued.
    """
    found = [
        one
        for one in certificates
        if any(entry.event is RegisterEvent.ISSUED for entry in one.entries)
    ]
    return next((one for one in found if one.valid_from_on <= today), next(iter(found), None))


# --- one after another -------------------------------------------------------------------------


def followed(school_id: UUID, today: date) -> Certificate | None:
    """Find the certificate of a school that counts on a day, if the next one is issued and has not begun."""
    current = in_use(school_id, today)
    return current if current and successor(current) else None


def begins_on(school_id: UUID, today: date, country: CountryPack, standard: Standard) -> date:
    """Return the first day of a certificate that is decided today.

    It only waits for a certificate in force: while that is suspended, the new one begins at once.
    """
    before = next((one for one in of_school(school_id) if is_alive(one)), None)
    in_force = before and before.entries[-1].event is not RegisterEvent.SUSPENDED
    return rules.begins_on(
        before.valid_until_on if before and in_force else None,
        today,
        certificate_terms(country.file, standard.decision).renewal_opens_months,
    )


def with_successor(certificate: Certificate) -> list[Certificate]:
    """List a certificate and the successor waiting for it, since a decision applies to both.

    Otherwise a suspended school would be certified again merely because time passed.
    """
    after = successor(certificate)
    return [certificate, *([after] if after else [])]


def schools_with_due_certificate(today: date) -> list[UUID]:
    """List the ids of schools whose next certificate has begun and whose ended one is not yet replaced."""
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
    return sorted({one for one, until, begins in rows if begins == until + timedelta(days=1)})


# --- the register ------------------------------------------------------------------------------


def last_entry() -> RegisterEntry | None:
    """Find the newest row of the register."""
    return session.scalar(select(RegisterEntry).order_by(RegisterEntry.id.desc()).limit(1))


def register_entries() -> Iterator[RegisterEntry]:
    """Iterate over the register in order."""
    query = select(RegisterEntry).options(joinedload(RegisterEntry.certificate))
    yield from session.scalars(query.order_by(RegisterEntry.id)).yield_per(BATCH)


def all_certificates() -> Iterator[Certificate]:
    """Iterate over all certificates in the order they were issued."""
    query = select(Certificate).order_by(Certificate.issued_at, Certificate.number)
    yield from session.scalars(query).yield_per(BATCH)


def last_number(prefix: str) -> str | None:
    """Find the highest number with this prefix."""
    query = select(Certificate.number).where(Certificate.number.startswith(prefix, autoescape=True))
    return session.scalar(
        query.order_by(func.length(Certificate.number).desc(), Certificate.number.desc()).limit(1)
    )


def ends_until(until: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """List schools in force whose certificate ends on or before a date: id, standing, last day."""
    columns = select(School.id, School.standing, School.valid_until_on)
    query = columns.where(School.standing.in_(IN_FORCE), School.valid_until_on <= until)
    return session.execute(query.order_by(School.id)).all()


def schools_in_force(ids: Collection[UUID]) -> list[School]:
    """List those of some schools whose certificate is in force."""
    query = select(School).where(School.id.in_(ids), School.standing.in_(IN_FORCE))
    return list(session.scalars(query.order_by(School.id)))
