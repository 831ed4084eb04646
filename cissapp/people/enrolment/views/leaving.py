"""The page on which a school tells its group that it leaves, closes or takes a break."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web import filters
from cissapp.foundation.web.forms import answer
from cissapp.people.accounts.sessions import signed_in_person
from cissapp.people.enrolment import services
from cissapp.people.enrolment.forms.leaving import LeavingForm
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import group_of_school, own_school


@bp.route("/school/leave", methods=["GET", "POST"])
@permit(Permission.APPLICATION_SUBMIT, of=own_school)
def leave(school: School) -> ResponseReturnValue:
    """Tell the national group that the person's own school leaves, closes or takes a break."""
    form = LeavingForm()
    if form.validate_on_submit():
        kind, until_on = form.given()
        with form.catch_refusals():
            now, by = clock.now(), signed_in_person()
            services.tell_leaving(school, kind, until_on, by=by, at=now, today=filters.today())
            flash(_("Your national group has been told. It will answer you by email."), "success")
            return redirect(url_for("enrolment.people"))
    return answer("enrolment/leave.html", form, school=school, group=group_of_school(school.id))
