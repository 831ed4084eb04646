"""Who mentored or trained a school."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core import clock
from cissapp.foundation.web.drafts.page_drafts import value_or_draft
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import school as find_school
from cissapp.review.independence import queries, services
from cissapp.review.independence.forms import MentoringForm, person_chosen
from cissapp.review.independence.views.blueprint import bp, name_searched


@bp.route("/schools/<uuid:school_id>/mentors", methods=["GET", "POST"])
@permit(Permission.MENTORING_ENTER, of=find_school)
def mentors(school: School) -> ResponseReturnValue:
    """List who mentored a school; enter another one."""
    form = MentoringForm(from_on=day_in(school.country_code, clock.now()))
    chosen, name = person_chosen(value_or_draft(form.person_id)), name_searched()
    offered, more = queries.members_offered(school.group_id, name=name, chosen=chosen)
    form.ask(offered)
    if form.validate_on_submit():
        person_id, from_on, to_on = form.given()
        with form.catch_refusals():
            services.enter_mentoring(school, person_id, from_on, to_on, by=actor(), at=clock.now())
            flash(
                _("Saved. This person cannot take part in the school’s cases."),
                "success",
            )
            return redirect(url_for("independence.mentors", school_id=school.id))
    return answer(
        "independence/mentors.html",
        form,
        school=school,
        mentorings=queries.mentorings_of_school(school.id),
        barred=queries.present_mentors(school.id, today=clock.today()),
        more=more,
        name=name,
    )


@bp.post("/schools/<uuid:school_id>/mentors/<uuid:mentoring_id>/end")
@permit(Permission.MENTORING_ENTER, of=find_school)
def end_mentoring(school: School, mentoring_id: UUID) -> ResponseReturnValue:
    """End a mentoring today."""
    services.end_mentoring(queries.mentoring(school, mentoring_id), by=actor(), at=clock.now())
    flash(_("The mentoring ended today. It counts for another 24 months."), "success")
    return redirect(url_for("independence.mentors", school_id=school.id))
