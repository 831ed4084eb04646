"""Reads of the certificates of a bulk."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from cissapp.certify.certificates.models import Certificate, Publication, RegisterEntry
from cissapp.certify.certificates.rules import ALIVE, RegisterEvent, Status, status_of
from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.verify.directory.queries.parts import ListDay, Rows, by_mark
from cissapp.verify.directory.rules import BulkSelection


@dataclass(frozen=True)
class BulkCertificate:
    """A certificate of a bulk: what the list says of it, and where its file is."""

    certificate_id: UUID
    school_id: UUID
    number: str
    code: str
    school: str
    locality: str
    country_code: str
    region_code: str
    level: int
    valid_from_on: date
    valid_until_on: date
    issued_at: datetime
    file_key: str
    file_sha256: str
    file_size: int
    last_event: RegisterEvent
    status: Status = Status.UNKNOWN


def bulk_certificates(wanted: BulkSelection, person: Actor, day: ListDay) -> list[BulkCertificate]:
    """List the issued certificates that the person may fetch and that fit, by number.

    One query, and only columns: the files are read later, one by one.
    """
    # By the school that is joined already: a certificate's own group is looked up row by row.
    query = visible(_published_certificates(), School, person, Permission.CERTIFICATE_EXPORT)
    rows = [BulkCertificate(*row) for row in session.execute(query)]
    alive = {(one.school_id, one.valid_from_on) for one in rows if one.last_event in ALIVE}
    found = []
    for row in rows:
        status = _bulk_status(row, alive, day)
        if _fits(row, wanted) and wanted.includes(row.issued_at.astimezone(UTC).date(), status):
            found.append(BulkCertificate(**{**vars(row), "status": status}))
    return found


def _published_certificates() -> Rows:
    other = aliased(RegisterEntry)
    # Of each certificate, not of the whole register: an index finds it.
    last = select(func.max(other.id)).where(other.certificate_id == Certificate.id)
    return (
        select(
            Certificate.id,
            Certificate.school_id,
            Certificate.number,
            Certificate.code,
            School.name,
            School.locality,
            School.country_code,
            School.region_code,
            Certificate.level,
            Certificate.valid_from_on,
            Certificate.valid_until_on,
            Certificate.issued_at,
            Publication.file_key,
            Publication.file_sha256,
            Publication.file_size,
            RegisterEntry.event,
        )
        .join(School, School.id == Certificate.school_id)
        .join(Publication, Publication.certificate_id == Certificate.id)
        .join(RegisterEntry, RegisterEntry.certificate_id == Certificate.id)
        .where(RegisterEntry.id == last.correlate(Certificate).scalar_subquery())
        .order_by(by_mark(Certificate.number))
    )


def _bulk_status(row: BulkCertificate, alive: set[tuple[UUID, date]], day: ListDay) -> Status:
    """Compute what a certificate of the bulk is worth; its last event decides."""
    next_day = row.valid_until_on + timedelta(days=1)
    return status_of(
        row.valid_from_on,
        row.valid_until_on,
        [row.last_event],
        day.today,
        day.expiring_days,
        issued_on=row.issued_at.astimezone(UTC).date(),
        followed=(row.school_id, next_day) in alive,
    )


def _fits(row: BulkCertificate, wanted: BulkSelection) -> bool:
    return (
        wanted.country_code in {"", row.country_code}
        and (
            not wanted.region_code
            or row.region_code in content().regions_within(wanted.region_code)
        )
        and wanted.level in {None, row.level}
    )
