"""Reads of the tallies: how many schools of a region are in each category."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import and_, bindparam, case, func, or_, select

from cissapp.foundation.content.installed import content
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
    for code, region_code, figure, change in _moved_since():
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
    for country_code, _region_code, figure, change in _moved_since():
        found.setdefault(country_code, dict.fromkeys(Figure, 0))[figure] += change
    return found


def _moved_since() -> Iterator[tuple[str, str, Figure, int]]:
    """Yield by how much the figures of regions change through certificates that near or passed their end since.

    `ciss daily` moves the schools in the tallies: some hours after midnight, and not at all while it is not run.
    """
    today, days = clock.today(), content().standard.decision.validity.expiring_days
    has_ended = School.valid_until_on < today
    nears_end = School.valid_until_on <= today + timedelta(days=days)
    columns = (
        School.country_code,
        School.region_code,
        School.progress,
        School.standing,
        School.level,
        case((has_ended, Standing.EXPIRED.value), else_=Standing.EXPIRING.value),
    )
    query = select(*columns, func.count()).where(
        or_(
            and_(School.standing.in_(IN_FORCE), has_ended),
            and_(School.standing == Standing.VALID, nears_end),
        ),
        School.only_for_id.is_(None),
    )
    rows = session.execute(query.group_by(*columns))
    for country_code, region_code, progress, standing, level, to, number in rows:
        before = figures_of(progress, standing, level)
        after = figures_of(progress, Standing(to), level)
        yield from ((country_code, region_code, figure, -number) for figure in before - after)
        yield from ((country_code, region_code, figure, number) for figure in after - before)


def schools_in_all() -> int:
    """Count the schools of the register."""
    return session.scalar(select(func.sum(Tally.count)).where(Tally.figure == Figure.SCHOOLS)) or 0
