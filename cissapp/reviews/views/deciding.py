"""The desk of the person who decides, and the letter to the school."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.access.guard import actor, permit
from cissapp.access.permissions import Permission
from cissapp.applications.models import Application
from cissapp.applications.rules import OUTCOME_NAMES
from cissapp.core import clock
from cissapp.core.actor import Actor
from cissapp.core.errors import N_, Overtaken, Problem, Refused
from cissapp.reviews import queries, services
from cissapp.reviews.forms import DecisionForm
from cissapp.reviews.queries import Case, Letter
from cissapp.reviews.rules.people import Work, keeps_from_deciding
from cissapp.reviews.rules.standard import needs_attested
from cissapp.reviews.rules.verdicts import result
from cissapp.reviews.services import Ruling
from cissapp.reviews.views.blueprint import bp, issuing, named_all, opened
from cissapp.reviews.views.pages import compared, shown_rule, steps_of
from cissapp.web import languages
from cissapp.web.context import content
from cissapp.web.forms import answer, shown


@bp.route("/reviews/<uuid:application_id>/decision", methods=["GET", "POST"])
@permit(Permission.APPLICATION_DECIDE, of=queries.application)
@opened
def decide(application: Application) -> ResponseReturnValue:
    """Show scores and recommendation to another person; what that person decides is shown again first."""
    case = queries.case(application, actor())
    work, form = case.work, _form(case)
    if form.validate_on_submit() and not form.change.data:
        try:
            return _go_on(case, form)
        except Refused as refused:
            form.refuse(named_all(refused))
    _only_decider(case, work)
    return answer("reviews/decide.html", form, case=case, **_shown_to_decide(case))


def _shown_to_decide(case: Case) -> dict[str, Any]:
    standard = content().standard
    training = services.training_problems(case.application, content())
    return {
        **shown_rule(case, standard),
        "training": [shown(one) for one in training],
        "lines": compared(case, standard),
    }


def _form(case: Case) -> DecisionForm:
    standard = content().standard
    review = case.review
    form = DecisionForm(
        version=str(review.version) if review else "", sha256=case.submission.sha256
    )
    attested = needs_attested(standard.decision, review.level if review else None)
    form.ask(standard, languages.current(), attested)
    return form


def _only_decider(case: Case, work: Work) -> None:
    """Keep everybody out whose work this was not when the request came."""
    if work is not Work.DECIDE:
        problem = Problem("state", N_("There is nothing to decide here now."))
        raise Refused(*(keeps_from_deciding(case.hands) or [problem]))


def _go_on(case: Case, form: DecisionForm) -> ResponseReturnValue:
    """Decide, if the answers were checked; else show them for that."""
    given = form.given()
    version, sha256 = form.bound()
    ruling = Ruling(given.outcome, given.level, given.needs, given.text)
    if form.is_checked():
        services.decide(
            case.application,
            ruling,
            version=version,
            sha256=sha256,
            issuing=issuing(),
            by=actor(),
            at=clock.now(),
        )
        flash(_("The decision is taken. The school is told by mail."), "success")
        return redirect(url_for("reviews.show", application_id=case.application.id))
    return _check(case, ruling, form)


def _check(case: Case, ruling: Ruling, form: DecisionForm) -> ResponseReturnValue:
    _only_decider(case, case.work)
    if case.review is None or form.bound() != (case.review.version, case.submission.sha256):
        raise Overtaken
    found = services.ruling_problems(case.application, case.review, ruling, content())
    if found:
        raise Refused(*found)
    standard = content().standard
    text = standard.decision_text(languages.current())
    rule = result(case.levels, standard.decision, standard.criteria)
    return render_template(
        "reviews/decide_check.html",
        case=case,
        ruling=ruling,
        rule=rule,
        needs=[text.needs[one].name for one in ruling.needs],
        form=form.to_check(),
        outcomes=OUTCOME_NAMES,
    )


def own_letter(actor: Actor) -> Letter:
    """Find the newest decision about the school of a person."""
    return queries.letter(actor.school_id)


@bp.get("/school/application/decision")
@permit(Permission.DOSSIER_READ, of=own_letter)
def letter(found: Letter) -> ResponseReturnValue:
    """Tell the school what was decided, why, and what is next; never who."""
    standard = content().standard
    decided_at = found.decision.decided_at
    return render_template(
        "reviews/letter.html",
        decision=found.decision,
        school=found.decision.review.application.school,
        text=standard.decision_text(languages.current()),
        steps=steps_of(found, standard),
        outcomes=OUTCOME_NAMES,
        appeal_until=decided_at + timedelta(days=standard.decision.appeal.file_days),
        close_until=decided_at + timedelta(days=standard.decision.outcomes.minor_gaps.days),
    )
