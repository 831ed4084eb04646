"""Reads of the public list of certified schools; those of the list for programs are in `walk`."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, Text, case, func, select, type_coerce
from sqlalchemy.orm import aliased

from cissapp.certify.certificates.models import Certificate, Publication
from cissapp.certify.certificates.rules import Status, status_by_date
from cissapp.foundation.access.scopes import in_region
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import (
    BATCH,
    KeyPage,
    PagePlace,
    key_page,
    stream_rows,
    without_index,
)
from cissapp.people.schools.models import School, Tally
from cissapp.people.schools.queries import REGISTERED
from cissapp.people.schools.rules import IN_FORCE, Figure
from cissapp.verify.directory.queries.bulk import (
    BulkCertificate,
    bulk_certificates,
    bulk_part,
    bulk_part_from,
)
from cissapp.verify.directory.queries.parts import ListDay, found_by, in_place, named, placed
from cissapp.verify.directory.rules import (
    LEVELS,
    Search,
)

__all__ = [
    "BulkCertificate",
    "ListDay",
    "bulk_certificates",
    "bulk_part",
    "bulk_part_from",
    "found_by",
]

PER_PAGE = 25
# SQLite walks through the schools by name until a page is full; with fewer in force than this, sorting is
# faster. With ten of 100,000 schools in force the walk took 0.25 s; sorting 17,000 took 0.05 s.
MANY_IN_FORCE = 2000


class CertifiedSchool(Struct, frozen=True):
    """A certified school in the public list, without any person's data."""

    name: str
    locality: str
    country_code: str
    region_code: str
    level: int
    valid_from_on: date
    valid_until_on: date
    number: str
    code: str
    until_on: date

    def status(self, day: ListDay) -> Status:
        """Return the status by the end of the certificate, or of the one that follows it without a gap."""
        return status_by_date(self.until_on, day.today, day.expiring_days)


def register_page(
    search: Search, day: ListDay, place: PagePlace | None = None
) -> KeyPage[CertifiedSchool]:
    """Return a page of the schools whose certificate is in force, by name, starting at a place.

    A place is the code of a certificate; if the code is unknown, the list starts at the beginning.
    """
    key = _key_of(place)
    number = number_for_sqlite(search)
    # The schools first, by an index; then only these with their certificates.
    found = key_page(
        schools_in_force(search, day, are_many=(number or 0) > MANY_IN_FORCE),
        BY_NAME,
        size=PER_PAGE,
        fetch=session.scalars,
        name=str,
        start=(key, place) if key and place else None,
        search=list(named(search)),
        among=select(School.id).where(REGISTERED, *in_place(search)),
    )
    rows = _certified_schools(_ordered(in_force(search, day).where(School.id.in_(found.rows))))
    earlier = rows[0].code if rows and found.earlier else ""
    later = rows[-1].code if rows and found.later else ""
    total = found.total
    if total is None and not (search.found_by or search.status):
        total = (_kept_number(search) if number is None else number) - _ended(search, day)
    return KeyPage(rows, earlier, later, total)


def schools_in_force(search: Search, day: ListDay, *, are_many: bool) -> Select[Any]:
    """Select the ids of the schools in force; `are_many`, if there are more than `MANY_IN_FORCE`."""
    standing = without_index(School.standing) if are_many else School.standing
    return select(School.id).where(
        REGISTERED,
        standing.in_(IN_FORCE),
        School.valid_until_on >= day.today,
        *placed(search, day),
    )


def number_for_sqlite(search: Search) -> int | None:
    """Return the number of schools in force: only SQLite has to be told which index is the better one."""
    return _kept_number(search) if session.get_bind().dialect.name == "sqlite" else None


BY_NAME = (School.name_key, School.id)


def _key_of(place: PagePlace | None) -> tuple[Any, ...] | None:
    if place is None:
        return None
    of_code = select(*BY_NAME).join(Certificate, Certificate.school_id == School.id)
    found = session.execute(of_code.where(Certificate.code == place.row)).first()
    return tuple(found) if found else None


def _kept_number(search: Search) -> int:
    """Return the number of schools in force in a country, a region or everywhere, from the tallies."""
    levels = [search.level] if search.level else LEVELS
    figures = [Figure(f"level_{level}") for level in levels]
    query = select(func.coalesce(func.sum(Tally.count), 0)).where(Tally.figure.in_(figures))
    country_code = search.country_code or search.region_code[:2]
    if country_code:
        query = query.where(Tally.country_code == country_code)
    if search.region_code:
        query = query.where(in_region(Tally.region_code, search.region_code))
    return int(session.scalar(query) or 0)


def _ended(search: Search, day: ListDay) -> int:
    """Count the schools that expired since `ciss daily` last moved the tallies, which still have them."""
    query = select(func.count()).where(
        REGISTERED,
        School.standing.in_(IN_FORCE),
        School.valid_until_on < day.today,
        *placed(search, day),
    )
    return session.scalar(query) or 0


class ListedSchool(NamedTuple):
    """A school of the public list as its files have it; SQLite's dates are left as text."""

    name: str
    locality: str
    country_code: str
    region_code: str
    level: int
    valid_from_on: date | str
    valid_until_on: date | str
    number: str
    code: str
    status: str


def is_long(search: Search) -> bool:
    """Return whether a file may have more schools than are read at once, by the tallies; words are ignored."""
    return _kept_number(search) >= BATCH


def listed_schools(search: Search, day: ListDay) -> Iterator[Iterable[ListedSchool]]:
    """Yield in batches the matching schools whose certificate is in force, in the order of the list; for files."""
    soon = School.valid_until_on <= day.soon
    status = case((soon, Status.EXPIRING.value), else_=Status.VALID.value)
    found = _ordered(in_force(search, day)).with_only_columns(
        School.name,
        School.locality,
        School.country_code,
        School.region_code,
        Certificate.level,
        type_coerce(Certificate.valid_from_on, Text),
        type_coerce(Certificate.valid_until_on, Text),
        Certificate.number,
        Certificate.code,
        status,
    )
    for rows in stream_rows(found, size=BATCH):
        yield map(ListedSchool._make, rows)


def _certified_schools(query: Statement) -> list[CertifiedSchool]:
    return [CertifiedSchool(*row) for row in session.execute(query)]


def _ordered(query: Statement) -> Statement:
    return query.order_by(*BY_NAME)


def in_force(search: Search, day: ListDay) -> Statement:
    """Select the schools in force, each with its certificate in use."""
    begun, later = aliased(Certificate), aliased(Publication)
    # Not as the highest number of each school: for a file, PostgreSQL would look it up twice for every row.
    followed = (
        select(later.certificate_id)
        .join(begun, begun.id == later.certificate_id)
        .where(later.school_id == School.id, later.cycle > Publication.cycle)
        .where(begun.valid_from_on <= day.today)
    )
    return (
        select(
            School.name,
            School.locality,
            School.country_code,
            School.region_code,
            Certificate.level,
            Certificate.valid_from_on,
            Certificate.valid_until_on,
            Certificate.number,
            Certificate.code,
            School.valid_until_on,
        )
        .join(Certificate, Certificate.school_id == School.id)
        .join(Publication, Publication.certificate_id == Certificate.id)
        .where(
            REGISTERED,
            School.standing.in_(IN_FORCE),
            School.valid_until_on >= day.today,
            Certificate.valid_from_on <= day.today,
            ~followed.exists(),
            *_conditions(search, day),
        )
    )


def _conditions(search: Search, day: ListDay) -> Iterator[ColumnElement[bool]]:
    yield from named(search)
    yield from placed(search, day)
