"""Writes the table of figures: once, for the page and, cell by cell the same, for the CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.values import Content
from cissapp.foundation.web import spreadsheets
from cissapp.foundation.web.languages import in_order_of
from cissapp.oversee.figures.rules import DEFINITIONS, NAMES, Cell, Column, FigureTable, percent


@dataclass(frozen=True)
class FigureRow:
    """A row of the table: a region, or the whole country, and its cells as they are shown."""

    code: str | None
    name: str
    cells: tuple[str, ...]


def heads() -> list[str]:
    """List the headings of the columns after that of the region; the share stands behind the certified."""
    names = []
    for column in Column:
        names.append(_(NAMES[column]))
        if column is Column.CERTIFIED:
            names.append(_("Share"))
    return names


def definitions() -> list[tuple[Column, str, str]]:
    """Return what each figure counts."""
    return [(column, _(NAMES[column]), _(DEFINITIONS[column])) for column in Column]


def marks() -> str:
    """Return what stands for a figure that is not shown."""
    text: str = _(
        "“< 5” stands for a number below five. A dash hides a number from which a smaller one could be worked out."
    )
    return text


def lines(
    table: FigureTable, country: CountryPack, content: Content, language: str
) -> list[FigureRow]:
    """Write the whole country first, then its regions by name."""
    regions = [
        FigureRow(code, content.region_name(code, language), cells_of(row))
        for code, row in table.regions.items()
    ]
    name = _("%(country)s, all regions", country=country.name(language))
    whole = FigureRow(None, name, cells_of(table.whole))
    by_name = in_order_of(language)
    return [whole, *sorted(regions, key=lambda line: by_name(line.name))]


def cells_of(row: Mapping[Column, Cell]) -> tuple[str, ...]:
    """Write the cells of a row as they are shown."""
    texts = []
    for column in Column:
        texts.append(row[column].text)
        if column is Column.CERTIFIED:
            texts.append(f"{share(row)} %")
    return tuple(texts)


def share(row: Mapping[Column, Cell]) -> int:
    """Return the share of certified schools in whole per cent; neither number is ever hidden."""
    return percent(row[Column.CERTIFIED].count, row[Column.SCHOOLS].count)


def csv_of(shown: list[FigureRow], *, counted_at: datetime) -> bytes:
    """Write the shown cells as CSV, with the moment in every row and the definitions in the first."""
    explained = " ".join([*(f"{name}: {says}" for _column, name, says in definitions()), marks()])
    written = counted_at.isoformat(timespec="seconds")
    rows = [
        [line.name, line.code or "", *line.cells, written, "" if line.code else explained]
        for line in shown
    ]
    head = [_("Region"), _("Code"), *heads(), _("Counted on"), _("Definitions")]
    return spreadsheets.csv_of(head, rows)
