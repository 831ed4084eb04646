"""The school's page of its visit: the dates, the agenda."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.forms import answer
from cissapp.review.visits import queries, services
from cissapp.review.visits.forms import VisitDatesForm
from cissapp.review.visits.queries import SchoolVisit
from cissapp.review.visits.rules import KIND_NAMES, STAGE_KINDS, STAGE_NAMES
from cissapp.review.visits.views.blueprint import bp, calendar_file, shown_agenda, zone_of


def _to_page() -> ResponseReturnValue:
    return redirect(url_for("visits.of_school"))


@bp.get("/school/application/visit")
@permit(Permission.VISIT_READ, of=queries.for_school)
def of_school(found: SchoolVisit) -> ResponseReturnValue:
    """Show the school when the visit is, or which dates are proposed, and the agenda."""
    return render_template(
        "visits/of_school.html",
        visit=found.visit,
        kinds=KIND_NAMES,
        stages=STAGE_NAMES,
        stage_kinds=STAGE_KINDS,
        agenda=shown_agenda(found.application),
        now=clock.now(),
    )


@bp.post("/school/application/visit/dates/<uuid:date_id>")
@permit(Permission.VISIT_ANSWER, of=queries.for_school)
def choose(found: SchoolVisit, date_id: UUID) -> ResponseReturnValue:
    """Choose one of the group's dates."""
    if found.visit is None:
        raise Missing
    services.agree(found.visit, date_id, by=actor(), at=clock.now())
    flash(_("The date is agreed. Both sides will get it by email."), "success")
    return _to_page()


@bp.route("/school/application/visit/dates", methods=["GET", "POST"])
@permit(Permission.VISIT_ANSWER, of=queries.for_school)
def propose(found: SchoolVisit) -> ResponseReturnValue:
    """Propose other dates."""
    if found.visit is None:
        raise Missing
    form, zone = VisitDatesForm(), zone_of(found.application)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.propose(found.visit, form.given(zone), by=actor(), at=clock.now())
            flash(_("Your dates have been sent to the national group."), "success")
            return _to_page()
    return answer("visits/propose.html", form, zone=zone, back=url_for("visits.of_school"))


@bp.get("/school/application/visit.ics")
@permit(Permission.VISIT_READ, of=queries.for_school)
def calendar_of_school(found: SchoolVisit) -> ResponseReturnValue:
    """Send the agreed date for the school's calendar."""
    return calendar_file(found.visit, url_for("visits.of_school", _external=True))
