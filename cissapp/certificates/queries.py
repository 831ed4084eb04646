"""Reads of certificates and of the register."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from cissapp.certificates.models import Certificate, RegisterEntry
from cissapp.certificates.rules import Status, status_of
from cissapp.core.db import session
from cissapp.schools.models import School
from cissapp.schools.rules import IN_FORCE

PER_PAGE = 25
WORDS = 6
BATCH = 200


def certificate(certificate_id: UUID) -> Certificate | None:
    """Find a certificate."""
    return session.get(Certificate, certificate_id)


def by_code(code: str) -> Certificate | None:
    """Find the certificate of a code, as `normalise_code` gives it."""
    return session.scalar(select(Certificate).where(Certificate.code == code))


def by_codes(codes: list[str]) -> Certificate | None:
    """Find the first certificate that has one of these codes."""
    return session.scalar(select(Certificate).where(Certificate.code.in_(codes)).limit(1))


def by_file(sha256: str) -> Certificate | None:
    """Find the certificate whose signed file has this hash."""
    return session.scalar(select(Certificate).where(Certificate.file_sha256 == sha256))


def of_school(school_id: UUID) -> list[Certificate]:
    """List the certificates of a school, newest first."""
    query = select(Certificate).where(Certificate.school_id == school_id)
    return list(session.scalars(query.order_by(Certificate.cycle.desc())))


def newest_of_school(school_id: UUID) -> Certificate | None:
    """Find the newest certificate of a school."""
    return next(iter(of_school(school_id)), None)


def of_application(application_id: UUID) -> Certificate | None:
    """Find the certificate that an application led to."""
    return session.scalar(select(Certificate).where(Certificate.application_id == application_id))


def status(certificate: Certificate, today: date, expiring_days: int) -> Status:
    """Say what a certificate is worth on a day."""
    events = [entry.event for entry in certificate.entries]
    return status_of(
        certificate.valid_from_on, certificate.valid_until_on, events, today, expiring_days
    )


# --- the register ------------------------------------------------------------------------------


def last_entry() -> RegisterEntry | None:
    """Give the newest row of the register."""
    return session.scalar(select(RegisterEntry).order_by(RegisterEntry.id.desc()).limit(1))


def entries() -> Iterator[RegisterEntry]:
    """Go through the register in order."""
    query = select(RegisterEntry).options(joinedload(RegisterEntry.certificate))
    yield from session.scalars(query.order_by(RegisterEntry.id)).yield_per(BATCH)


def certificates() -> Iterator[Certificate]:
    """Go through all certificates in the order they were issued."""
    query = select(Certificate).order_by(Certificate.issued_at, Certificate.number)
    yield from session.scalars(query).yield_per(BATCH)


def last_number(prefix: str) -> str | None:
    """Give the highest number that begins so."""
    query = select(Certificate.number).where(Certificate.number.startswith(prefix, autoescape=True))
    return session.scalar(
        query.order_by(func.length(Certificate.number).desc(), Certificate.number.desc()).limit(1)
    )


def turning(until: date) -> list[School]:
    """List the schools in force whose certificate ends on a day or before."""
    query = select(School).where(School.standing.in_(IN_FORCE), School.valid_until_on <= until)
    return list(session.scalars(query.order_by(School.id)))


# --- the public list ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A certified school in the public list."""

    name: str
    locality: str
    country_code: str
    region_code: str
    level: int
    valid_until_on: date
    code: str


@dataclass(frozen=True)
class Search:
    """What a visitor looks for."""

    words: str = ""
    country_code: str = ""
    region_code: str = ""


@dataclass(frozen=True)
class Found:
    """A page of the public list."""

    rows: list[Listed]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, ceil(self.total / PER_PAGE))


def in_force(search: Search, page: int = 1) -> Found:
    """List the schools whose certificate is in force, by name."""
    newest = (
        select(func.max(Certificate.cycle))
        .where(Certificate.school_id == School.id)
        .correlate(School)
        .scalar_subquery()
    )
    query = (
        select(
            School.name,
            School.locality,
            School.country_code,
            School.region_code,
            Certificate.level,
            Certificate.valid_until_on,
            Certificate.code,
        )
        .join(Certificate, Certificate.school_id == School.id)
        .where(School.standing.in_(IN_FORCE), Certificate.cycle == newest, *_conditions(search))
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(page, 1), max(1, ceil(total / PER_PAGE)))
    rows = session.execute(
        query.order_by(School.name, School.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    )
    return Found([Listed(*row) for row in rows], total, page)


def _conditions(search: Search) -> Iterator[ColumnElement[bool]]:
    """Say what a school must be like; every word must be in its name or its place."""
    for word in search.words.split()[:WORDS]:
        # SQLite folds only Latin letters, so a word is also tried in the ways people write it.
        spelt = sorted({word, word.lower(), word.upper(), word.capitalize()})
        yield or_(
            *(School.name.icontains(one, autoescape=True) for one in spelt),
            *(School.locality.icontains(one, autoescape=True) for one in spelt),
        )
    if search.country_code:
        yield School.country_code == search.country_code
    if search.region_code:
        yield School.region_code == search.region_code
