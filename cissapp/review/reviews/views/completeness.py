"""The completeness check of an application, and a question to the school."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries import completeness_checks, question
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.forms import ALL, PASSES, CompletenessForm, QuestionsForm
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.work import Work
from cissapp.review.reviews.views.blueprint import (
    bp,
    case_of,
    leads_to_case,
    own_review,
    standard_of,
)
from cissapp.review.reviews.views.mechanism import shown_mechanism
from cissapp.review.reviews.views.page_parts import due_line, named_criteria


def _to_case(application: Application) -> ResponseReturnValue:
    return redirect(url_for("reviews.show", application_id=application.id))


@bp.route("/reviews/<uuid:application_id>/sift", methods=["GET", "POST"], endpoint="sift")
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def completeness(application: Application) -> ResponseReturnValue:
    """Check completeness: the application may go on, or goes back once with remarks."""
    case = case_of(application)
    if case.work is not Work.CHECK_COMPLETENESS:
        return _not_now(case)
    form = CompletenessForm()
    form.put(_remark_subjects(case), may_return=not applications.course(application).returned)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.check_completeness(
                application, remarks=form.remarks(), content=content(), by=actor(), at=clock.now()
            )
            flash(_result_text(form), "success")
            return _to_case(application)
    return answer(
        "reviews/completeness.html",
        form,
        case=case,
        due=due_line(case),
        mechanism=shown_mechanism(case.dossier.mechanism),
    )


def _result_text(form: CompletenessForm) -> str:
    if form.result.data == PASSES:
        return str(_("The application is complete. The review can start."))
    return str(_("The application has been sent back to the school with your remarks."))


def _not_now(case: Case) -> ResponseReturnValue:
    """Return a reader to the case, and whoever sends the same result again, by two clicks.

    Raise `Refused` for anything else that is sent, which is shown again, so that no remark is lost.
    """
    if request.method == "POST" and not _is_recorded(case):
        raise Refused(Problem("state", N_("There is no completeness check to do here now.")))
    return _to_case(case.application)


def _is_recorded(case: Case) -> bool:
    """Return whether the person has recorded the result that is sent already."""
    found = completeness_checks(case.application).get(case.application.round)
    if found is None or found.sifter_id != actor().id:
        return False
    form = CompletenessForm()
    form.put(_remark_subjects(case), may_return=True)
    return (form.result.data == PASSES) is found.passed and form.remarks() == found.remarks


def _remark_subjects(case: Case) -> list[tuple[str, str]]:
    """List what a remark can be about: the whole, each document, each criterion."""
    return [
        (ALL, _("The application as a whole")),
        *((str(one.id), one.title) for one in case.dossier.documents),
        *named_criteria(standard_of(case)),
    ]


@bp.route("/reviews/<uuid:application_id>/question", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def ask(application: Application) -> ResponseReturnValue:
    """Ask the school about criteria, once; the review stops until it answers."""
    case = case_of(application)
    form = QuestionsForm()
    form.ask(named_criteria(standard_of(case)))
    if leads_to_case(case) or (request.method == "POST" and _is_asked(application, form)):
        return _to_case(application)
    own = own_review(case)
    if own.place is not ReviewPlace.FIRST:
        raise Missing
    if form.validate_on_submit():
        with form.catch_refusals():
            services.ask_school(own, _questions(form), by=actor(), at=clock.now())
            flash(
                _("The question has been sent. Your deadline is paused until the school answers."),
                "success",
            )
            return _to_case(application)
    course = applications.course(application)
    days = standard_of(case).decision.process.answer_days
    return answer("reviews/ask.html", form, case=case, course=course, days=days)


def _questions(form: QuestionsForm) -> dict[str, str]:
    return {key: text for key, text in form.given().items() if key != ALL}


def _is_asked(application: Application, form: QuestionsForm) -> bool:
    """Return whether the person has asked just this in this round already: the second of two clicks."""
    found = question(application)
    if found is None or (found.round, found.asker_id) != (application.round, actor().id):
        return False
    return _questions(form) == found.texts
