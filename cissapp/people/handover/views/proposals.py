"""Pages of acts that two people of the secretariat do together."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit, public
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.drafts.page_drafts import value_or_draft
from cissapp.foundation.web.forms import Form, answer, shown
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts.models import User
from cissapp.people.accounts.sessions import signed_in_person
from cissapp.people.handover import queries, services
from cissapp.people.handover.forms import ReplaceCoordinatorForm, person_chosen
from cissapp.people.handover.models import ActProposal
from cissapp.people.handover.rules.powers import (
    ACT_NAMES,
    ALONE_WAITS,
    OUTCOME_NAMES,
    SharedAct,
)
from cissapp.people.handover.rules.proposals import Colleague, confirm_problem
from cissapp.people.handover.views.blueprint import bp
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import NationalGroup


@bp.get("/admin/second-person")
@permit(Permission.ACT_READ)
def proposals() -> ResponseReturnValue:
    """List the acts that wait for a second person, and those that ended last."""
    return render_template(
        "handover/proposals.html",
        waiting=queries.waiting_proposals(),
        ended=queries.ended_proposals(),
        act_names=ACT_NAMES,
        outcome_names=OUTCOME_NAMES,
        now=clock.now(),
    )


@bp.get("/admin/second-person/<uuid:act_id>")
@permit(Permission.ACT_READ, of=queries.proposal)
def proposal(found: ActProposal) -> ResponseReturnValue:
    """Show what was proposed, by whom and why, and what this person can do."""
    person = signed_in_person()
    colleague = Colleague(person.id, person.joined_at, person.invited_by_id)
    problem = confirm_problem(found.proposed, colleague, clock.now())
    return render_template(
        "handover/proposal.html",
        found=found,
        own=found.proposed_by_id == person.id,
        problem=shown(problem) if problem else None,
        follows=_follows(found),
        thing=_thing(found),
        act_names=ACT_NAMES,
        outcome_names=OUTCOME_NAMES,
    )


def _follows(found: ActProposal) -> str:
    """Return the name of the new coordinator, as long as it is still stored."""
    if "email" in found.values:
        values = {name: str(found.values[name]) for name in ("name", "email")}
        return str(_("%(name)s, %(email)s", **values))
    reviewer_id = found.values.get("reviewer_id")
    one = queries.reviewer_of_group(found.subject_id, UUID(reviewer_id)) if reviewer_id else None
    return one.name if one else ""


def _thing(found: ActProposal) -> str | None:
    """Return the address of the thing that the act is about."""
    if found.act is SharedAct.WITHDRAW_CERTIFICATE:
        return url_for("certificates.show", certificate_id=found.subject_id)
    return None


@bp.post("/admin/second-person/<uuid:act_id>/confirm")
@permit(Permission.ACT_CONFIRM, of=queries.proposal)
def confirm_act(found: ActProposal) -> ResponseReturnValue:
    """Confirm what another person proposed; it is done at once."""
    return _end(found, services.confirm_act, _("Confirmed and done."))


@bp.post("/admin/second-person/<uuid:act_id>/refuse")
@permit(Permission.ACT_CONFIRM, of=queries.proposal)
def refuse_act(found: ActProposal) -> ResponseReturnValue:
    """Refuse another person's proposal, or withdraw one's own."""
    return _end(found, services.refuse_act, _("The proposal has ended. Nothing was done."))


def _end(found: ActProposal, act: Callable[..., None], done: str) -> ResponseReturnValue:
    form = Form()
    with form.catch_refusals():
        act(found, by=actor(), at=clock.now())
        flash(done, "success")
        return redirect(url_for("handover.proposals"))
    return answer("handover/not_done.html", form, found=found)


def _chosen(form: ReplaceCoordinatorForm) -> UUID | None:
    return person_chosen(value_or_draft(form.person))


@bp.route("/admin/groups/<uuid:group_id>/coordinator", methods=["GET", "POST"])
@permit(Permission.ACT_CONFIRM, of=schools.group)
@limit("20 per hour", methods=["POST"])
def replace(group: NationalGroup) -> ResponseReturnValue:
    """Propose a new coordinator for a group that has lost its only one."""
    form = ReplaceCoordinatorForm(language=languages.current())
    name = request.args.get("reviewer", "")
    reviewers, more = queries.reviewers_offered(group.id, name=name, chosen=_chosen(form))
    form.ask(reviewers, list(languages.NAMES.items()))
    if form.validate_on_submit():
        replacement, reason = form.given()
        with form.catch_refusals():
            made = services.propose_replacement(
                group, replacement, reason=reason, by=actor(), at=clock.now()
            )
            flash(_("Proposed. We have emailed the people it concerns."), "success")
            return redirect(url_for("handover.proposal", act_id=made.id))
    return answer(
        "handover/replace.html",
        form,
        group=group,
        lost=accounts.coordinators_of_group(group.id),
        alone=not queries.colleagues_of(actor().id, clock.now()),
        more=more,
        name=name,
        hours=int(ALONE_WAITS.total_seconds() // 3600),
    )


# --- the coordinator who would be replaced ---------------------------------------------------------


@bp.route("/second-person/<token>/stop", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes")
def stop_by_link(token: str) -> ResponseReturnValue:
    """Stop one's own replacement by a mailed link; only the button does it, since programs follow links."""
    found = queries.proposal_by_token(token)
    lost = accounts.person(found.lost_id) if found and found.lost_id else None
    if found is None or lost is None or clock.now() >= found.expires_at:
        return render_template("accounts/link_is_old.html"), HTTPStatus.GONE
    return _stop(found, lost)


@bp.route("/account/replaced/<uuid:act_id>", methods=["GET", "POST"])
@permit(Permission.ACT_STOP, of=queries.proposal)
def stop_act(found: ActProposal) -> ResponseReturnValue:
    """Stop one's own replacement while signed in."""
    return _stop(found, signed_in_person())


def _stop(found: ActProposal, lost: User) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.stop_act(found, by=lost, at=clock.now())
            flash(_("Stopped. You remain the coordinator of your group."), "success")
            return redirect(url_for("home.start"))
    return answer("handover/stop.html", form, found=found)
