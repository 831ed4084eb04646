"""The desk of the person who decides."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.certify.certificates.document.issuer import current_issuer
from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.queries import history_of
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, EditConflict, Problem, Refused
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer, shown
from cissapp.people.schools.queries import letterhead
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.phrases.applications import history
from cissapp.prepare.applications.rules import OUTCOME_NAMES
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.independence.rules.involvement import reasons_not_to_decide
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.forms import DecisionForm
from cissapp.review.reviews.phrases.letters import drafted_reasons
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.attention import Attention
from cissapp.review.reviews.rules.letters import next_steps
from cissapp.review.reviews.rules.outcomes import RuleProposal, rule_result
from cissapp.review.reviews.rules.standard import needs_attested
from cissapp.review.reviews.rules.work import Work
from cissapp.review.reviews.services import DecisionInput
from cissapp.review.reviews.views.blueprint import bp, case_of, standard_of, with_need_names
from cissapp.review.reviews.views.comparison import compared_criteria, settled_parts
from cissapp.review.reviews.views.page_parts import due_line, shown_rule
from cissapp.review.reviews.views.proposals import shown_proposal
from cissapp.review.visits.queries import signed_visit


@bp.route("/reviews/<uuid:application_id>/decision", methods=["GET", "POST"])
@permit(Permission.APPLICATION_DECIDE, of=queries.application)
@requires_no_conflict
def decide(application: Application) -> ResponseReturnValue:
    """Show scores and recommendation to the decider; the decision is shown once more before it is taken."""
    case = case_of(application)
    work, form = case.work, _form(case)
    if form.validate_on_submit() and not form.change.data:
        try:
            return _go_on(case, form)
        except Refused as refused:
            form.refuse(with_need_names(refused))
    _only_decider(case, work)
    return answer("reviews/decide.html", form, case=case, **_shown_to_decide(case))


def _shown_to_decide(case: Case) -> dict[str, Any]:
    standard = standard_of(case)
    levels = services.combined_scores(case.reviews)
    criteria = compared_criteria(case, standard)
    looked_at = [one for one in criteria if one.attention is not Attention.SETTLED]
    training = services.training_problems(case.application, content())
    return {
        **shown_rule(levels, standard),
        **shown_proposal(case, standard),
        "training": [shown(one) for one in training],
        "criteria": looked_at,
        "settled": settled_parts(criteria, standard),
        "settled_number": len(criteria) - len(looked_at),
        "due": due_line(case),
        "visit": signed_visit(case.application.id),
        "course": applications.course(case.application),
        "history": history(history_of(case.application)),
    }


def _form(case: Case) -> DecisionForm:
    standard = standard_of(case)
    # Prefill the form only when it is opened: a missing answer must never be replaced by a proposal.
    opened = request.method == "GET" and case.work is Work.DECIDE
    form = DecisionForm(
        version=str(services.reviews_version(case.reviews)),
        sha256=case.submission.sha256,
        **(_proposed_answers(case) if opened else {}),
    )
    attested = needs_attested(standard.decision, services.recommended_level(case.reviews))
    form.ask(standard, languages.current(), attested)
    return form


def _proposed_answers(case: Case) -> dict[str, str]:
    """Return the rule's proposal as form values, with a draft of what the school reads."""
    first = services.proposal_for(case.application, case.reviews, content())
    level = {"level": str(first.level)} if first.level else {}
    return {"outcome": first.outcome.value, "reasons": _draft(case, first), **level}


def _draft(case: Case, first: RuleProposal) -> str:
    """Draft what the school reads, from the criteria that its letter will name."""
    standard, levels = standard_of(case), services.combined_scores(case.reviews)
    named = next_steps(first.outcome, first.level, levels, standard.decision, standard.criteria)
    criteria = [standard.by_id[one] for one in named]
    return drafted_reasons(case.application, first.outcome, first.level, criteria)


def _only_decider(case: Case, work: Work) -> None:
    """Raise `Refused` unless the decision was the person's work when the request arrived."""
    if work is not Work.DECIDE:
        problem = Problem("state", N_("There is nothing to decide here now."))
        raise Refused(*(reasons_not_to_decide(case.involvement) or [problem]))


def _go_on(case: Case, form: DecisionForm) -> ResponseReturnValue:
    """Record the decision if its answers were confirmed; else show them for confirmation."""
    given = form.given()
    version, sha256 = form.bound()
    chosen = DecisionInput(
        given.outcome,
        given.level,
        given.needs,
        given.text,
        opening=form.opening.data or "",
        departure=form.departure.data or "",
    )
    if form.is_checked():
        services.decide(
            case.application,
            chosen,
            version=version,
            sha256=sha256,
            issuer=current_issuer(),
            by=actor(),
            at=clock.now(),
        )
        flash(_("The decision has been made. The school will be told by email."), "success")
        return redirect(url_for("reviews.show", application_id=case.application.id))
    return _check(case, chosen, form)


def _check(case: Case, chosen: DecisionInput, form: DecisionForm) -> ResponseReturnValue:
    """Show all that would happen, the letter too; nothing is decided yet."""
    _only_decider(case, case.work)
    if form.bound() != (services.reviews_version(case.reviews), case.submission.sha256):
        raise EditConflict
    found = services.decision_problems(case.application, case.reviews, chosen, content())
    if found:
        raise Refused(*found)
    standard = standard_of(case)
    text = standard.decision_text(languages.current())
    levels = services.combined_scores(case.reviews)
    return render_template(
        "reviews/decide_check.html",
        case=case,
        chosen=chosen,
        rule=rule_result(levels, standard.decision, standard.criteria),
        needs=[text.needs[one].name for one in chosen.needs],
        form=form.to_check(),
        visit=signed_visit(case.application.id),
        outcomes=OUTCOME_NAMES,
        minor_days=standard.decision.outcomes.minor_gaps.days,
        attachments=queries.attachments_for(case, actor()),
        text=services.draft_letter(chosen, case.reviews, content(), at=clock.now()).plain,
        letterhead=letterhead(case.application.school.group_id),
    )
