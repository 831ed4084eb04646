"""Pages of the regions that a reform divided: which of the new ones each school is in."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages, regions
from cissapp.foundation.web.forms import answer
from cissapp.people.enrolment.forms.reforms import MoveSchoolsForm
from cissapp.people.enrolment.views import names
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools.queries import own_group
from cissapp.people.schools.regions import services
from cissapp.people.schools.regions.queries import EndedRegion, ended_regions, schools_to_move


def _of_group(person: Actor) -> list[EndedRegion]:
    own = own_group(person)
    packs = names.packs_of(own.group).values() if own else []
    return ended_regions(person, packs, clock.today())


def find_ended(region_code: str, actor: Actor) -> EndedRegion:
    """Find a divided region with schools of the person's group; raise `Missing` for any other."""
    found = next((one for one in _of_group(actor) if one.code == region_code), None)
    if found is None:
        raise Missing
    return found


@bp.get("/schools/regions")
@permit(Permission.SCHOOL_EDIT)
def divided_regions() -> ResponseReturnValue:
    """List the regions that a reform divided, with how many schools are still in each."""
    return render_template(
        "enrolment/divided_regions.html",
        regions=[(one, names.region_place(one.code)) for one in _of_group(actor())],
    )


def _move_form(region: EndedRegion, pack: CountryPack) -> MoveSchoolsForm:
    within = {below for heir in region.heirs for below in pack.within(heir)}
    return MoveSchoolsForm(
        schools=[(str(one.id), f"{one.name}, {one.locality}") for one in schools_to_move(region)],
        regions=regions.region_choices([pack], languages.current(), within=within),
    )


@bp.route("/schools/regions/<region_code>", methods=["GET", "POST"])
@permit(Permission.SCHOOL_EDIT, of=find_ended)
def divided_region(region: EndedRegion) -> ResponseReturnValue:
    """Move schools of a divided region, many at once, to the region that each is in now."""
    pack = content().countries[region.code[:2]]
    form = _move_form(region, pack)
    if form.validate_on_submit():
        ids, to_code = form.given()
        with form.catch_refusals():
            moved = services.move_schools(
                ids, region.code, to_code, pack, by=actor(), at=clock.now()
            )
            flash(ngettext("%(num)s school moved.", "%(num)s schools moved.", moved), "success")
            return redirect(url_for("enrolment.divided_regions"))
    return answer(
        "enrolment/divided_region.html",
        form,
        region=region,
        name=names.region_place(region.code),
        until=pack.regions[region.code].until_on,
        heirs=[names.region_place(code) for code in region.heirs],
    )
