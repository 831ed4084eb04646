"""Reads of state statistics of regions, and of schools in regions that a reform ended."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select

from cissapp.foundation.content.packs import CountryPack, Denominator
from cissapp.foundation.content.schema import FactState
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import RegionStatistic, School
from cissapp.people.schools.queries import PAGE_ROWS, REGISTERED


class Totals(Struct):
    """The latest number of all schools, and that of all pupils: a source may give only one of them."""

    schools: Denominator | None = None
    pupils: Denominator | None = None


def denominators(pack: CountryPack) -> dict[str | None, Totals]:
    """Map each region, and None for the country, to its latest schools and pupils, from pack and imports."""
    rows = session.scalars(
        select(RegionStatistic)
        .where(RegionStatistic.country_code == pack.code)
        .order_by(RegionStatistic.counted_on, RegionStatistic.imported_at, RegionStatistic.id)
    )
    imported = [(one.region_code, _denominator(one)) for one in rows]
    found: dict[str | None, Totals] = {}
    for code, one in sorted([*pack.denominators, *imported], key=lambda row: row[1].counted_on):
        totals = found.setdefault(code, Totals())
        totals.schools = totals.schools if one.schools is None else one
        totals.pupils = totals.pupils if one.pupils is None else one
    return found


def _denominator(row: RegionStatistic) -> Denominator:
    state = FactState.CHECKED if row.checked else FactState.CONFIRM
    return Denominator(row.schools, row.pupils, row.counted_on, row.source, state)


class EndedRegion(Struct, frozen=True):
    """A divided region that still has schools of a group, as the object of a permission check."""

    code: str
    group_id: UUID
    heirs: tuple[str, ...]
    schools: int


def ended_regions(actor: Actor, packs: Iterable[CountryPack], on: date) -> list[EndedRegion]:
    """List the divided regions that still contain schools of the person's group, with their number."""
    became = {code: pack.successors(code, on) for pack in packs for code in pack.ended(on)}
    heirs = {code: found for code, found in became.items() if len(found) > 1}
    if not heirs or actor.group_id is None:
        return []
    query = (
        select(School.region_code, func.count())
        .where(School.group_id == actor.group_id, School.region_code.in_(heirs), REGISTERED)
        .group_by(School.region_code)
        .order_by(School.region_code)
    )
    return [
        EndedRegion(code, actor.group_id, heirs[code], number)
        for code, number in session.execute(query)
    ]


def schools_to_move(region: EndedRegion) -> list[School]:
    """List the first schools of a group that are still in an ended region, by name."""
    query = (
        select(School)
        .where(School.group_id == region.group_id, School.region_code == region.code, REGISTERED)
        .order_by(School.name_key, School.id)
        .limit(PAGE_ROWS)
    )
    return list(session.scalars(query))
