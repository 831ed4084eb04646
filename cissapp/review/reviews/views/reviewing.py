"""The desk of the reviewer: criteria beside the documents, and the recommendation."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications.models import Application
from cissapp.prepare.documents.files.serving import serve_copy
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.forms import (
    NOT_APPLICABLE,
    RecommendationForm,
    ReviewScoreForm,
    ThirdReviewForm,
)
from cissapp.review.reviews.models import Review, Score
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.outcomes import unscored
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.references import MECHANISM, parse_reference
from cissapp.review.reviews.rules.work import Work
from cissapp.review.reviews.views.blueprint import (
    bp,
    case_of,
    criterion_of,
    standard_of,
    with_need_names,
)
from cissapp.review.reviews.views.comments import threads_on
from cissapp.review.reviews.views.mechanism import shown_mechanism
from cissapp.review.reviews.views.page_parts import places_of, progress_of, shown_rule, wanted_of
from cissapp.review.visits.queries import signed_visit


@bp.route("/reviews/<uuid:application_id>/criteria/<criterion_id>", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def criterion(application: Application, criterion_id: str) -> ResponseReturnValue:
    """Show a criterion beside a document; the reviewer scores it."""
    case = case_of(application)
    standard = standard_of(case)
    chosen = criterion_of(standard, criterion_id)
    asked, whole = request.args.get("document"), "whole" in request.args
    sheet = queries.criterion_page(case, chosen, standard, asked, whole=whole)
    form = _score_form(case, sheet, standard)
    if form.validate_on_submit():
        try:
            _save(case, sheet, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(_after(application, sheet))
    return answer(
        "reviews/criterion.html",
        form,
        case=case,
        sheet=sheet,
        writes=case.work is Work.SCORE and sheet.is_open,
        places=dict(places_of(case)),
        scored=progress_of(case, standard),
        talks=threads_on(case, criterion_id),
        mechanism=None if sheet.chosen else shown_mechanism(case.dossier.mechanism),
    )


def _score_form(case: Case, sheet: queries.CriterionPage, standard: Standard) -> ReviewScoreForm:
    score = sheet.score if case.mine else None
    seen = next(map(parse_reference, score.references), None) if score else None
    form = ReviewScoreForm(
        level=_chosen(score),
        reason=score.reason if score else "",
        seen_in=str(seen.version_id or seen.kind) if seen else _document_on_view(sheet),
        page=seen.page if seen else None,
    )
    rule = standard.decision.not_applicable
    form.ask(sheet.criterion, languages.current(), places_of(case), rule)
    return form


def _document_on_view(sheet: queries.CriterionPage) -> str:
    """Return what stands beside the form, as the likely place."""
    return str(sheet.chosen.version.id) if sheet.chosen else MECHANISM


def _chosen(score: Score | None) -> str | None:
    if score is None:
        return None
    return NOT_APPLICABLE if score.level is None else str(score.level)


def _save(case: Case, sheet: queries.CriterionPage, form: ReviewScoreForm) -> None:
    if case.own is None:
        raise Missing
    level, reason, references = form.given()
    services.save_score(
        case.own,
        services.ScoreInput(sheet.criterion, level, reason, references),
        standard=standard_of(case),
        by=actor(),
        at=clock.now(),
    )


def _after(application: Application, sheet: queries.CriterionPage) -> str:
    """Return where to go after saving: the same page, the next criterion, or the overview."""
    if "stay" in request.form:
        return request.full_path.rstrip("?")
    if sheet.following is None:
        return url_for("reviews.show", application_id=application.id)
    return url_for("reviews.criterion", application_id=application.id, criterion_id=sheet.following)


@bp.get("/reviews/<uuid:application_id>/documents/<uuid:version_id>/file")
@permit(Permission.APPLICATION_READ, of=queries.application)
@requires_no_conflict
def document_file(application: Application, version_id: UUID) -> ResponseReturnValue:
    """Send the file of a submitted document."""
    version = queries.version_of(application, version_id)
    if version is None:
        raise Missing
    return serve_copy(version, files())


@bp.route("/reviews/<uuid:application_id>/recommendation", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def recommend(application: Application) -> ResponseReturnValue:
    """Show what the decision rule makes of the scores; the reviewer recommends."""
    case = case_of(application)
    if case.own is None:
        raise Missing
    standard = standard_of(case)
    form = _recommendation(case.own, standard)
    if form.validate_on_submit():
        try:
            _submit(case.own, form, standard)
        except Refused as refused:
            form.refuse(with_need_names(refused))
        else:
            if application.only_for_id is not None:
                return redirect(url_for("calibration.result", application_id=application.id))
            flash(_("Your review is submitted. Another person decides."), "success")
            return redirect(url_for("reviews.show", application_id=application.id))
    if case.work is not Work.SCORE:
        return redirect(url_for("reviews.show", application_id=application.id))
    left = unscored(case.levels, wanted_of(case.own, standard))
    shown_too = {**shown_rule(case.levels, standard), "visit": signed_visit(application.id)}
    return answer("reviews/recommend.html", form, case=case, left=left, **shown_too)


def _recommendation(own: Review, standard: Standard) -> RecommendationForm | ThirdReviewForm:
    if own.place is ReviewPlace.THIRD:
        return ThirdReviewForm(version=str(own.version))
    form = RecommendationForm(version=str(own.version))
    form.ask(standard, languages.current())
    return form


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
