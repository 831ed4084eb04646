"""Pages of the school: its first page, its application, the submission."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, has, permit, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.people.accounts.sessions import signed_in_person
from cissapp.people.deadlines.phrases import deadline_lines
from cissapp.people.deadlines.queries import shown_to_school
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.applications import queries, rules, services
from cissapp.prepare.applications.forms import SubmitForm, WithdrawForm
from cissapp.prepare.applications.phrases import rehearsal as rehearsal_phrases
from cissapp.prepare.applications.phrases.applications import shown_application
from cissapp.prepare.applications.phrases.missing import (
    answer_asked_for,
    missing_parts,
    reason_closed,
)
from cissapp.prepare.applications.phrases.next_steps import NextStepCard, next_step_card
from cissapp.prepare.applications.phrases.stages import certificate_summary, stage_rows, work_left
from cissapp.prepare.applications.phrases.summary import submission_summary
from cissapp.prepare.applications.phrases.what_follows import what_follows
from cissapp.prepare.applications.queries import pages as overview
from cissapp.prepare.applications.queries.deadlines import first_due_of_school
from cissapp.prepare.applications.queries.position import find_position
from cissapp.prepare.applications.queries.rehearsal import rehearse
from cissapp.prepare.applications.rules import ApplicationAction, ApplicationState

bp = Blueprint("applications", __name__, template_folder="templates")


@bp.app_context_processor
def asked_of_school() -> dict[str, Callable[[], object]]:
    """Offer every page the day by which the group waits for an answer, and the school's next step."""
    return {"asked_of_school": _asked_of_school, "next_step_of_school": _next_step_of_school}


def _next_step_of_school() -> NextStepCard | None:
    """Render the next step, for a page of another room; None on the pages where it is taken."""
    person = signed_in()
    school = own_school(person) if person else None
    if person is None or school is None or not has(person, Permission.DOSSIER_READ):
        return None
    page = overview.first_page(
        school, signed_in_person(), content(), language=languages.current(), at=clock.now()
    )
    card = next_step_card(page)
    return None if card.is_on(request.blueprint) else card


def _asked_of_school() -> str | None:
    person = signed_in()
    on = first_due_of_school(person.school_id) if person and person.school_id else None
    return answer_asked_for(on) if on else None


def _to_application() -> ResponseReturnValue:
    return redirect(url_for("applications.application"))


@bp.get("/school")
@permit(Permission.DOSSIER_READ, of=own_school)
def school(school: School) -> ResponseReturnValue:
    """Show the first page of a school manager: the next step, then all steps with their state."""
    language = languages.current()
    page = overview.first_page(
        school, signed_in_person(), content(), language=language, at=clock.now()
    )
    return render_template(
        "applications/school.html",
        school=school,
        person=actor(),
        page=page,
        next=next_step_card(page),
        rows=stage_rows(page),
        left=work_left(page),
        certified=certificate_summary(school, content(), language),
    )


@bp.get("/school/application")
@permit(Permission.DOSSIER_READ, of=own_school)
def application(school: School) -> ResponseReturnValue:
    """Show the newest application: its state, its rounds, what is missing."""
    language = languages.current()
    page = overview.application_page(school, content(), language=language, today=clock.today())
    deadlines = shown_to_school(school.id)
    process = content().standard.decision.process
    return render_template(
        "applications/application.html",
        school=school,
        shown=shown_application(page, language),
        follows=what_follows(page.position.newest, deadlines, process),
        deadlines=deadline_lines(deadlines, actor(), clock.now()),
    )


@bp.post("/school/application/open")
@permit(Permission.APPLICATION_SUBMIT, of=own_school)
def open_next(school: School) -> ResponseReturnValue:
    """Open the next application after a decision."""
    services.open_application(school, content=content(), by=actor(), at=clock.now())
    flash(_("The next application is open. Bring everything up to date."), "success")
    return _to_application()


@bp.route("/school/application/submit", methods=["GET", "POST"])
@permit(Permission.APPLICATION_SUBMIT, of=own_school)
def submit(school: School) -> ResponseReturnValue:
    """Check everything, sign, and submit the application."""
    language = languages.current()
    found = find_position(school, content(), language=language, today=clock.today())
    closed = reason_closed(found)
    if closed:
        flash(closed, "warning")
        return _to_application()
    form = SubmitForm()
    if form.validate_on_submit():
        try:
            _hand_in(school, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Your application is submitted. The national group has it now."), "success")
            return _to_application()
    return answer(
        "applications/submit.html",
        form,
        parts=missing_parts(found.readiness.facts),
        summary=submission_summary(found, content(), language),
    )


def _hand_in(school: School, form: SubmitForm) -> None:
    services.submit_for_school(
        school,
        content=content(),
        statement_signed=form.given(),
        by=signed_in_person(),
        at=clock.now(),
        language=languages.current(),
    )


@bp.get("/school/application/rehearsal")
@permit(Permission.DOSSIER_READ, of=own_school)
def rehearsal(school: School) -> ResponseReturnValue:
    """Run the checks of a submission without submitting, and ask about each thin answer."""
    language = languages.current()
    found = rehearse(school, content(), language=language, today=clock.today())
    return render_template(
        "applications/rehearsal.html",
        found=found,
        parts=missing_parts(found.facts),
        shown=rehearsal_phrases.shown_rehearsal(found, content(), language),
    )


@bp.route("/school/application/withdraw", methods=["GET", "POST"])
@permit(Permission.APPLICATION_SUBMIT, of=own_school)
def withdraw(school: School) -> ResponseReturnValue:
    """Withdraw the application, after a confirmation."""
    found = queries.open_application(school.id)
    if found is None or rules.problems(ApplicationAction.WITHDRAW, found.state, services.NOTHING):
        flash(_("There is no application to withdraw."), "warning")
        return _to_application()
    form = WithdrawForm()
    if form.validate_on_submit():
        services.withdraw(found, by=actor(), at=clock.now())
        flash(_("The application is withdrawn. You can change everything again."), "success")
        return _to_application()
    return answer(
        "applications/withdraw.html", form, handed_in=found.state is not ApplicationState.DRAFT
    )
