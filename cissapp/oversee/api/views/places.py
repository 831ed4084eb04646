"""Countries, regions and figures, for programs."""

from collections.abc import Mapping
from datetime import date

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.replica import from_replica, read_at
from cissapp.oversee.api.queries import places as queries
from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.cursors import WrongCursor, read_cursor, write_cursor
from cissapp.oversee.api.rules.shapes import changes, figures
from cissapp.oversee.api.views.asking import Call, answers
from cissapp.oversee.api.views.blueprint import ApiProblem
from cissapp.oversee.figures.rules import Cell, Column, FigureTable
from cissapp.oversee.oversight import queries as oversight
from cissapp.oversee.oversight.queries import Area

Row = Mapping[Column, Cell]
NO_PAGE = "This list has no page with this cursor. Begin without one."


def after(of: str, cursor: str | None) -> str:
    """Return where a page begins; raise `ApiProblem` for a cursor that this list did not issue."""
    try:
        return read_cursor(of, cursor)
    except WrongCursor as error:
        raise ApiProblem("not_found", NO_PAGE) from error


@answers(o.TOKEN)
def read_token(call: Call) -> changes.TokenFacts:
    """Return the facts about the token in use."""
    token = call.token
    return changes.TokenFacts(
        name=token.name,
        scopes=token.scopes,
        role=token.role.value,
        country=token.country_code,
        region=token.region_code,
        made_at=token.made_at,
        ends_at=token.ends_at,
    )


@answers(o.COUNTRIES)
def list_countries(_call: Call) -> figures.CountryList:
    """List the countries."""
    return figures.CountryList(
        items=[_country(pack) for pack in queries.countries(content().countries)]
    )


def _country(pack: CountryPack) -> figures.Country:
    return figures.Country(
        code=pack.code,
        names=pack.file.names,
        languages=list(pack.file.languages),
        time_zone=pack.file.time_zone,
    )


@answers(o.REGIONS)
def list_regions(call: Call, country_code: str) -> figures.RegionPage:
    """List the regions of a country, by code."""
    pack = queries.country(content().countries, country_code)
    values: figures.RegionValues = call.values
    name = f"regions of {pack.code}"
    found = queries.regions(
        pack, after=after(name, values.cursor), limit=values.limit + 1, on=values.on
    )
    shown = found[: values.limit]
    more = write_cursor(name, shown[-1].code) if len(found) > len(shown) else None
    return figures.RegionPage(
        items=[
            figures.Region(
                code=region.code,
                parent=region.parent,
                names=region.names,
                from_on=region.from_on,
                until_on=region.until_on,
                into=list(region.into),
            )
            for region in shown
        ],
        next_cursor=more,
    )


@answers(o.DEFINITIONS)
def list_definitions(_call: Call) -> figures.DefinitionList:
    """List what each figure counts."""
    return figures.definitions()


def area_of(country_code: str, region_code: str | None = None) -> Area:
    """Find a country, or a region of it, for the guard."""
    return oversight.area(content().countries, country_code, region_code)


@answers(o.COUNTRY_FIGURES, o.REGION_FIGURES, of=area_of)
@from_replica
def read_figures(call: Call, area: Area) -> figures.AreaFigures:
    """Return the figures of a country or region and of all regions in it."""
    values: figures.FigureValues = call.values
    pack = content().countries[area.country_code]
    table = queries.figures(pack, month_of(values.month))
    codes = sorted(pack.within(area.region_code)) if area.region_code else sorted(table.regions)
    return figures.AreaFigures(
        country=area.country_code,
        region=area.region_code,
        month=values.month,
        counted_at=(None if values.month else table.counted_at) or read_at(),
        least_shown=pack.file.least_shown,
        whole=row_of(_whole(table, area)),
        regions=[
            figures.RegionFigures(region=code, figures=row_of(table.regions[code]))
            for code in codes
            if code in table.regions and code != area.region_code
        ],
    )


def _whole(table: FigureTable, area: Area) -> Row:
    if area.region_code is None:
        return table.whole
    found = table.regions.get(area.region_code)
    if found is None:
        raise Missing
    return found


def row_of(row: Row) -> figures.FigureRow:
    """Render a row of figures; a hidden one has a reason instead of a number."""
    return figures.FigureRow(**{column.value: cell_of(row[column]) for column in Column})


def cell_of(cell: Cell) -> figures.FigureCell:
    """Render a figure; a hidden one has a reason instead of a number."""
    if cell.reason:
        return figures.FigureCell(count=None, hidden=cell.reason.value)
    return figures.FigureCell(count=cell.count, hidden=None)


def month_of(text: str | None) -> date | None:
    """Return the first day of a month."""
    return date.fromisoformat(f"{text}-01") if text else None
