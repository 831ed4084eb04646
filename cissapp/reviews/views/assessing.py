"""The desk of the assessor: criteria beside the documents, and the recommendation."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.access.guard import actor, permit
from cissapp.access.permissions import Permission
from cissapp.applications.models import Application
from cissapp.core import clock
from cissapp.core.errors import Missing, Refused
from cissapp.core.storage import files
from cissapp.evidence.serving import served
from cissapp.reviews import queries, services
from cissapp.reviews.forms import NOT_APPLICABLE, RecommendationForm, ScoreForm
from cissapp.reviews.models import Score
from cissapp.reviews.queries import Case
from cissapp.reviews.rules.people import Work
from cissapp.reviews.rules.verdicts import unscored
from cissapp.reviews.views.blueprint import bp, criterion_of, named_all, opened
from cissapp.reviews.views.mechanism import shown_mechanism
from cissapp.reviews.views.pages import shown_rule
from cissapp.web import languages
from cissapp.web.context import content
from cissapp.web.forms import answer


@bp.route("/reviews/<uuid:application_id>/criteria/<criterion_id>", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@opened
def criterion(application: Application, criterion_id: str) -> ResponseReturnValue:
    """Show a criterion beside a document; the assessor scores it."""
    chosen = criterion_of(criterion_id)
    case = queries.case(application, actor())
    sheet = queries.sheet(case, chosen, content().standard, request.args.get("document"))
    form = _score_form(sheet)
    if form.validate_on_submit():
        try:
            _save(case, sheet, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(_after(application, sheet))
    writes = case.work is Work.SCORE and sheet.is_open
    return answer(
        "reviews/criterion.html",
        form,
        case=case,
        sheet=sheet,
        writes=writes,
        total=len(content().standard.criteria),
        mechanism=None if sheet.chosen else shown_mechanism(case.dossier.mechanism),
    )


def _score_form(sheet: queries.Sheet) -> ScoreForm:
    score = sheet.score
    form = ScoreForm(level=_chosen(score), reason=score.reason if score else "")
    form.ask(sheet.criterion, languages.current())
    return form


def _chosen(score: Score | None) -> str | None:
    if score is None:
        return None
    return NOT_APPLICABLE if score.level is None else str(score.level)


def _save(case: Case, sheet: queries.Sheet, form: ScoreForm) -> None:
    if case.review is None:
        raise Missing
    level, reason = form.given()
    services.save_score(
        case.review,
        sheet.criterion,
        level=level,
        reason=reason,
        standard=content().standard,
        by=actor(),
        at=clock.now(),
    )


def _after(application: Application, sheet: queries.Sheet) -> str:
    """Stay where one saves only; else go to the next criterion, or back to the overview."""
    if "stay" in request.form:
        return request.full_path.rstrip("?")
    if sheet.following is None:
        return url_for("reviews.show", application_id=application.id)
    return url_for("reviews.criterion", application_id=application.id, criterion_id=sheet.following)


@bp.get("/reviews/<uuid:application_id>/documents/<uuid:version_id>/file")
@permit(Permission.APPLICATION_READ, of=queries.application)
@opened
def document_file(application: Application, version_id: UUID) -> ResponseReturnValue:
    """Give the file of a document that was handed in."""
    version = queries.version_of(application, version_id)
    if version is None:
        raise Missing
    return served(version, files())


@bp.route("/reviews/<uuid:application_id>/recommendation", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@opened
def recommend(application: Application) -> ResponseReturnValue:
    """Show what the decision rule makes of the scores; the assessor recommends."""
    case = queries.case(application, actor())
    if case.review is None or not case.mine:
        raise Missing
    standard = content().standard
    form = RecommendationForm(version=str(case.review.version))
    form.ask(standard, languages.current())
    if form.validate_on_submit():
        try:
            _hand_in(case, form)
        except Refused as refused:
            form.refuse(named_all(refused))
        else:
            flash(_("Your recommendation is handed in. Another person decides."), "success")
            return redirect(url_for("reviews.show", application_id=application.id))
    if case.handed_in:
        return redirect(url_for("reviews.show", application_id=application.id))
    left = unscored(case.levels, standard.criteria)
    shown_too = shown_rule(case, standard)
    return answer("reviews/recommend.html", form, case=case, left=left, **shown_too)


def _hand_in(case: Case, form: RecommendationForm) -> None:
    if case.review is None:
        raise Missing
    given = form.given()
    services.hand_in(
        case.review,
        recommendation=given.outcome,
        level=given.level,
        needs=given.needs,
        summary=given.text,
        version=form.bound()[0],
        standard=content().standard,
        by=actor(),
        at=clock.now(),
    )
