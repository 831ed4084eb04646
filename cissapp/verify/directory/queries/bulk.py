"""Reads of the certificates of a bulk."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from cissapp.certify.certificates.models import Certificate, Publication, RegisterEntry
from cissapp.certify.certificates.rules import (
    ALIVE,
    STATUSES_IN_FORCE,
    RegisterEvent,
    Status,
    status_of,
)
from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.scopes import in_region
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import KeyPage, PagePlace
from cissapp.people.schools.models import NationalGroup, School
from cissapp.verify.directory.queries.parts import ListDay
from cissapp.verify.directory.rules import BulkSelection

# The most certificates in one file, so that a page can show its size without reading the whole country.
PART = 200


class BulkCertificate(Struct, frozen=True):
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
    """List the issued certificates that the person may fetch and that match, by number.

    Only columns are read here; the files are read later, one by one.
    """
    return list(_walk(wanted, person, day))


def bulk_part(
    wanted: BulkSelection, person: Actor, day: ListDay, place: PagePlace | None = None
) -> KeyPage[BulkCertificate]:
    """Return a part of the same certificates, starting at a place given by a certificate number."""
    rows = list(islice(_walk(wanted, person, day, place), PART + 1))
    more, rows = len(rows) > PART, rows[:PART]
    back = place is not None and place.back
    if back:
        rows.reverse()
    earlier, later = (more, True) if back else (place is not None, more)
    return KeyPage(
        rows,
        rows[0].number if rows and earlier else "",
        rows[-1].number if rows and later else "",
        None if more or place is not None else len(rows),
    )


def bulk_part_from(
    wanted: BulkSelection, person: Actor, day: ListDay, first: str
) -> list[BulkCertificate]:
    """List the certificates of the part that begins with a number."""
    return list(islice(_walk(wanted, person, day, first=first), PART))


def _walk(
    wanted: BulkSelection,
    person: Actor,
    day: ListDay,
    place: PagePlace | None = None,
    first: str = "",
) -> Iterator[BulkCertificate]:
    """Yield the certificates by number, or backwards from a place; they are read in batches."""
    back = place is not None and place.back
    order = Certificate.number.desc() if back else Certificate.number.asc()
    keys = _keys(wanted, person, day).order_by(order).limit(PART + 1)
    if first:
        keys = keys.where(Certificate.number >= first)
    last = place.row if place else ""
    while True:
        here = Certificate.number < last if back else Certificate.number > last
        # Find the ids first, by the index of the numbers, so that nothing is looked up for all the others.
        found = session.execute(keys.where(here)).all()
        query = _published_certificates().where(Certificate.id.in_([one.id for one in found]))
        rows = [BulkCertificate(*row) for row in session.execute(query.order_by(order))]
        begun = _begun(rows)
        for row in rows:
            status = _bulk_status(row, begun, day)
            if wanted.includes(row.issued_at.astimezone(UTC).date(), status):
                yield replace(row, status=status)
        if len(found) <= PART:
            return
        last = found[-1].number


def _keys(wanted: BulkSelection, person: Actor, day: ListDay) -> Select[Any]:
    query: Any = (
        select(Certificate.id, Certificate.number)
        .join(School, School.id == Certificate.school_id)
        .where(exists().where(Publication.certificate_id == Certificate.id))
        .where(*_numbers_of(person), *_conditions(wanted, day))
    )
    # Filter by the joined school, since a certificate's own group would be looked up row by row.
    keys: Select[Any] = visible(query, School, person, Permission.CERTIFICATE_EXPORT)
    return keys


def _numbers_of(person: Actor) -> Iterator[ColumnElement[bool]]:
    """Narrow the numbers to the range of a group's countries, so that most others are not walked through.

    A number begins with the country of the school, and a group covers each country in which it has schools.
    """
    group = session.get(NationalGroup, person.group_id) if person.group_id else None
    codes = group.country_codes if group else []
    if codes:
        yield Certificate.number >= f"{codes[0]}-"
        yield Certificate.number < f"{codes[-1]}."


def _conditions(wanted: BulkSelection, day: ListDay) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that the database can check; for a status, only the necessary ones."""
    if wanted.country_code:
        yield School.country_code == wanted.country_code
    if wanted.region_code:
        yield in_region(School.region_code, wanted.region_code)
    if wanted.level:
        yield Certificate.level == wanted.level
    if wanted.from_on:
        yield Certificate.issued_at >= datetime.combine(wanted.from_on, time.min, UTC)
    if wanted.to_on:
        yield Certificate.issued_at <= datetime.combine(wanted.to_on, time.max, UTC)
    yield from _of_status(wanted.status, day)


def _of_status(status: Status | None, day: ListDay) -> Iterator[ColumnElement[bool]]:
    if status in DECIDED_BY:
        yield exists().where(
            RegisterEntry.certificate_id == Certificate.id,
            RegisterEntry.event == DECIDED_BY[status],
        )
    if status in STATUSES_IN_FORCE:
        yield Certificate.valid_until_on >= day.today
    if status is Status.EXPIRED:
        yield Certificate.valid_until_on < day.today
    if status is Status.UPCOMING:
        yield Certificate.valid_from_on > day.today


# Replaced is missing here: a certificate that another one follows is replaced without an event.
DECIDED_BY = {
    Status.WITHDRAWN: RegisterEvent.WITHDRAWN,
    Status.SUSPENDED: RegisterEvent.SUSPENDED,
}


def _begun(rows: list[BulkCertificate]) -> set[tuple[UUID, date]]:
    """Return (school id, first day) of the live certificates of the same schools, selected or not."""
    of_schools = Certificate.school_id.in_({row.school_id for row in rows})
    query = _published_certificates().where(of_schools, RegisterEntry.event.in_(ALIVE))
    found = session.execute(
        query.with_only_columns(Certificate.school_id, Certificate.valid_from_on)
    )
    return {(row[0], row[1]) for row in found}


def _published_certificates() -> Statement:
    other = aliased(RegisterEntry)
    # Per certificate, not over the whole register, so that an index can be used.
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
    )


def _bulk_status(row: BulkCertificate, alive: set[tuple[UUID, date]], day: ListDay) -> Status:
    """Return the status of a certificate of the bulk, from its dates and its last event."""
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
