"""The panel reads the case and rules; a member who cannot continue leaves."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.certify.certificates.document.issuer import current_issuer
from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Problem
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer, shown
from cissapp.foundation.web.list_pages import place_asked
from cissapp.foundation.web.readings import note_reading
from cissapp.prepare.documents.files import serving
from cissapp.review.appeals import queries, services
from cissapp.review.appeals.forms import LeavePanelForm, VoteForm, proposal_form
from cissapp.review.appeals.models import Appeal, Proposal
from cissapp.review.appeals.phrases import certifiable_levels, criterion_titles
from cissapp.review.appeals.queries import hearing
from cissapp.review.appeals.queries.participation import reasons_not_to_hear
from cissapp.review.appeals.services import ProposalInput
from cissapp.review.appeals.views.blueprint import (
    WORDS,
    bp,
    list_hrefs,
    shown_appeal,
    signed_in_person,
)
from cissapp.review.independence import queries as independence
from cissapp.review.independence.forms import DeclarationForm, declaration_form

# Reasons not to hear an appeal that tell nothing new to a member who left the panel.
SAID_BY_LEAVING = frozenset({"declaration", "left"})


def _has_declared(appeal: Appeal) -> bool:
    involvement = hearing.involvement_of(appeal, actor(), today=clock.today())
    return involvement.has_conflict is not None


def _barred(appeal: Appeal) -> list[Problem]:
    return reasons_not_to_hear(appeal, actor().id, today=clock.today())


@bp.get("/hearings")
@permit(Permission.APPEAL_HEAR)
def hearings() -> ResponseReturnValue:
    """List the appeals that the person hears: those that wait for a decision, and those decided."""
    found = queries.appeals_to_hear(actor(), place_asked(), place_asked("decided_"))
    return render_template("appeals/hearings.html", found=found, **list_hrefs(), **WORDS)


@bp.route("/appeals/<uuid:appeal_id>/ties", methods=["GET", "POST"], endpoint="ties")
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def declare(appeal: Appeal) -> ResponseReturnValue:
    """Ask a member of the panel for conflicts of interest with the school, once."""
    if _has_declared(appeal):
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
    return answer(
        "independence/declare.html",
        form,
        application=appeal.application,
        here=here,
        leave=url_for("appeals.leave", appeal_id=appeal.id),
    )


def _declaration_form(appeal: Appeal) -> DeclarationForm:
    possible_conflicts = independence.possible_conflicts_for(
        appeal.application, signed_in_person().id
    )
    return declaration_form(
        possible_conflicts, content().standard.decision_text(languages.current())
    )


@bp.get("/appeals/<uuid:appeal_id>/hearing")
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def hear(appeal: Appeal) -> ResponseReturnValue:
    """Show the panel the grounds, the findings, the application, and its own next step."""
    excused = queries.is_excused(appeal, actor().id)
    if not excused and not _has_declared(appeal):
        return redirect(url_for("appeals.ties", appeal_id=appeal.id))
    barred = _barred(appeal)
    if barred or excused:
        reasons = [shown(one) for one in barred if one.code not in SAID_BY_LEAVING]
        return render_template(
            "appeals/barred.html", appeal=appeal, barred=reasons, excused=excused
        )
    return _hearing(appeal, VoteForm())


def _hearing(appeal: Appeal, form: VoteForm) -> ResponseReturnValue:
    return answer(
        "appeals/hearing.html",
        form,
        heard=hearing.hearing_file(appeal, content(), languages.current()),
        proposal=appeal.open_proposal,
        me=actor().id,
        **shown_appeal(appeal),
    )


@bp.route("/appeals/<uuid:appeal_id>/leave", methods=["GET", "POST"])
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def leave(appeal: Appeal) -> ResponseReturnValue:
    """Let a member who cannot continue leave the panel, with a reason."""
    form = LeavePanelForm()
    if form.validate_on_submit():
        reason, issuer = form.reason.data or "", current_issuer()
        with form.catch_refusals():
            services.leave(appeal, reason=reason, issuer=issuer, by=actor(), at=clock.now())
            return redirect(url_for("appeals.hear", appeal_id=appeal.id))
    return answer("appeals/leave.html", form, appeal=appeal)


@bp.route("/appeals/<uuid:appeal_id>/proposal", methods=["GET", "POST"])
@permit(Permission.APPEAL_HEAR, of=queries.appeal)
def propose(appeal: Appeal) -> ResponseReturnValue:
    """Propose a decision of the panel."""
    if _barred(appeal):
        return redirect(url_for("appeals.hear", appeal_id=appeal.id))
    standard = hearing.standard_of(appeal.decision, content())
    titles = criterion_titles(standard)
    form = proposal_form({one: titles[one] for one in appeal.criteria})(
        levels=certifiable_levels(standard)
    )
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
    if _barred(appeal):
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
