"""Pages of complaints: for anybody, for the national group, for the school."""

from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import normalise_code
from cissapp.foundation.access.guard import actor, can, permit, public
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer, shown
from cissapp.foundation.web.help_lines import services_in, show_help_of
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import place_asked
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.review.complaints import queries, services
from cissapp.review.complaints.forms import ComplaintAnswerForm, ComplaintForm, ReplyForm
from cissapp.review.complaints.models import Complaint
from cissapp.review.complaints.rules import (
    OUTCOME_NAMES,
    OUTCOME_SENTENCES,
    STATE_KINDS,
    STATE_NAMES,
    ComplaintState,
    reasons_not_to_answer,
)

bp = Blueprint("complaints", __name__, template_folder="templates")
# For the first page of a group, in another room.
bp.app_context_processor(lambda: {"complaints_waiting": _waiting})

WORDS: dict[str, Any] = {
    "states": STATE_NAMES,
    "kinds": STATE_KINDS,
    "outcomes": OUTCOME_NAMES,
    "sentences": OUTCOME_SENTENCES,
}


def _promises() -> dict[str, str]:
    """Return what every certificate promises, by criterion: the critical criteria of policy and mechanism."""
    language, standard = languages.current(), content().standard
    parts = standard.decision.documents.critical_parts
    return {
        one.id: one.text(language).title
        for one in standard.criteria
        if one.critical and one.part in parts
    }


def _waiting() -> str:
    """Return how many complaints wait for the group's answer; empty for none."""
    number = queries.count_waiting(actor())
    return f"{queries.PAGE_ROWS}+" if number > queries.PAGE_ROWS else str(number or "")


# --- anybody -----------------------------------------------------------------------------------


def _certificate() -> Certificate | None:
    days = content().standard.decision.validity.expiring_days
    code = normalise_code(request.args.get("code", "")[:200])
    return queries.certificate_in_force(code, clock.today(), days)


@bp.route("/complaints/new", methods=["GET", "POST"])
@public
@limit("10 per hour", methods=["POST"])
def new() -> ResponseReturnValue:
    """Show the form of a complaint about a certified school, and record the complaint."""
    certificate = _certificate()
    if certificate is None:
        return render_template("complaints/choose.html")
    promises, country = _promises(), certificate.school.country_code
    show_help_of(country)
    form = ComplaintForm(promises=promises)
    if form.validate_on_submit():
        with form.catch_refusals():
            _found, token = services.file(
                certificate,
                promises=form.given(),
                offered=list(promises),
                country=content().countries[country],
                at=clock.now(),
            )
            return redirect(url_for("complaints.follow", token=token), HTTPStatus.SEE_OTHER)
    lines = services_in(country, languages.current())
    return answer("complaints/new.html", form, certificate=certificate, lines=lines)


@bp.get("/complaints/<token>")
@public
@limit("60 per minute")
def follow(token: str) -> ResponseReturnValue:
    """Show the person who complained what became of the complaint."""
    found = queries.by_token(token)
    show_help_of(found.school.country_code)
    page = render_template("complaints/follow.html", complaint=found, names=_promises(), **WORDS)
    return page, {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}


# --- the national group ------------------------------------------------------------------------


@bp.get("/complaints")
@permit(Permission.COMPLAINT_READ)
def cases() -> ResponseReturnValue:
    """List the complaints that are waiting, and the last ones answered."""
    place = place_asked()
    return render_template(
        "complaints/cases.html",
        found=queries.complaints(actor(), place),
        href=partial(url_for, "complaints.cases"),
        **WORDS,
    )


@bp.get("/complaints/cases/<uuid:complaint_id>")
@permit(Permission.COMPLAINT_READ, of=queries.complaint)
def case(complaint: Complaint) -> ResponseReturnValue:
    """Show a complaint, and the actions that are possible."""
    barred = reasons_not_to_answer(queries.involvement_of(complaint, actor(), today=clock.today()))
    due = open_deadline(DeadlineKind.COMPLAINT, complaint.id)
    return render_template(
        "complaints/case.html",
        complaint=complaint,
        names=_promises(),
        barred=[shown(one) for one in barred],
        may_act=not barred and complaint.state is not ComplaintState.ANSWERED,
        due_on=due.due_on if due else None,
        **WORDS,
    )


@bp.post("/complaints/cases/<uuid:complaint_id>/pass-on")
@permit(Permission.COMPLAINT_ANSWER, of=queries.complaint)
def pass_on(complaint: Complaint) -> ResponseReturnValue:
    """Pass a complaint on to the school."""
    services.pass_on(complaint, by=actor(), at=clock.now())
    flash(
        _("The school has been asked. It will get an email, and you will see its reply here."),
        "success",
    )
    return redirect(url_for("complaints.case", complaint_id=complaint.id))


@bp.route("/complaints/cases/<uuid:complaint_id>/answer", methods=["GET", "POST"])
@permit(Permission.COMPLAINT_ANSWER, of=queries.complaint)
def answer_case(complaint: Complaint) -> ResponseReturnValue:
    """Close a complaint."""
    form = ComplaintAnswerForm(
        may_suspend=can(Permission.CERTIFICATE_SUSPEND, complaint.certificate)
    )
    if form.validate_on_submit():
        outcome, reason = form.given()
        with form.catch_refusals():
            services.answer(
                complaint,
                outcome=outcome,
                reason=reason,
                cure_days=content().standard.decision.suspension.cure_days,
                by=actor(),
                at=clock.now(),
            )
            flash(_("The complaint has been answered."), "success")
            return redirect(url_for("complaints.case", complaint_id=complaint.id))
    return answer("complaints/answer.html", form, complaint=complaint, **WORDS)


# --- the school --------------------------------------------------------------------------------


@bp.get("/school/complaints")
@permit(Permission.COMPLAINT_REPLY, of=own_school)
def of_school(school: School) -> ResponseReturnValue:
    """List what the group has passed on to the school."""
    found = queries.of_school(school.id)
    return render_template(
        "complaints/of_school.html", complaints=found, names=_promises(), **WORDS
    )


@bp.route("/school/complaints/<uuid:complaint_id>", methods=["GET", "POST"])
@permit(Permission.COMPLAINT_REPLY, of=queries.complaint_passed_on)
def reply(complaint: Complaint) -> ResponseReturnValue:
    """Show a complaint that was passed on; record the school's reply."""
    form = ReplyForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.reply(complaint, text=form.given(), by=actor(), at=clock.now())
            flash(_("Your reply has been sent to the national group."), "success")
            return redirect(url_for("complaints.reply", complaint_id=complaint.id))
    return answer("complaints/reply.html", form, complaint=complaint, names=_promises(), **WORDS)
