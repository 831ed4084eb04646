"""Pages of what a country's group must still confirm."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.open_points import open_points
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.people.enrolment.views import names
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools.queries import CoveredCountry, covered_country, own_group


def _packs() -> dict[str, CountryPack]:
    """Map the countries of the person's group, or of the whole programme for others, to their packs."""
    own = own_group(actor())
    return names.packs_of(own.group) if own else names.open_packs()


@bp.get("/group/open-points")
@permit(Permission.OPEN_POINTS_READ)
def open_countries() -> ResponseReturnValue:
    """List the countries with the number of their open points; redirect if there is only one."""
    packs = _packs()
    if len(packs) == 1:
        return redirect(url_for("enrolment.open_points_of", country_code=next(iter(packs))))
    language = languages.current()
    return render_template(
        "enrolment/open_countries.html",
        countries=[
            (code, name, open_points(content(), packs[code], language).total)
            for code, name in names.country_choices(packs.values())
        ],
    )


@bp.get("/group/open-points/<country_code>")
@permit(Permission.OPEN_POINTS_READ, of=covered_country)
def open_points_of(country: CoveredCountry) -> ResponseReturnValue:
    """Show the open points of a country: what has to be found out, where it is, how to change it."""
    pack = content().countries.get(country.country_code)
    if pack is None:
        raise Missing
    language = languages.current()
    return render_template(
        "enrolment/open_points.html",
        country=pack.name(language),
        points=open_points(content(), pack, language),
        several=len(_packs()) > 1,
    )
