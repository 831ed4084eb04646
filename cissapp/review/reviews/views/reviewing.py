"""The files of the documents, and the recommendation of the reviewer."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.readings import note_reading
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules.states import ApplicationOutcome
from cissapp.prepare.documents.files.serving import serve_copy
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.forms import RecommendationForm, ThirdReviewForm
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.outcomes import rule_result, unscored
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.views.blueprint import (
    bp,
    case_of,
    leads_to_case,
    own_review,
    standard_of,
    with_need_names,
)
from cissapp.review.reviews.views.page_parts import shown_rule, wanted_of
from cissapp.review.visits.queries import signed_visit


@bp.get("/reviews/<uuid:application_id>/documents/<uuid:version_id>/file")
@permit(Permission.APPLICATION_READ, of=queries.application)
@requires_no_conflict
def document_file(application: Application, version_id: UUID) -> ResponseReturnValue:
    """Send the file of a submitted document."""
    version = queries.version_of(application, version_id)
    if version is None:
        raise Missing
    note_reading(Event.DOCUMENT_READ, version, school_id=application.school_id)
    return serve_copy(version, files())


@bp.route("/reviews/<uuid:application_id>/recommendation", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def recommend(application: Application) -> ResponseReturnValue:
    """Show the result of the decision rule, and take the reviewer's recommendation."""
    case = case_of(application)
    if leads_to_case(case) or _is_sent(case):
        return redirect(url_for("reviews.show", application_id=application.id))
    own = own_review(case)
    standard = standard_of(case)
    form = _recommendation(own, standard)
    if form.validate_on_submit():
        try:
            _submit(own, form, standard)
        except Refused as refused:
            form.refuse(with_need_names(refused))
        else:
            if application.only_for_id is not None:
                return redirect(url_for("calibration.result", application_id=application.id))
            flash(_("Your review has been submitted. Another person will decide."), "success")
            return redirect(url_for("reviews.show", application_id=application.id))
    left = unscored(case.levels, wanted_of(own, standard))
    shown_too = {**shown_rule(case.levels, standard), "visit": signed_visit(application.id)}
    return answer("reviews/recommend.html", form, case=case, left=left, **shown_too)


def _is_sent(case: Case) -> bool:
    """Return whether just this has been submitted already: the second of two clicks, which is no error."""
    own = case.own
    if own is None or own.state is not ReviewState.HANDED_IN or request.method != "POST":
        return False
    form = _recommendation(own, standard_of(case))
    if (form.summary.data or "") != own.summary:
        return False
    if isinstance(form, ThirdReviewForm):
        return True
    certified = own.recommendation is ApplicationOutcome.CERTIFIED
    return form.outcome.data == own.recommendation and (
        not certified or form.level.data == str(own.level)
    )


def _recommendation(own: Review, standard: Standard) -> RecommendationForm | ThirdReviewForm:
    if own.place is ReviewPlace.THIRD:
        return ThirdReviewForm(version=str(own.version))
    form = RecommendationForm(version=str(own.version), **_suggested(own, standard))
    form.ask(standard, languages.current())
    return form


def _suggested(own: Review, standard: Standard) -> dict[str, str]:
    """Return the rule's suggestion to prefill a page that is opened; it never replaces a missing answer."""
    if request.method != "GET":
        return {}
    rule = rule_result(queries.levels_of(own), standard.decision, standard.criteria)
    level = {"level": str(rule.level)} if rule.level else {}
    return {"outcome": rule.suggested.value, **level}


def _submit(own: Review, form: RecommendationForm | ThirdReviewForm, standard: Standard) -> None:
    given = form.given() if isinstance(form, RecommendationForm) else None
    version = form.bound() if isinstance(form, ThirdReviewForm) else form.bound()[0]
    services.submit_review(
        own,
        services.Recommendation(
            outcome=given.outcome if given else None,
            level=given.level if given else None,
            needs=given.needs if given else [],
            summary=form.summary.data or "",
        ),
        version=version,
        standard=standard,
        by=actor(),
        at=clock.now(),
    )
