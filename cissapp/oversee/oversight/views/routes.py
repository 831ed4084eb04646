"""Pages of figures: the countries, a country, a region of any level; the same as report and files."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.replica import from_replica, read_at
from cissapp.foundation.web import languages
from cissapp.foundation.web.list_pages import place_asked
from cissapp.oversee.oversight import queries
from cissapp.oversee.oversight.queries import Area
from cissapp.oversee.oversight.views import files, listed
from cissapp.oversee.oversight.views.page import brief_page
from cissapp.oversee.oversight.views.reading import read

bp = Blueprint("oversight", __name__, template_folder="../templates")


def area_of(country_code: str, region_code: str | None = None) -> Area:
    """Find a country, or a region of it, for the guard."""
    return queries.area(content().countries, country_code, region_code)


@bp.get("/oversight")
@permit(Permission.OVERSIGHT_READ)
@from_replica
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
    totals = listed.countries(queries.country_totals(), content(), languages.current())
    return render_template("oversight/start.html", rows=totals, counted_at=read_at())


@bp.get("/oversight/<country_code>")
@permit(Permission.OVERSIGHT_READ, of=area_of)
@from_replica
def country(area: Area) -> ResponseReturnValue:
    """Show the brief of a country."""
    return render_template("oversight/country.html", **brief_page(read(area, request.args)))


@bp.get("/oversight/<country_code>/<region_code>")
@permit(Permission.OVERSIGHT_READ, of=area_of)
@from_replica
def region(area: Area) -> ResponseReturnValue:
    """Show the brief of a region, and its certified schools as the public register has them."""
    reading = read(area, request.args)
    place = place_asked()
    found = queries.certified_schools(area, place, today=clock.today())
    return render_template(
        "oversight/region.html",
        **brief_page(reading),
        above=listed.above(reading),
        schools=listed.schools(found, reading),
        found=found,
        href=lambda **place: url_for(
            "oversight.region",
            country_code=area.country_code,
            region_code=area.region_code,
            **place,
        ),
    )


@bp.get("/oversight/<country_code>/figures.csv")
@bp.get("/oversight/<country_code>/<region_code>/figures.csv")
@permit(Permission.OVERSIGHT_READ, of=area_of)
@from_replica
def figures_csv(area: Area) -> ResponseReturnValue:
    """Return the table of a country's or region's page as a CSV file."""
    return files.sheet_file(read(area, request.args), "csv")


@bp.get("/oversight/<country_code>/figures.xlsx")
@bp.get("/oversight/<country_code>/<region_code>/figures.xlsx")
@permit(Permission.OVERSIGHT_READ, of=area_of)
@from_replica
def figures_xlsx(area: Area) -> ResponseReturnValue:
    """Return the table of a country's or region's page as an XLSX file."""
    return files.sheet_file(read(area, request.args), "xlsx")


@bp.get("/oversight/<country_code>/report.pdf")
@bp.get("/oversight/<country_code>/<region_code>/report.pdf")
@permit(Permission.OVERSIGHT_READ, of=area_of)
@from_replica
def report(area: Area) -> ResponseReturnValue:
    """Return the monitoring report of a country or region."""
    return files.report_file(read(area, request.args))
