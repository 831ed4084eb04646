"""The desk of the reviewer: the documents, a criterion and its score side by side."""

from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.error_pages import wants_json
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.forms import NOT_APPLICABLE, AgreementForm, ReviewScoreForm
from cissapp.review.reviews.models import Score
from cissapp.review.reviews.phrases.reasons import agreed_reason, ready_sentences
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.queries import document_changes as papers
from cissapp.review.reviews.rules.desk import state_of
from cissapp.review.reviews.rules.references import MECHANISM, parse_reference
from cissapp.review.reviews.rules.work import Work
from cissapp.review.reviews.views import desk_parts
from cissapp.review.reviews.views.blueprint import (
    bp,
    case_of,
    criterion_of,
    leads_to_case,
    own_review,
    standard_of,
)
from cissapp.review.reviews.views.comments import threads_on
from cissapp.review.reviews.views.desk_parts import Desk
from cissapp.review.reviews.views.page_parts import due_line, next_unscored, places_of, progress_of

CRITERION = "/reviews/<uuid:application_id>/criteria/<criterion_id>"


@bp.route(CRITERION, methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def criterion(application: Application, criterion_id: str) -> ResponseReturnValue:
    """Show a criterion beside a document; the reviewer scores it."""
    desk = _desk(application, criterion_id)
    if request.method == "POST":
        own_review(desk.case)
    form = _score_form(desk)
    if form.validate_on_submit():
        with form.catch_refusals():
            score = _save(desk, form)
            return _saved(desk, score)
    if request.method == "POST" and wants_json():
        return jsonify(message=_why_not_saved(form)), 422
    _record_view(desk)
    return answer("reviews/criterion.html", form, **_shown(desk))


def _desk(application: Application, criterion_id: str) -> Desk:
    case, state = case_of(application), state_of(request.args)
    standard = standard_of(case)
    chosen = criterion_of(standard, criterion_id)
    sheet = queries.criterion_page(case, chosen, standard, state)
    writes = case.work is Work.SCORE and sheet.is_open
    return Desk(case, standard, chosen, state, sheet, writes)


def _record_view(desk: Desk) -> None:
    """Record what the reviewer has on screen; agreeing with the school in one step depends on it."""
    own = desk.case.own
    if own is not None and desk.case.work is Work.SCORE and request.method == "GET":
        services.record_view(own, desk.sheet.place.reference, at=clock.now())


def _shown(desk: Desk) -> dict[str, Any]:
    case, sheet = desk.case, desk.sheet
    searched = desk.state.searched
    return {
        "case": case,
        "desk": desk,
        "sheet": sheet,
        "writes": desk.writes,
        "may_agree": desk.writes and sheet.score is None and not sheet.agreement,
        "rail": desk_parts.rail(desk),
        "filters": desk_parts.rail_filters(desk),
        "tabs": desk_parts.tabs(desk),
        "evidence": desk_parts.evidence_links(desk),
        "open": desk_parts.shown_document(desk),
        "found": queries.search_documents(case, searched) if searched else [],
        "changed": _change_of(desk),
        "places": dict(places_of(case)),
        "scored": progress_of(case, desk.standard),
        "due": due_line(case),
        "talks": threads_on(case, desk.criterion.id),
    }


def _change_of(desk: Desk) -> papers.DocumentChange | None:
    """Return how the open document has changed since the previous round."""
    chosen, case = desk.sheet.chosen, desk.case
    if chosen is None or case.application.round == 1:
        return None
    changes = papers.document_changes(case.application, case.dossier)
    return next((one for one in changes if one.document.id == chosen.id), None)


def _score_form(desk: Desk) -> ReviewScoreForm:
    case, sheet = desk.case, desk.sheet
    score = sheet.score if case.mine else None
    seen = next(map(parse_reference, score.references), None) if score else None
    place = sheet.place
    form = ReviewScoreForm(
        level=_chosen(score),
        reason=score.reason if score else "",
        seen_in=str(seen.version_id or seen.kind) if seen else _place_on_view(sheet),
        page=seen.page if seen else place.page if place.document and not score else None,
    )
    rule = desk.standard.decision.not_applicable
    ready = ready_sentences(desk.criterion, case.dossier.school.language)
    form.ask(desk.criterion, languages.current(), places_of(case), rule, ready)
    return form


def _place_on_view(sheet: queries.CriterionPage) -> str:
    """Return what is shown beside the form, as the default place."""
    return str(sheet.chosen.version.id) if sheet.chosen else MECHANISM


def _chosen(score: Score | None) -> str | None:
    if score is None:
        return None
    return NOT_APPLICABLE if score.level is None else str(score.level)


def _save(desk: Desk, form: ReviewScoreForm) -> Score:
    level, reason, references = form.given()
    return services.save_score(
        own_review(desk.case),
        services.ScoreInput(desk.criterion, level, reason, references),
        standard=desk.standard,
        by=actor(),
        at=clock.now(),
    )


def _saved(desk: Desk, score: Score) -> ResponseReturnValue:
    """Respond to a save: redirect to the next page, or return the time of saving to a script."""
    if wants_json():
        time = clock_time(score.saved_at)
        return jsonify(saved=score.saved_at.isoformat(), text=_("Saved %(time)s", time=time))
    if "stay" in request.form:
        return redirect(request.full_path.rstrip("?"))
    return redirect(_next(desk))


def _why_not_saved(form: ReviewScoreForm) -> str:
    """Return the form's errors for a script to show; a content warning has to be read on the page."""
    if form.warning:
        return str(_("Check this again. Nothing was saved."))
    found = [
        *(one.text for one in form.problems),
        *(one for errors in form.errors.values() for one in errors),
    ]
    return " ".join([str(_("Not saved yet.")), *map(str, found)])


def _next(desk: Desk) -> str:
    """Return the URL where the reviewer continues: the next unscored criterion, else the recommendation."""
    id_, following = desk.case.application.id, desk.sheet.following
    if following is None:
        return url_for("reviews.recommend", application_id=id_)
    if request.args:
        return desk.href(following, follow=True)
    return url_for("reviews.criterion", application_id=id_, criterion_id=following)


# --- agreeing with the school ----------------------------------------------------------------


@bp.post(f"{CRITERION}/agreement")
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def agree(application: Application, criterion_id: str) -> ResponseReturnValue:
    """Agree with the school on a criterion whose evidence the reviewer has looked at."""
    desk = _desk(application, criterion_id)
    _agree(desk.case, [desk.criterion])
    return redirect(_next(desk))


@bp.route("/reviews/<uuid:application_id>/agreement", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def agreement(application: Application) -> ResponseReturnValue:
    """List the criteria whose evidence the reviewer has looked at; agree with the school on those that are ticked."""
    case = case_of(application)
    if leads_to_case(case):
        return redirect(url_for("reviews.show", application_id=application.id))
    own_review(case)
    standard = standard_of(case)
    criteria = queries.agreeable_criteria(case, standard)
    form = AgreementForm(criteria=[one.id for one in criteria])
    form.ask(criteria, case.dossier, languages.current())
    if form.validate_on_submit():
        with form.catch_refusals():
            saved = _agree(case, [standard.by_id[one] for one in form.given()])
            flash(
                ngettext("%(num)s score is saved.", "%(num)s scores are saved.", len(saved)),
                "success",
            )
            return redirect(_after_agreement(application))
    return answer("reviews/agreement.html", form, case=case)


def _after_agreement(application: Application) -> str:
    """Return the URL where the reviewer continues: the first unscored criterion, else the recommendation."""
    case = case_of(application)
    left = next_unscored(case, standard_of(case))
    if left is None:
        return url_for("reviews.recommend", application_id=application.id)
    return url_for("reviews.criterion", application_id=application.id, criterion_id=left)


def _agree(case: Case, criteria: list[Criterion]) -> list[Score]:
    content = case.dossier
    own = {one.id: content.score(one.id) for one in criteria}
    language = content.school.language
    reasons = {
        one.id: agreed_reason(one, score.level, language)
        for one in criteria
        if (score := own[one.id]) is not None and score.level is not None
    }
    return services.agree_with_school(
        own_review(case),
        criteria,
        reasons,
        standard=standard_of(case),
        by=actor(),
        at=clock.now(),
    )
