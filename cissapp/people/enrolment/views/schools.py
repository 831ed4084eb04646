"""Pages of the register: the list, a school, its facts."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, can, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.list_pages import place_asked
from cissapp.foundation.web.own_paths import own_path
from cissapp.people.accounts import queries as people
from cissapp.people.accounts.rules import DUTY_NAMES
from cissapp.people.enrolment import queries, services
from cissapp.people.enrolment.forms import SchoolForm, SchoolSearchForm
from cissapp.people.enrolment.phrases import EVENT_NAMES, PROGRESS_KINDS, STANDING_KINDS
from cissapp.people.enrolment.views import names
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import OwnGroup, own_group, schools_page
from cissapp.people.schools.queries import school as find_school
from cissapp.people.schools.regions.queries import ended_regions
from cissapp.people.schools.rules import PROGRESS_NAMES, STANDING_NAMES

WORDS = {
    "progress_names": PROGRESS_NAMES,
    "progress_kinds": PROGRESS_KINDS,
    "standing_names": STANDING_NAMES,
    "standing_kinds": STANDING_KINDS,
    "standing_of": names.standing_of,
    "place_of": names.place_of,
}


@bp.get("/schools")
@permit(Permission.SCHOOL_READ)
def register() -> ResponseReturnValue:
    """List the schools that the person may see, narrowed by the search."""
    own = own_group(actor())
    countries = names.packs_of(own.group) if own else names.open_packs()
    regions = names.region_filter_choices(countries, request.args.get("region"))
    form = SchoolSearchForm(request.args, regions=regions)
    wanted = form.given()
    divided = ended_regions(actor(), countries.values(), clock.today())
    found = schools_page(actor(), wanted, place_asked())
    search = {key: value for key, value in form.data.items() if value and not form[key].errors}
    return render_template(
        "enrolment/register.html",
        form=form,
        found=found,
        href=lambda **place: url_for("enrolment.register", **search, **place),
        search=search,
        searched=bool(search),
        divided=sum(one.schools for one in divided),
        **WORDS,
    )


@bp.route("/schools/new", methods=["GET", "POST"])
@permit(Permission.SCHOOL_REGISTER, of=own_group)
def add(own: OwnGroup) -> ResponseReturnValue:
    """Register a school by hand."""
    countries = names.packs_of(own.group)
    form = SchoolForm(
        regions=names.region_choices(countries),
        languages=names.language_choices(countries),
        **{name: request.args.get(name, "") for name in ("name", "locality", "code")},
    )
    if form.validate_on_submit():
        with form.catch_refusals():
            school = services.register_school(
                form.given(), group=own.group, countries=countries, by=actor(), at=clock.now()
            )
            flash(_("The school is in the register. Now invite its head."), "success")
            return redirect(_after_registering(school))
    return answer("enrolment/add.html", form)


def _after_registering(school: School) -> str:
    # Who came from a school's request answers it there: an invitation from here would leave it open.
    if "next" in request.args:
        return own_path(request.args["next"])
    return url_for("enrolment.show", school_id=school.id)


@bp.get("/schools/<uuid:school_id>")
@permit(Permission.SCHOOL_READ, of=find_school)
def show(school: School) -> ResponseReturnValue:
    """Show a school: facts, people, where it stands, and what happened."""
    place = place_asked()
    shows_history = can(Permission.SCHOOL_EDIT, school) or can(Permission.PROGRAMME_READ)
    return render_template(
        "enrolment/show.html",
        school=school,
        region=names.region_place(school.region_code),
        ended=names.ended_region(school),
        country=languages.country_name(school.country_code),
        spoken=languages.NAMES.get(school.language, school.language),
        people=people.people_page(school.id, place),
        href=partial(url_for, "enrolment.show", school_id=school.id),
        invitations=people.invitations_of_school(school.id),
        bounced=queries.bounced_of_school(school.id),
        duties=services.duties_open_to(actor()),
        duty_names=DUTY_NAMES,
        lacks_head=queries.lacks_head(school, clock.now()),
        history=queries.school_history(school) if shows_history else None,
        event_names=EVENT_NAMES,
        now=clock.now(),
        **WORDS,
    )


@bp.route("/schools/<uuid:school_id>/edit", methods=["GET", "POST"])
@permit(Permission.SCHOOL_EDIT, of=find_school)
def edit(school: School) -> ResponseReturnValue:
    """Change the facts of a school."""
    countries = names.packs([school.country_code])
    form = SchoolForm(
        obj=school,
        regions=names.region_choices_of(school),
        languages=names.language_choices(countries),
    )
    if form.validate_on_submit():
        with form.catch_refusals():
            services.change_school(
                school, form.given(), countries=countries, by=actor(), at=clock.now()
            )
            flash(_("The details have been changed."), "success")
            return redirect(url_for("enrolment.show", school_id=school.id))
    return answer("enrolment/edit.html", form, school=school)
