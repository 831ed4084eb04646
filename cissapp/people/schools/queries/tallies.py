"""Reads of the tallies: how many schools of a region are in each category."""

from sqlalchemy import bindparam, func, select

from cissapp.foundation.core.bulk.rows import read_rows
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import Tally
from cissapp.people.schools.rules import Figure

# Most figures of most regions are zero: in a country of 1,600 communities seven of eight.
_TALLIES = (
    select(Tally.region_code, Tally.figure, Tally.count)
    .where(Tally.country_code == bindparam("country_code"), Tally.count > 0)
    .order_by(Tally.region_code)
)


def tallies_of(country_code: str) -> dict[str, dict[Figure, int]]:
    """List the figures of every region of a country that are not zero."""
    found: dict[str, dict[Figure, int]] = {}
    for region_code, figure, count in read_rows(_TALLIES, {"country_code": country_code}):
        found.setdefault(region_code, {})[figure] = count
    return found


def totals_by_country() -> dict[str, dict[Figure, int]]:
    """Return the figures of each country of the programme."""
    query = select(Tally.country_code, Tally.figure, func.sum(Tally.count)).group_by(
        Tally.country_code, Tally.figure
    )
    found: dict[str, dict[Figure, int]] = {}
    for country_code, figure, count in session.execute(query):
        found.setdefault(country_code, dict.fromkeys(Figure, 0))[figure] = int(count or 0)
    return found


def schools_in_all() -> int:
    """Count the schools of the register."""
    return session.scalar(select(func.sum(Tally.count)).where(Tally.figure == Figure.SCHOOLS)) or 0
