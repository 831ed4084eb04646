"""Pages of the school: its first page, its application, the submission."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import Form, answer
from cissapp.people.accounts.sessions import signed_in_person
from cissapp.people.deadlines.phrases import deadline_lines
from cissapp.people.deadlines.queries import shown_to_school
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.applications import queries, rules, services
from cissapp.prepare.applications.forms import SubmitForm
from cissapp.prepare.applications.phrases import rehearsal as rehearsal_phrases
from cissapp.prepare.applications.phrases.applications import shown_application
from cissapp.prepare.applications.phrases.missing import (
    missing_parts,
    reason_closed,
)
from cissapp.prepare.applications.phrases.next_steps import OWN_STEPS, next_step_card
from cissapp.prepare.applications.phrases.stages import certificate_summary, stage_rows, work_left
from cissapp.prepare.applications.phrases.summary import submission_summary
from cissapp.prepare.applications.phrases.what_follows import what_follows
from cissapp.prepare.applications.queries import pages as overview
from cissapp.prepare.applications.queries.last_round import last_submission
from cissapp.prepare.applications.queries.position import find_position
from cissapp.prepare.applications.queries.rehearsal import rehearse
from cissapp.prepare.applications.rules import ApplicationAction, ApplicationState
from cissapp.prepare.applications.rules.standard_changes import ChangeKind, changes_between
from cissapp.prepare.applications.views.blueprint import bp
from cissapp.prepare.assessment.queries import standard_to_answer


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
        own_steps=len(OWN_STEPS),
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
        expired=page.position.expired,
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
        with form.catch_refusals():
            _hand_in(school, form)
            flash(
                _("Your application has been submitted. The national group has it now."), "success"
            )
            return _to_application()
    return answer(
        "applications/submit.html",
        form,
        parts=missing_parts(found.readiness.facts),
        summary=submission_summary(found, content(), language),
        expired=found.expired,
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


@bp.get("/school/application/standard")
@permit(Permission.DOSSIER_READ, of=own_school)
def standard_changes(school: School) -> ResponseReturnValue:
    """Show what changed in the standard since the school last submitted."""
    last = last_submission(school.id)
    before = content().standard_of(last.rubric_version) if last else None
    now = standard_to_answer(school.id, content())
    if last is None or before is None:
        raise Missing
    found = list(changes_between(before, now))
    return render_template(
        "applications/standard_changes.html",
        last=last,
        version=now.rubric.version,
        groups=[(kind, [one for one in found if one.kind is kind]) for kind in ChangeKind],
        language=languages.current(),
    )


@bp.route("/school/application/withdraw", methods=["GET", "POST"])
@permit(Permission.APPLICATION_SUBMIT, of=own_school)
def withdraw(school: School) -> ResponseReturnValue:
    """Withdraw the application, after a confirmation."""
    found = queries.open_application(school.id)
    if found is None or rules.problems(ApplicationAction.WITHDRAW, found.state, services.NOTHING):
        flash(_("There is no application to withdraw."), "warning")
        return _to_application()
    form = Form()
    if form.validate_on_submit():
        services.withdraw(found, by=actor(), at=clock.now())
        flash(_("The application has been withdrawn. You can change everything again."), "success")
        return _to_application()
    return answer(
        "applications/withdraw.html", form, handed_in=found.state is not ApplicationState.DRAFT
    )
