"""The queue of the group, the first page of an application, and the declaration."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.access.guard import actor, permit
from cissapp.access.permissions import Permission
from cissapp.applications.models import Application
from cissapp.applications.rules import OUTCOME_NAMES
from cissapp.core import clock
from cissapp.core.errors import Missing
from cissapp.reviews import queries, services
from cissapp.reviews.forms import DeclarationForm
from cissapp.reviews.rules import READABLE
from cissapp.reviews.rules.people import Work
from cissapp.reviews.views.blueprint import bp, opened
from cissapp.reviews.views.pages import (
    PAGE_ROWS,
    next_unscored,
    page_of,
    parts,
    place_and_time,
    queue_lines,
    state_of,
)
from cissapp.web import languages
from cissapp.web.context import content
from cissapp.web.forms import answer


@bp.get("/reviews")
@permit(Permission.APPLICATION_READ)
def queue() -> ResponseReturnValue:
    """Show what waits for the person, and everything that is under way."""
    found = queries.queue(actor())
    page = page_of(found.under_way, request.args.get("page", 1, type=int), "reviews.queue")
    return render_template(
        "reviews/queue.html",
        to_assess=queue_lines(found.to_assess[:PAGE_ROWS]),
        to_decide=queue_lines(found.to_decide[:PAGE_ROWS]),
        under_way=queue_lines(page.rows),
        decided=queue_lines(found.decided),
        page=page,
    )


@bp.get("/reviews/<uuid:application_id>")
@permit(Permission.APPLICATION_READ, of=queries.application)
def show(application: Application) -> ResponseReturnValue:
    """Show an application: before a declaration only which school, where, and its state."""
    case = queries.case(application, actor())
    opens = case.hands.tied is False and application.state in READABLE
    standard = content().standard
    return render_template(
        "reviews/show.html",
        case=case,
        lead=place_and_time(case),
        state=state_of(application),
        opens=opens,
        parts=parts(case, standard) if opens else [],
        next_criterion=next_unscored(case, standard),
        total=len(standard.criteria),
        outcomes=OUTCOME_NAMES,
    )


@bp.route("/reviews/<uuid:application_id>/declaration", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
def declare(application: Application) -> ResponseReturnValue:
    """Ask for ties to the school; the answer is given once."""
    case = queries.case(application, actor())
    here = url_for("reviews.show", application_id=application.id)
    if case.work is not Work.DECLARE:
        return redirect(here)
    if application.state not in READABLE:
        raise Missing
    form = DeclarationForm()
    form.ask(content().standard.decision_text(languages.current()))
    if form.validate_on_submit():
        grounds, note = form.given()
        services.declare(application, grounds=grounds, note=note, by=actor(), at=clock.now())
        flash(_("Your declaration is saved."), "success")
        return redirect(here)
    return answer("reviews/declare.html", form, application=application)


@bp.post("/reviews/<uuid:application_id>/start")
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@opened
def start(application: Application) -> ResponseReturnValue:
    """Begin the review of the round."""
    services.start(application, by=actor(), at=clock.now())
    flash(_("You have begun this review. Score each criterion, then recommend."), "success")
    return redirect(url_for("reviews.show", application_id=application.id))
