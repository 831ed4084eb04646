"""Files of the reviewers for the school, and the letter as group and school read it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.people.schools.queries import letterhead
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import OUTCOME_NAMES
from cissapp.prepare.documents.files.serving import serve_attachment
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.forms import AttachmentForm
from cissapp.review.reviews.models import Attachment
from cissapp.review.reviews.queries import SchoolDecision
from cissapp.review.reviews.rules.phases import CaseContent
from cissapp.review.reviews.views.blueprint import bp, case_of


def _page(application: Application) -> ResponseReturnValue:
    return redirect(url_for("reviews.attachments", application_id=application.id))


@bp.route("/reviews/<uuid:application_id>/attachments", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@limit("600 per hour", methods=["POST"])
@requires_no_conflict
def attachments(application: Application) -> ResponseReturnValue:
    """List the files for the school, and add one."""
    form = AttachmentForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            _attach(application, form)
            flash(_("The file has been saved. The school gets it with the decision."), "success")
            return _page(application)
    case = case_of(application)
    found = queries.attachments_for(case, actor())
    return answer("reviews/attachments.html", form, case=case, attachments=found, me=actor().id)


def _attach(application: Application, form: AttachmentForm) -> None:
    sent = form.given()
    url = current_config().clamd_url
    services.attach(
        application,
        services.examine_attachment(sent.content, sent.file_name, clamd_url=url),
        file_name=sent.file_name,
        store=files(),
        by=actor(),
        at=clock.now(),
    )


def _visible(application: Application, attachment_id: UUID) -> Attachment:
    case = case_of(application)
    found = queries.attachments_for(case, actor())
    one = next((one for one in found if one.id == attachment_id), None)
    if one is None:
        raise Missing
    return one


@bp.get("/reviews/<uuid:application_id>/attachments/<uuid:attachment_id>/file")
@permit(Permission.APPLICATION_READ, of=queries.application)
@requires_no_conflict
def attachment_file(application: Application, attachment_id: UUID) -> ResponseReturnValue:
    """Send the group a file for the school."""
    return serve_attachment(_visible(application, attachment_id), files())


@bp.post("/reviews/<uuid:application_id>/attachments/<uuid:attachment_id>/remove")
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
@requires_no_conflict
def remove_attachment(application: Application, attachment_id: UUID) -> ResponseReturnValue:
    """Remove an own file before the decision."""
    found = _visible(application, attachment_id)
    services.detach(found, store=files(), by=actor(), at=clock.now())
    flash(_("The file has been removed."), "success")
    return _page(application)


@bp.get("/school/application/attachments/<uuid:attachment_id>/file")
@permit(Permission.DOSSIER_READ, of=queries.attachment)
def school_file(found: Attachment) -> ResponseReturnValue:
    """Send the school a file of the reviewers, after the decision."""
    return serve_attachment(found, files())


@bp.get("/reviews/<uuid:application_id>/letter")
@permit(Permission.APPLICATION_READ, of=queries.application)
@requires_no_conflict
def sent_letter(application: Application) -> ResponseReturnValue:
    """Show the group the newest letter to the school."""
    case = case_of(application)
    decisions = [*case.earlier, *([case.decision] if case.decision else [])]
    if not decisions or not (case.earlier or case.sees(CaseContent.LETTER)):
        raise Missing
    found = queries.school_decision(decisions[-1])
    return render_template(
        "reviews/sent_letter.html",
        case=case,
        found=found,
        text=found.content,
        letterhead=letterhead(application.school.group_id),
    )


def own_letter(actor: Actor) -> SchoolDecision:
    """Find the newest decision about the school of a person."""
    return queries.newest_school_decision(actor.school_id)


@bp.get("/school/application/decision")
@permit(Permission.DOSSIER_READ, of=own_letter)
def letter(found: SchoolDecision) -> ResponseReturnValue:
    """Show the school what was decided, why, and what comes next, but never who decided."""
    school = found.decision.review.application.school
    return render_template(
        "reviews/letter.html",
        found=found,
        decision=found.decision,
        school=school,
        letterhead=letterhead(school.group_id),
        text=found.content,
        outcomes=OUTCOME_NAMES,
        meaning=_meaning(found),
    )


def _meaning(found: SchoolDecision) -> str:
    version = found.decision.review.submission.rubric_version
    text = content().under(version).standard.decision_text(languages.current())
    return text.outcomes[found.decision.outcome.value].meaning
