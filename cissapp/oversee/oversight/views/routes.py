"""Pages of figures: the countries, a country with its regions, a region."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.oversee.figures import queries as figures
from cissapp.oversee.oversight import queries
from cissapp.oversee.oversight.queries import Area
from cissapp.oversee.oversight.views import shapes, tables

bp = Blueprint("oversight", __name__, template_folder="../templates")


def country_area(country_code: str) -> Area:
    """Find a country for the guard."""
    return queries.area(content().countries, country_code)


def region_area(country_code: str, region_code: str) -> Area:
    """Find a region for the guard."""
    return queries.area(content().countries, country_code, region_code)


@bp.get("/oversight")
@permit(Permission.OVERSIGHT_READ)
def start() -> ResponseReturnValue:
    """Redirect a person to their region or country; list the countries for the secretariat."""
    person = actor()
    if person.region_code:
        country_code, region_code = person.country_code, person.region_code
        return redirect(
            url_for("oversight.region", country_code=country_code, region_code=region_code)
        )
    if person.country_code:
        return redirect(url_for("oversight.country", country_code=person.country_code))
    totals = shapes.countries(queries.country_totals(), content(), languages.current())
    return render_template("oversight/start.html", rows=totals, counted_at=clock.now())


@bp.get("/oversight/<country_code>")
@permit(Permission.OVERSIGHT_READ, of=country_area)
def country(area: Area) -> ResponseReturnValue:
    """Show the figures of a country: large ones, the map, the table of the same figures."""
    pack, language = content().countries[area.country_code], languages.current()
    table = figures.table(pack)
    lines = tables.lines(table, pack, content(), language)
    idle = shapes.without_schools(table, lines)
    return render_template(
        "oversight/country.html",
        area=area,
        name=pack.name(language),
        large=shapes.large(table.whole),
        explained=shapes.explained(table.whole),
        marks=tables.marks(),
        tiles=shapes.tiles(pack, table.regions, language),
        hrefs=shapes.addresses(pack),
        heads=tables.heads(),
        lines=[line for line in lines if line not in idle],
        idle=idle,
        counted_at=clock.now(),
    )


@bp.get("/oversight/<country_code>/figures.csv")
@permit(Permission.OVERSIGHT_READ, of=country_area)
def country_csv(area: Area) -> ResponseReturnValue:
    """Return the table of the country's page as a CSV file."""
    pack, at = content().countries[area.country_code], clock.now()
    lines = tables.lines(figures.table(pack), pack, content(), languages.current())
    name = f"ciss-{area.country_code}-{at:%Y-%m-%d}.csv"
    return Response(
        tables.csv_of(lines, counted_at=at),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/oversight/<country_code>/<region_code>")
@permit(Permission.OVERSIGHT_READ, of=region_area)
def region(area: Area) -> ResponseReturnValue:
    """Show the figures of a region, and its certified schools as the public register has them."""
    pack, language = content().countries[area.country_code], languages.current()
    row = figures.table(pack).regions[area.region_code or ""]
    found = queries.certified_schools(
        area, request.args.get("page", 1, type=int), today=clock.today()
    )
    return render_template(
        "oversight/region.html",
        area=area,
        country=pack.name(language),
        name=pack.region_name(area.region_code or "", language),
        large=shapes.large(row),
        explained=shapes.explained(row),
        marks=tables.marks(),
        schools=shapes.listed(found, content(), language),
        found=found,
        href=lambda number: url_for(
            "oversight.region",
            country_code=area.country_code,
            region_code=area.region_code,
            page=number,
        ),
        counted_at=clock.now(),
    )
