"""Reads of the tallies: how many schools of a region are in each category."""

from collections.abc import Iterator

from sqlalchemy import bindparam, func, select

from cissapp.foundation.core import clock
from cissapp.foundation.core.bulk.rows import read_rows
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School, Tally
from cissapp.people.schools.rules import IN_FORCE, Figure, Standing, figures_of

# Most figures of most regions are zero: in a country of 1,600 communities seven of eight.
_TALLIES = (
    select(Tally.region_code, Tally.figure, Tally.count)
    .where(Tally.country_code == bindparam("country_code"), Tally.count > 0)
    .order_by(Tally.region_code)
)


def tallies_of(country_code: str) -> dict[str, dict[Figure, int]]:
    """List the figures of every region of a country, today, without those that the tallies have at zero."""
    found: dict[str, dict[Figure, int]] = {}
    for region_code, figure, count in read_rows(_TALLIES, {"country_code": country_code}):
        found.setdefault(region_code, {})[figure] = count
    for code, region_code, figure, change in _expired_since():
        if code == country_code:
            row = found.setdefault(region_code, {})
            row[figure] = row.get(figure, 0) + change
    return found


def totals_by_country() -> dict[str, dict[Figure, int]]:
    """Return the figures of each country of the programme, today."""
    query = select(Tally.country_code, Tally.figure, func.sum(Tally.count)).group_by(
        Tally.country_code, Tally.figure
    )
    found: dict[str, dict[Figure, int]] = {}
    for country_code, figure, count in session.execute(query):
        found.setdefault(country_code, dict.fromkeys(Figure, 0))[figure] = int(count or 0)
    for country_code, _region_code, figure, change in _expired_since():
        found.setdefault(country_code, dict.fromkeys(Figure, 0))[figure] += change
    return found


def _expired_since() -> Iterator[tuple[str, str, Figure, int]]:
    """Yield by how much the figures of regions change through certificates that ended since `ciss daily` ran.

    It moves the schools in the tallies: some hours after midnight, and not at all while it is not run.
    """
    columns = (
        School.country_code,
        School.region_code,
        School.progress,
        School.standing,
        School.level,
    )
    query = select(*columns, func.count()).where(
        School.standing.in_(IN_FORCE),
        School.valid_until_on < clock.today(),
        School.only_for_id.is_(None),
    )
    for country_code, region_code, progress, standing, level, number in session.execute(
        query.group_by(*columns)
    ):
        before = figures_of(progress, standing, level)
        after = figures_of(progress, Standing.EXPIRED, level)
        yield from ((country_code, region_code, figure, -number) for figure in before - after)
        yield from ((country_code, region_code, figure, number) for figure in after - before)


def schools_in_all() -> int:
    """Count the schools of the register."""
    return session.scalar(select(func.sum(Tally.count)).where(Tally.figure == Figure.SCHOOLS)) or 0
