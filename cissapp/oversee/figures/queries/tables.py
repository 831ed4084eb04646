"""Reads the table of figures: current ones from the tallies, those of a month from what was kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import and_, bindparam, func, select

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.bulk.rows import read_rows
from cissapp.foundation.core.db import release_transaction, session
from cissapp.foundation.core.errors import Missing
from cissapp.oversee.figures.models import FrozenCount, FrozenEdition
from cissapp.oversee.figures.queries import kept_tables
from cissapp.oversee.figures.rules import (
    CERTIFIED_FIGURES,
    Column,
    FigureTable,
    FrozenMonth,
    MonthFigure,
    counts_of,
    table_of,
)
from cissapp.oversee.figures.rules.reforms import made_anew
from cissapp.oversee.figures.rules.tree import add_up, end_of
from cissapp.people.schools.queries.tallies import tallies_of
from cissapp.people.schools.rules import Figure

Tallies = Mapping[str, Mapping[Figure, int]]


def table(pack: CountryPack, *, month: date | None = None) -> FigureTable:
    """Return the figures of each region with all below it; raise `Missing` if `month` was not kept."""
    editions = newest_editions(pack.code)
    edition = edition_of(editions, month) if month else None
    if month and edition is None:
        raise Missing
    return table_of_edition(pack, edition, editions)


def table_of_edition(
    pack: CountryPack, edition: FrozenEdition | None, editions: Sequence[FrozenEdition]
) -> FigureTable:
    """Return the figures of one of the country's `editions`, newest first; None: as they are now.

    In a country of many regions the newest figures may be some minutes old.
    """
    earlier = editions[editions.index(edition) + 1 :] if edition else editions
    on = end_of(edition.month).date() - timedelta(days=1) if edition else clock.today()

    are_many = len(pack.regions) > kept_tables.MANY_REGIONS

    def count() -> FigureTable:
        tallies = kept_tallies(edition) if edition else tallies_of(pack.code)
        before = schools_before(earlier)
        if are_many:
            # What follows takes seconds, and the server ends a transaction that rests for long.
            release_transaction()
        return table_from(pack, tallies, before, on)

    if not are_many:
        return count()
    # Of a month, everything else is kept and never changes.
    month_before = earlier[0].month if earlier else None
    key = session.get_bind(), pack.code, edition and edition.id, on, month_before
    since = None if edition else clock.now() - kept_tables.KEPT_FOR
    return kept_tables.KEPT.get(key, count, since=since)


def table_from(
    pack: CountryPack, tallies: Tallies, before: Mapping[str, int] | None, on: date
) -> FigureTable:
    """Add tallies up along the tree of regions on a date and hide what must not be seen.

    `before` are the schools of each region, without those below it, in the kept month before. A region that
    began later has no row: zeros would say that it was there.
    """
    own = {code: counts_of(tallies[code]) for code in tallies}
    filled = {code for code, row in own.items() if row[Column.SCHOOLS]}
    reformed = made_anew(pack, filled | (before or {}).keys(), on)
    nodes = add_up(own, pack.path)
    if before is not None:
        counted = {code: {Column.SCHOOLS: number} for code, number in before.items()}
        before = {code: row[Column.SCHOOLS] for code, row in add_up(counted, pack.path).items()}
    return table_of(
        nodes,
        parents_of(pack, nodes),
        empty={code for code, one in pack.regions.items() if one.first_on <= on} - nodes.keys(),
        least=pack.file.least_shown,
        before=before,
        reformed=reformed,
    )


def parents_of(pack: CountryPack, codes: Iterable[str]) -> dict[str, str]:
    """Map regions to the region above; those at the top are left out."""
    above = {code: pack.path(code)[-2:-1] for code in codes}
    return {code: path[0] for code, path in above.items() if path}


_KEPT = select(FrozenCount.region_code, FrozenCount.figure, FrozenCount.count).where(
    FrozenCount.edition_id == bindparam("edition_id"), FrozenCount.count > 0
)


def kept_tallies(edition: FrozenEdition) -> Tallies:
    """Return the tallies of a country as they were at the end of a month, without those that were zero."""
    found: dict[str, dict[Figure, int]] = {}
    for region_code, figure, count in read_rows(_KEPT, {"edition_id": edition.id}):
        found.setdefault(region_code, {})[figure] = count
    return found


_SCHOOLS = (
    select(FrozenCount.region_code, FrozenCount.count)
    .join(FrozenEdition, FrozenEdition.id == FrozenCount.edition_id)
    .where(
        FrozenEdition.country_code == bindparam("country_code"),
        FrozenEdition.month == bindparam("month"),
        FrozenEdition.version == 1,
        FrozenCount.figure == Figure.SCHOOLS,
        FrozenCount.count > 0,
    )
)


def schools_before(editions: Sequence[FrozenEdition]) -> dict[str, int] | None:
    """Return the schools of each region that had any in the newest of some kept months; None if there is no month.

    A correction does not count: the month after it would hide other cells of the same numbers from then on.
    """
    if not editions:
        return None
    newest = {"country_code": editions[0].country_code, "month": editions[0].month}
    return dict(read_rows(_SCHOOLS, newest))


def newest_editions(country_code: str) -> list[FrozenEdition]:
    """List the kept months of a country, the newest version of each, newest month first."""
    rows = session.scalars(
        select(FrozenEdition)
        .where(FrozenEdition.country_code == country_code)
        .order_by(FrozenEdition.month.desc(), FrozenEdition.version.desc())
    )
    found: dict[date, FrozenEdition] = {}
    for edition in rows:
        found.setdefault(edition.month, edition)
    return list(found.values())


def edition_of(editions: Iterable[FrozenEdition], month: date) -> FrozenEdition | None:
    """Find the edition of a month, given any date in it."""
    first = month.replace(day=1)
    return next((edition for edition in editions if edition.month == first), None)


def frozen_months(country_code: str) -> list[FrozenMonth]:
    """List the kept months of a country, the newest version of each, newest month first."""
    return [frozen_month_of(edition) for edition in newest_editions(country_code)]


def versions_of(country_code: str, month: date) -> list[FrozenMonth]:
    """List all versions of a month, the first one first."""
    first = month.replace(day=1)
    rows = session.scalars(
        select(FrozenEdition)
        .where(FrozenEdition.country_code == country_code, FrozenEdition.month == first)
        .order_by(FrozenEdition.version)
    )
    return [frozen_month_of(edition) for edition in rows]


def frozen_month_of(edition: FrozenEdition) -> FrozenMonth:
    """Return what is shown of an edition."""
    return FrozenMonth(edition.month, edition.frozen_at, edition.version, edition.reason)


def certified_by_month(
    editions: Sequence[FrozenEdition], region_codes: Iterable[str] | None
) -> tuple[MonthFigure, ...]:
    """Return the number of certified schools at the end of each month, oldest first; None: all regions."""
    chosen = [FrozenCount.edition_id.in_([edition.id for edition in editions])]
    if region_codes is not None:
        chosen.append(FrozenCount.region_code.in_(sorted(region_codes)))
    rows = session.execute(
        select(FrozenCount.edition_id, FrozenCount.figure, func.sum(FrozenCount.count))
        .where(and_(*chosen), FrozenCount.figure.in_(CERTIFIED_FIGURES))
        .group_by(FrozenCount.edition_id, FrozenCount.figure)
    )
    counts = {(edition_id, figure): int(number) for edition_id, figure, number in rows}
    found = []
    for edition in sorted(editions, key=lambda one: one.month):
        first, second, third = (counts.get((edition.id, one), 0) for one in CERTIFIED_FIGURES)
        found.append(MonthFigure(edition.month, first + second + third, (first, second, third)))
    return tuple(found)
