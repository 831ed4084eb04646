"""What the pages of figures show, put together from the table. No figures of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.pages import ListPage
from cissapp.foundation.web.languages import in_order_of
from cissapp.oversee.figures.rules import Cell, Column, FigureTable, percent
from cissapp.oversee.oversight.queries import CountryTotal
from cissapp.oversee.oversight.views import tables
from cissapp.verify.directory.queries import CertifiedSchool as PublicSchool

Row = Mapping[Column, Cell]


@dataclass(frozen=True)
class LargeFigure:
    """A large figure: what it is, the number, and what it is of."""

    label: str
    number: str
    of: str


@dataclass(frozen=True)
class Tile:
    """A region on the map."""

    row: int
    column: int
    short: str
    text: str
    share: float | None  # none: no school yet
    href: str
    title: str


@dataclass(frozen=True)
class CertifiedSchool:
    """A certified school as anyone may see it."""

    name: str
    locality: str
    level: str
    valid_until_on: date
    code: str


@dataclass(frozen=True)
class CountryRow:
    """How far a country is, in words."""

    name: str
    href: str
    certified: str
    schools: str
    share: str


def large(row: Row) -> list[LargeFigure]:
    """Choose the four large figures of an area."""
    schools = row[Column.SCHOOLS].count
    total = ngettext("of %(total)s school", "of %(total)s schools", schools, total=written(schools))
    certified = _("%(total)s, %(percent)s %%", total=total, percent=tables.share(row))
    return [
        LargeFigure(_("Certified"), number(row[Column.CERTIFIED]), certified),
        LargeFigure(_("In review"), number(row[Column.IN_REVIEW]), total),
        LargeFigure(
            _("Expiring in 90 days"),
            number(row[Column.EXPIRING]),
            _("of the certified schools"),
        ),
        LargeFigure(_("Submitted"), number(row[Column.SUBMITTED]), total),
    ]


def written(count: int) -> str:
    """Write a number with the marks for thousands of the language."""
    return str(format_decimal(count))


def number(cell: Cell) -> str:
    """Write a large figure, or what stands for it."""
    return cell.text if cell.reason else written(cell.count)


def explained(row: Row) -> list[tuple[str, str, str]]:
    """Write every figure of an area with what it counts."""
    return [(name, row[column].text, says) for column, name, says in tables.definitions()]


def without_schools(table: FigureTable, lines: list[tables.FigureRow]) -> list[tables.FigureRow]:
    """List the regions, of the rows of a table, in which the programme has no school yet."""
    return [
        line for line in lines if line.code and not table.regions[line.code][Column.SCHOOLS].count
    ]


def addresses(country: CountryPack) -> dict[str, str]:
    """Return the address of the page of every region."""
    return {
        code: url_for("oversight.region", country_code=country.code, region_code=code)
        for code in country.regions
    }


def tiles(country: CountryPack, regions: Mapping[str, Row], language: str) -> list[Tile]:
    """Place the share of certified schools of every region on the map."""
    hrefs = addresses(country)
    return [
        Tile(
            row=region.tile[0],
            column=region.tile[1],
            short=region.short,
            text=_text_on_map(regions[code]),
            share=tables.share(regions[code]) / 100
            if regions[code][Column.SCHOOLS].count
            else None,
            href=hrefs[code],
            title=country.region_name(code, language),
        )
        for code, region in ((one, country.regions[one]) for one in country.top())
        if region.tile and region.short
    ]


def _text_on_map(row: Row) -> str:
    """Write the share of a region, or a dash where it has no school."""
    return f"{tables.share(row)} %" if row[Column.SCHOOLS].count else "–"


def listed(found: ListPage[PublicSchool], content: Content, language: str) -> list[CertifiedSchool]:
    """Write the certified schools of a region, with their levels in words."""
    standard = content.standard
    words = standard.decision_text(language).levels
    names = {rule.level: words[rule.name].name for rule in standard.decision.levels}
    return [
        CertifiedSchool(
            row.name,
            row.locality,
            _("Level %(level)s: %(name)s", level=row.level, name=names[row.level]),
            row.valid_until_on,
            row.code,
        )
        for row in found.rows
    ]


def countries(totals: list[CountryTotal], content: Content, language: str) -> list[CountryRow]:
    """Write how far each country is, by name; one whose pack is gone is left out."""
    shown = [
        CountryRow(
            content.countries[one.code].name(language),
            url_for("oversight.country", country_code=one.code),
            written(one.certified),
            written(one.schools),
            f"{percent(one.certified, one.schools)} %",
        )
        for one in totals
        if one.code in content.countries
    ]
    by_name = in_order_of(language)
    return sorted(shown, key=lambda one: by_name(one.name))
