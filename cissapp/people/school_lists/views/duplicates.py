"""Pages of schools that may be in the register twice: compared side by side, and merged."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor, permit, reaches
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.forms import Form, answer, shown
from cissapp.people.accounts.queries import count_of_school
from cissapp.people.enrolment.views import names
from cissapp.people.school_lists import queries, services
from cissapp.people.school_lists.views.blueprint import bp
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import school as find_school
from cissapp.people.schools.rules import PROGRESS_NAMES, STANDING_NAMES


@bp.get("/schools/duplicates")
@permit(Permission.SCHOOL_MERGE)
def duplicates() -> ResponseReturnValue:
    """List the schools whose names and places sound alike, side by side."""
    return render_template(
        "school_lists/duplicates.html",
        pairs=queries.pairs_that_sound_alike(actor()),
        place_of=names.place_of,
        progress_names=PROGRESS_NAMES,
        standing_names=STANDING_NAMES,
        standing_of=names.standing_of,
    )


@bp.route("/schools/<uuid:school_id>/merge/<uuid:merged_id>", methods=["GET", "POST"])
@permit(Permission.SCHOOL_MERGE, of=find_school)
def merge(school: School, merged_id: UUID) -> ResponseReturnValue:
    """Merge a school into the one in the address, after both have been shown."""
    given_up = find_school(merged_id)
    if given_up is None or not reaches(actor(), Permission.SCHOOL_MERGE, given_up):
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with form.catch_refusals():
            moved = services.merge_schools(school, given_up, by=actor(), at=clock.now())
            said = ngettext("%(num)d person moved.", "%(num)d people moved.", moved)
            flash(f"{_('The two schools are one now.')} {said}", "success")
            return redirect(url_for("enrolment.show", school_id=school.id))
    return answer(
        "school_lists/merge.html",
        form,
        kept=school,
        given_up=given_up,
        problems=[shown(one) for one in services.merge_problems(school, given_up)],
        people=[count_of_school(one.id) for one in (school, given_up)],
        place_of=names.place_of,
        progress_names=PROGRESS_NAMES,
        standing_names=STANDING_NAMES,
        standing_of=names.standing_of,
    )
