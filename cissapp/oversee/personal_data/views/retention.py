"""The page of what is deleted soon and what is held back, for coordinators and the secretariat."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.list_pages import other_pages, place_asked
from cissapp.oversee.personal_data.forms import HoldForm
from cissapp.oversee.personal_data.models import RetentionHold
from cissapp.oversee.personal_data.queries import marks
from cissapp.oversee.personal_data.rules.retention import RULE_NAMES
from cissapp.oversee.personal_data.services import holds
from cissapp.oversee.personal_data.views.blueprint import bp
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import School


def _group_id() -> UUID | None:
    """Return the group whose schools are shown; the secretariat sees all."""
    person = actor()
    return None if person.role is Role.SECRETARIAT else person.group_id


@bp.get("/group/retention")
@permit(Permission.RETENTION_READ)
def retention() -> ResponseReturnValue:
    """List the schools whose documents are deleted soon, and what is held back."""
    return render_template(
        "personal_data/retention.html",
        found=marks.marks_of_schools(_group_id(), place_asked()),
        href=other_pages(),
        holds=marks.open_holds(_group_id(), at=clock.now(), place=place_asked("held_")),
        held=other_pages("held_"),
        rule_names=RULE_NAMES,
    )


@bp.route("/group/retention/<uuid:school_id>/hold", methods=["GET", "POST"])
@permit(Permission.RETENTION_HOLD, of=schools.school)
def hold(school: School) -> ResponseReturnValue:
    """Hold back the documents of a school."""
    form = HoldForm()
    if form.validate_on_submit():
        reason, until_on = form.given()
        with form.catch_refusals():
            holds.hold_school(school, reason, until_on, by=actor(), at=clock.now())
            flash(
                _("Nothing from %(school)s will be deleted until then.", school=school.name),
                "success",
            )
            return redirect(url_for("personal_data.retention"))
    return answer("personal_data/hold.html", form, school=school)


@bp.post("/group/retention/holds/<uuid:hold_id>/end")
@permit(Permission.RETENTION_HOLD, of=marks.hold)
def end_hold(hold: RetentionHold) -> ResponseReturnValue:
    """End a hold."""
    holds.end_hold(hold, by=actor(), at=clock.now())
    flash(_("The hold has ended."), "success")
    return redirect(url_for("personal_data.retention"))
