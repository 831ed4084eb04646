"""Pages of appeals: the school files, the secretariat names the panel, the panel rules."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.certify.certificates.document.issuer import current_issuer
from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content, day_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer, shown
from cissapp.foundation.web.list_pages import other_pages, place_asked
from cissapp.foundation.web.readings import note_reading
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import person
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents.files import serving
from cissapp.review.appeals import queries, services
from cissapp.review.appeals.forms import AppealForm, PanelForm, VoteForm, proposal_form
from cissapp.review.appeals.models import Appeal, Proposal
from cissapp.review.appeals.phrases import (
    barred_people,
    certifiable_levels,
    criterion_titles,
    links,
    person_and_group,
)
from cissapp.review.appeals.queries import hearing
from cissapp.review.appeals.rules import (
    OUTCOME_NAMES,
    PROPOSAL_STATUS_NAMES,
    STATE_NAMES,
    filing_problems,
)
from cissapp.review.appeals.services import ProposalInput
from cissapp.review.independence import queries as independence
from cissapp.review.independence.forms import DeclarationForm, declaration_form
from cissapp.review.independence.rules.involvement import Involvement, may_open, reasons_not_to_hear
from cissapp.review.reviews.models import Decision

bp = Blueprint("appeals", __name__, template_folder="templates")
bp.app_context_processor(links)

WORDS: dict[str, Any] = {
    "states": STATE_NAMES,
    "outcomes": OUTCOME_NAMES,
    "standings": PROPOSAL_STATUS_NAMES,
}


def _me() -> User:
    """Return the row of the person who is signed in."""
    found = person(actor().id) if actor().id else None  # type: ignore[arg-type] # checked just before
    if found is None:
        raise Missing
    return found


def _involvement(appeal: Appeal) -> Involvement:
    return hearing.involvement_of(appeal, actor(), today=clock.today())


def _shown(appeal: Appeal) -> dict[str, Any]:
    """Return what every page of an appeal shows: the appeal, the words for it, and its deadline."""
    due = open_deadline(DeadlineKind.APPEAL, appeal.id)
    return {
        "appeal": appeal,
        "titles": criterion_titles(),
        "due_on": due.due_on if due else None,
        **WORDS,
    }


# --- the school --------------------------------------------------------------------------------


@bp.route("/school/application/appeal", methods=["GET", "POST"])
@permit(Permission.APPEAL_FILE, of=own_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show the school its appeal, or let it file one."""
    decision = queries.newest_decision(school.id)
    filed = queries.of_decision(decision.id) if decision else None
    if filed:
        return render_template("appeals/of_school.html", **_shown(filed))
    return _filing(decision)


def _filing(decision: Decision | None) -> ResponseReturnValue:
    days = content().standard.decision.appeal.file_days
    filing = queries.filing_of(decision, _me(), days)
    barred = filing_problems(filing, day_in(_me().country_code, clock.now()))
    titles = criterion_titles()
    findings = hearing.contestable_criteria(decision, content()) if decision else []
    form = AppealForm(findings={one: titles[one] for one in findings})
    if decision and not barred and form.validate_on_submit() and _filed(decision, form):
        flash(_("Your appeal has been filed."), "success")
        return redirect(url_for("appeals.of_school"))
    return answer(
        "appeals/file.html",
        form,
        decision=decision,
        until=filing.until,
        barred=[shown(one) for one in barred],
    )


def _filed(decision: Decision, form: AppealForm) -> bool:
    """File the appeal of the form; show a refusal in the form."""
    criteria, grounds = form.given()
    with form.catch_refusals():
        services.file(
            decision,
            grounds=grounds,
            criteria=criteria,
            issuer=current_issuer(),
            by=_me(),
            at=clock.now(),
        )
        return True
    return False


# --- the secretariat and the group -------------------------------------------------------------


@bp.get("/appeals")
@permit(Permission.APPEAL_READ)
def cases() -> ResponseReturnValue:
    """List the appeals that wait for a decision, and those decided."""
    found = queries.appeals(actor(), place_asked(), place_asked("decided_"))
    return render_template("appeals/cases.html", found=found, **_hrefs(), **WORDS)


def _hrefs() -> dict[str, Any]:
    return {"href": other_pages(), "decided_href": other_pages("decided_")}


@bp.get("/appeals/<uuid:appeal_id>")
@permit(Permission.APPEAL_READ, of=queries.appeal)
def case(appeal: Appeal) -> ResponseReturnValue:
    """Show where an appeal stands: no scores, no votes before the decision."""
    return render_template("appeals/case.html", **_shown(appeal))


@bp.route("/appeals/<uuid:appeal_id>/panel", methods=["GET", "POST"])
@permit(Permission.APPEAL_NAME, of=queries.appeal)
def panel(appeal: Appeal) -> ResponseReturnValue:
    """Name the people who hear an appeal; search for those who are not offered at first."""
    form = PanelForm()
    found = queries.panel_candidates(
        appeal, today=clock.today(), name=form.name.data or "", chosen=form.ticked()
    )
    form.offer(
        {str(one.person.id): person_and_group(one.person) for one in found.rows if not one.reasons}
    )
    if not form.search.data and form.validate_on_submit():
        with form.catch_refusals():
            services.name_panel(appeal, form.given(), by=actor(), at=clock.now())
            flash(_("The panel has been appointed. We will email each member."), "success")
            return redirect(url_for("appeals.case", appeal_id=appeal.id))
    return answer(
        "appeals/panel.html", form, appeal=appeal, more=found.more, barred=barred_people(found)
    )


# --- the panel ---------------------------------------------------------------------------------


@bp.get("/hearings")
@permit(Permission.APPEAL_HEAR)
def hearings() -> ResponseReturnValue:
    """List the appeals that the person hears: those that wait for a decision, and those decided."""
    found = queries.appeals_to_hear(actor(), place_asked(), place_asked("decided_"))
    return render_template("appeals/hearings.html", found=found, **_hrefs(), **WORDS)


@bp.route("/appeals/<uuid:appeal_id>/ties", methods=["GET", "POST"], endpoint="ties")
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def declare(appeal: Appeal) -> ResponseReturnValue:
    """Ask a member of the panel for conflicts of interest with the school, once."""
    if _involvement(appeal).has_conflict is not None:
        return redirect(url_for("appeals.hear", appeal_id=appeal.id))
    here = url_for("appeals.hear", appeal_id=appeal.id)
    form = _declaration_form(appeal)
    if form.validate_on_submit():
        grounds, note = form.given()
        with form.catch_refusals():
            services.declare(
                appeal,
                grounds=grounds,
                note=note,
                answers=form.answers(),
                issuer=current_issuer(),
                by=actor(),
                at=clock.now(),
            )
            flash(_("Your declaration is saved."), "success")
            return redirect(here)
    return answer("independence/declare.html", form, application=appeal.application, here=here)


def _declaration_form(appeal: Appeal) -> DeclarationForm:
    possible_conflicts = independence.possible_conflicts_for(appeal.application, _me().id)
    return declaration_form(
        possible_conflicts, content().standard.decision_text(languages.current())
    )


@bp.get("/appeals/<uuid:appeal_id>/hearing")
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def hear(appeal: Appeal) -> ResponseReturnValue:
    """Show the panel the grounds, the findings, the application, and its own next step."""
    involvement = _involvement(appeal)
    if involvement.has_conflict is None:
        return redirect(url_for("appeals.ties", appeal_id=appeal.id))
    barred = reasons_not_to_hear(involvement)
    if barred:
        reasons = [shown(one) for one in barred]
        return render_template("appeals/barred.html", appeal=appeal, barred=reasons)
    return _hearing(appeal, VoteForm())


def _hearing(appeal: Appeal, form: VoteForm) -> ResponseReturnValue:
    return answer(
        "appeals/hearing.html",
        form,
        heard=hearing.hearing_file(appeal, content(), languages.current()),
        proposal=appeal.open_proposal,
        me=actor().id,
        **_shown(appeal),
    )


@bp.route("/appeals/<uuid:appeal_id>/proposal", methods=["GET", "POST"])
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def propose(appeal: Appeal) -> ResponseReturnValue:
    """Propose a decision of the panel."""
    if not may_open(_involvement(appeal)):
        return redirect(url_for("appeals.hear", appeal_id=appeal.id))
    titles = criterion_titles()
    form = proposal_form({one: titles[one] for one in appeal.criteria})(levels=certifiable_levels())
    if form.validate_on_submit():
        with form.catch_refusals():
            given = ProposalInput(*form.given())
            services.propose(appeal, given, issuer=current_issuer(), by=actor(), at=clock.now())
            flash(
                _("The proposal is with the panel. You are counted as agreeing to it."), "success"
            )
            return redirect(url_for("appeals.hear", appeal_id=appeal.id))
    return answer("appeals/proposal.html", form, appeal=appeal)


@bp.post("/appeals/<uuid:appeal_id>/proposals/<uuid:proposal_id>/vote")
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def vote(appeal: Appeal, proposal_id: UUID) -> ResponseReturnValue:
    """Vote on a proposal."""
    if not may_open(_involvement(appeal)):
        return redirect(url_for("appeals.hear", appeal_id=appeal.id))
    proposal = _of(appeal, proposal_id)
    form = VoteForm()
    if form.validate_on_submit():
        agrees, note = form.given()
        with form.catch_refusals():
            services.vote(
                proposal,
                agrees=agrees,
                note=note,
                issuer=current_issuer(),
                by=actor(),
                at=clock.now(),
            )
            flash(_("Your vote is saved."), "success")
            return redirect(url_for("appeals.hear", appeal_id=appeal.id))
    return _hearing(appeal, form)


def _of(appeal: Appeal, proposal_id: UUID) -> Proposal:
    for one in appeal.proposals:
        if one.id == proposal_id:
            return one
    raise Missing


@bp.get("/appeals/<uuid:appeal_id>/documents/<uuid:version_id>")
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def document(appeal: Appeal, version_id: UUID) -> ResponseReturnValue:
    """Send a document of the application as it was submitted."""
    version = hearing.document_version(appeal, version_id, actor(), today=clock.today())
    note_reading(Event.DOCUMENT_READ, version, school_id=appeal.school_id)
    return serving.serve_copy(version, files())
