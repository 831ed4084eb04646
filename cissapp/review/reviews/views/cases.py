"""The first page of an application, and the start of a review."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, can, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.people.deadlines.phrases import deadline_lines
from cissapp.people.deadlines.queries import shown_to_group
from cissapp.people.enrolment.queries import bounced_of_school
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import OUTCOME_NAMES
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.independence.queries import may_declare_late, own_task
from cissapp.review.independence.rules import CASE_ROLE_NAMES, READABLE
from cissapp.review.independence.rules.involvement import may_open
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.phrases.versions import versions_of
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.waiting import WAITING_FOR_OF
from cissapp.review.reviews.rules.work import STARTS
from cissapp.review.reviews.views.blueprint import bp, case_of, standard_of
from cissapp.review.reviews.views.page_parts import (
    criteria_to_score,
    next_unscored,
    place_and_time,
    progress_of,
    reviewer_lines,
    rubric_parts,
    state_of,
)

PLACES = {work: place for place, work in STARTS.items()}


@bp.get("/reviews/<uuid:application_id>")
@permit(Permission.APPLICATION_READ, of=queries.application)
def show(application: Application) -> ResponseReturnValue:
    """Show an application; before a declaration only the school, its place and the state."""
    case = case_of(application)
    opens = may_open(case.involvement) and application.state in READABLE
    standard, task = standard_of(case), own_task(application, actor().id)
    return render_template(
        "reviews/show.html",
        case=case,
        lead=place_and_time(case),
        state=state_of(application, WAITING_FOR_OF.get(case.phase)),
        opens=opens,
        task=task,
        may_declare_late=may_declare_late(application, actor().id) if task is None else False,
        role_names=CASE_ROLE_NAMES,
        versions=versions_of(standard.rubric.version, content()),
        parts=rubric_parts(case, standard) if opens else [],
        to_score=criteria_to_score(case, standard) if opens else [],
        next_criterion=next_unscored(case, standard),
        reviewers=reviewer_lines(case),
        scored=progress_of(case, standard),
        outcomes=OUTCOME_NAMES,
        # Whoever leads the case sees by when, even if its contents are closed to them.
        deadlines=deadline_lines(shown_to_group(application.id, actor()), actor(), clock.now())
        if opens or can(Permission.APPLICATION_ASSIGN, application)
        else [],
        bounced=bounced_of_school(application.school_id),
    )


@bp.post("/reviews/<uuid:application_id>/start")
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def start(application: Application) -> ResponseReturnValue:
    """Start the review that waits for the person: the first, the second or the third."""
    work = case_of(application).work
    services.start_review(
        application, place=PLACES.get(work, ReviewPlace.FIRST), by=actor(), at=clock.now()
    )
    flash(_("You have begun this review. Score each criterion, then recommend."), "success")
    return redirect(url_for("reviews.show", application_id=application.id))
