"""The group's pages of a visit: plan, dates, agenda, calling off."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import Form, answer
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.visits import queries, services
from cissapp.review.visits.forms import PlanForm, VisitDatesForm
from cissapp.review.visits.rules import (
    KIND_NAMES,
    STAGE_KINDS,
    STAGE_NAMES,
    criteria_to_observe,
    state_problems,
)
from cissapp.review.visits.services.participants import reasons_not_to_change
from cissapp.review.visits.services.record import unmarked_criteria
from cissapp.review.visits.views.blueprint import (
    bp,
    calendar_file,
    require_visit,
    shown_agenda,
    standard_of,
    zone_of,
)


def _to_visit(application: Application) -> ResponseReturnValue:
    return redirect(url_for("visits.show", application_id=application.id))


@bp.get("/reviews/<uuid:application_id>/visit")
@permit(Permission.VISIT_READ, of=queries.for_group)
@requires_no_conflict
def show(application: Application) -> ResponseReturnValue:
    """Show the stage of the visit, its dates, agenda and signatures."""
    visit, standard = queries.current_visit(application.id), standard_of(application)
    return render_template(
        "visits/show.html",
        application=application,
        visit=visit,
        changeable=not state_problems(application.state) and not (visit and visit.record),
        kinds=KIND_NAMES,
        stages=STAGE_NAMES,
        stage_kinds=STAGE_KINDS,
        agenda=shown_agenda(application),
        total=len(criteria_to_observe(standard.criteria)),
        left=unmarked_criteria(visit, standard) if visit else [],
        signatures=queries.counted_signatures(visit) if visit else [],
        now=clock.now(),
    )


@bp.route("/reviews/<uuid:application_id>/visit/plan", methods=["GET", "POST"])
@permit(Permission.VISIT_PLAN, of=queries.for_group)
@requires_no_conflict
def plan(application: Application) -> ResponseReturnValue:
    """Plan a visit or an interview, or record why there is neither."""
    form, zone = PlanForm(), zone_of(application)
    form.ask()
    if form.validate_on_submit():
        given = form.given_plan(zone)
        with form.catch_refusals():
            services.plan(
                application,
                kind=given.kind,
                dates=given.dates,
                reason=given.reason,
                by=actor(),
                at=clock.now(),
            )
            flash(_("The plan is confirmed."), "success")
            return _to_visit(application)
    return answer("visits/plan.html", form, application=application, zone=zone)


@bp.route("/reviews/<uuid:application_id>/visit/dates", methods=["GET", "POST"])
@permit(Permission.VISIT_PLAN, of=queries.for_group)
@requires_no_conflict
def propose_to_school(application: Application) -> ResponseReturnValue:
    """Propose other dates to the school."""
    visit, form, zone = require_visit(application), VisitDatesForm(), zone_of(application)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.propose(visit, form.given(zone), by=actor(), at=clock.now())
            flash(_("The school will get your dates by email."), "success")
            return _to_visit(application)
    back = url_for("visits.show", application_id=application.id)
    return answer("visits/propose.html", form, zone=zone, back=back)


@bp.post("/reviews/<uuid:application_id>/visit/dates/<uuid:date_id>")
@permit(Permission.VISIT_PLAN, of=queries.for_group)
@requires_no_conflict
def accept(application: Application, date_id: UUID) -> ResponseReturnValue:
    """Choose one of the school's dates."""
    services.agree(require_visit(application), date_id, by=actor(), at=clock.now())
    flash(_("The date is agreed. Both sides will get it by email."), "success")
    return _to_visit(application)


@bp.route("/reviews/<uuid:application_id>/visit/cancel", methods=["GET", "POST"])
@permit(Permission.VISIT_PLAN, of=queries.for_group)
@requires_no_conflict
def cancel(application: Application) -> ResponseReturnValue:
    """Cancel the visit, after a confirmation."""
    visit, form = require_visit(application), Form()
    if reasons_not_to_change(visit) and not form.is_submitted():
        return _to_visit(application)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.cancel(visit, by=actor(), at=clock.now())
            flash(_("It has been called off. You can plan another one."), "success")
            return _to_visit(application)
    return answer("visits/cancel.html", form, application=application, visit=visit)


@bp.get("/reviews/<uuid:application_id>/visit.ics")
@permit(Permission.VISIT_READ, of=queries.for_group)
@requires_no_conflict
def calendar_of_group(application: Application) -> ResponseReturnValue:
    """Send the agreed date for the calendar of a visitor."""
    address = url_for("visits.show", application_id=application.id, _external=True)
    return calendar_file(require_visit(application), address)
