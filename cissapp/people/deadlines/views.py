"""The page that moves a deadline, for the school and for the group."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.forms import answer
from cissapp.people.deadlines import queries, services
from cissapp.people.deadlines.forms import ChangeForm
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.phrases import deadline_lines
from cissapp.people.deadlines.rules import DeadlineSide

bp = Blueprint("deadlines", __name__, template_folder="templates")


@bp.route("/deadlines/<uuid:deadline_id>/change", methods=["GET", "POST"])
@permit(Permission.DEADLINE_CHANGE, of=queries.deadline)
def change(deadline: Deadline) -> ResponseReturnValue:
    """Show a deadline with every move of it, and move it to another day with a reason."""
    form = ChangeForm(data={"due_on": deadline.due_on})
    if form.validate_on_submit():
        due_on, reason = form.given()
        try:
            services.change(deadline, due_on=due_on, reason=reason, by=actor(), at=clock.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("The date is changed. It is now %(day)s.", day=day(due_on)), "success")
            return redirect(_back())
    return answer(
        "deadlines/change.html",
        form,
        deadline=deadline,
        line=deadline_lines([deadline], actor(), clock.now())[0],
        limits=services.change_limits(deadline, by=actor(), at=clock.now()),
        back=_back(),
    )


def _back() -> str:
    of_school = services.side_of(actor()) is DeadlineSide.SCHOOL
    return url_for("applications.application" if of_school else "reviews.queue")
