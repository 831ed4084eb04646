"""Writes about regions: state statistics, and schools of regions that a reform ended."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec.structs import asdict
from sqlalchemy import select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools.models import ProgrammeCountry, RegionStatistic, School
from cissapp.people.schools.queries import facts_hash
from cissapp.people.schools.rules import RegionCount
from cissapp.people.schools.services import history, tallies

AT_ONCE = 500


def import_statistics(
    counts: Sequence[RegionCount],
    pack: CountryPack,
    *,
    source: str,
    checked: bool,
    by: Actor,
    at: datetime,
) -> int:
    """Store state statistics in addition to earlier ones; refuse all if one region is unknown."""
    country = session.get(ProgrammeCountry, pack.code)
    if country is None:
        raise Refused(Problem("country", N_("This country is not available here.")))
    unknown = [
        Problem("region", N_("“%(region)s” is not a region of this country."), {"region": one})
        for one in (count.region_code for count in counts)
        if one is not None and one not in pack.regions
    ]
    if unknown:
        raise Refused(*unknown)
    session.add_all(
        RegionStatistic(
            country_code=pack.code,
            source=source,
            checked=checked,
            imported_at=at,
            imported_by_id=by.id,
            **asdict(count),
        )
        for count in counts
    )
    record(Event.STATISTICS_IMPORTED, country, by=by, at=at, rows=len(counts), source=source)
    session.flush()
    return len(counts)


def move_after_reforms(packs: Iterable[CountryPack], *, at: datetime) -> int:
    """Move the schools of each ended region with a single successor; return how many were moved.

    The schools of a divided region wait for the coordinator, who knows where each one is.
    """
    moved = 0
    for pack in packs:
        for code in pack.ended(at.date()):
            heirs = pack.successors(code, at.date())
            if len(heirs) == 1:
                found = select(School).where(School.region_code == code).order_by(School.id)
                moved += _move(session.scalars(found).all(), heirs[0], by=SYSTEM, at=at)
    return moved


def move_schools(
    ids: Collection[UUID],
    from_code: str,
    to_code: str,
    pack: CountryPack,
    *,
    by: Actor,
    at: datetime,
) -> int:
    """Move schools of the person's group from a divided region to one of its successors.

    A school that is no longer in that region is left where it is.
    """
    reached = _open_heirs(pack, from_code, at.date())
    if to_code not in reached:
        raise Refused(Problem("region", N_("Choose one of the regions that replaced this one.")))
    found = (
        select(School)
        .where(
            School.id.in_(ids),
            School.group_id == by.group_id,
            School.region_code == from_code,
        )
        .order_by(School.id)
    )
    return _move(session.scalars(found).all(), to_code, by=by, at=at)


def _open_heirs(pack: CountryPack, code: str, on: date) -> set[str]:
    """Return where schools of an ended region may be moved: its successors and their subregions."""
    heirs = pack.successors(code, on)
    return {one for heir in heirs for one in pack.within(heir) if pack.in_force(one, on)}


def _move(found: Sequence[School], to_code: str, *, by: Actor, at: datetime) -> int:
    """Move schools in parts, with an audit trail entry and updated tallies for each."""
    for start in range(0, len(found), AT_ONCE):
        schools = found[start : start + AT_ONCE]
        before = [key for school in schools for key in tallies.keys_of(school)]
        from_codes = {school.id: school.region_code for school in schools}
        stood = [(school, history.status_of(school)) for school in schools]
        for school in schools:
            school.region_code = to_code
        tallies.move(before, [key for school in schools for key in tallies.keys_of(school)])
        for school, status in stood:
            history.note(school, status, at=at)
        for school in schools:
            if school.only_for_id is None:
                said = {
                    "changed": ["region_code"],
                    "from": from_codes[school.id],
                    "to": to_code,
                    "sha256": facts_hash(school),
                }
                record(Event.SCHOOL_CHANGED, school, by=by, at=at, school_id=school.id, **said)
        session.flush()
    return len(found)
