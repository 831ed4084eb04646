"""Pages of the programme: overview, countries, national groups."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.people.enrolment import queries
from cissapp.people.enrolment.forms import CountryForm, CoveredCountriesForm, GroupForm
from cissapp.people.enrolment.views import names
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools import queries as schools
from cissapp.people.schools import services
from cissapp.people.schools.models import NationalGroup


@bp.get("/admin")
@permit(Permission.PROGRAMME_READ)
def admin() -> ResponseReturnValue:
    """Show how large the programme is, its countries and its national groups."""
    return render_template(
        "enrolment/admin.html",
        counts=queries.counts(),
        covering=queries.groups_by_country(),
        groups=schools.groups(),
        unled=queries.groups_without_coordinator(clock.now()),
        country_name=languages.country_name,
    )


@bp.route("/admin/countries/new", methods=["GET", "POST"])
@permit(Permission.PROGRAMME_EDIT)
def add_country() -> ResponseReturnValue:
    """Add a country that has a pack to the programme."""
    packs, there = content().countries, names.open_packs()
    left = [pack for code, pack in packs.items() if code not in there]
    form = CountryForm(countries=names.country_choices(left))
    if form.validate_on_submit():
        code = form.given()
        regions = packs[code].top()
        with form.catch_refusals():
            services.add_country(code, regions=regions, by=actor(), at=clock.now())
            flash(_("The country has been added. Now create its national group."), "success")
            return redirect(url_for("enrolment.admin"))
    return answer("enrolment/add_country.html", form, left=left)


@bp.route("/admin/groups/new", methods=["GET", "POST"])
@permit(Permission.PROGRAMME_EDIT)
def add_group() -> ResponseReturnValue:
    """Create a national group."""
    countries = names.country_choices(names.open_packs().values())
    form = GroupForm(countries=countries)
    if form.validate_on_submit():
        name, country_codes = form.given()
        with form.catch_refusals():
            services.create_group(name, country_codes=country_codes, by=actor(), at=clock.now())
            flash(_("The national group has been created. Now invite its coordinator."), "success")
            return redirect(url_for("enrolment.admin"))
    return answer("enrolment/add_group.html", form, countries=countries)


@bp.route("/admin/groups/<uuid:group_id>", methods=["GET", "POST"])
@permit(Permission.PROGRAMME_EDIT, of=schools.group)
def cover(group: NationalGroup) -> ResponseReturnValue:
    """Change the countries that a national group covers."""
    countries = names.country_choices(names.open_packs().values())
    form = CoveredCountriesForm(countries=countries, country_codes=group.country_codes)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.cover_countries(
                group, country_codes=form.given_countries(), by=actor(), at=clock.now()
            )
            flash(_("The countries of the group have been changed."), "success")
            return redirect(url_for("enrolment.admin"))
    return answer("enrolment/cover.html", form, group=group)
