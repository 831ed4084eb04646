"""The group's comment pages: the list, a thread, a new one. The table of phases governs who sees what."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications.models import Application
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.review.discussions import queries as discussions
from cissapp.review.discussions import services
from cissapp.review.discussions.forms import CommentForm, NewThreadForm
from cissapp.review.discussions.models import Thread
from cissapp.review.discussions.queries import ShownThread
from cissapp.review.discussions.rules import CommentReader, CommentSide
from cissapp.review.discussions.services import Subject
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.independence.queries import application as handed_in
from cissapp.review.reviews import queries
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.phases import CaseContent
from cissapp.review.reviews.views.blueprint import bp, case_of, standard_of


def for_group(application_id: UUID, actor: Actor) -> Application:
    """Find an application for a person of a national group; a school has its own pages."""
    if actor.group_id is None:
        raise Missing
    return handed_in(application_id)


def reader_of(case: Case) -> CommentReader:
    """Return the current person as a reader of comments, with the access that the table of phases grants."""
    return CommentReader(CommentSide.GROUP, actor().id, case.sees(CaseContent.COMMENTS))


def threads_on(case: Case, criterion_id: str) -> list[ShownThread]:
    """List the comments on a criterion that the person may read."""
    return discussions.shown_threads(
        case.application.id, reader_of(case), criterion_id=criterion_id
    )


@bp.get("/reviews/<uuid:application_id>/comments")
@permit(Permission.COMMENT_READ, of=for_group)
@requires_no_conflict
def comments(application: Application) -> ResponseReturnValue:
    """List the comments on an application that the person may read."""
    reader = reader_of(case_of(application))
    return render_template(
        "reviews/comments.html",
        application=application,
        talks=discussions.shown_threads(application.id, reader),
    )


@bp.route("/reviews/<uuid:application_id>/comments/<uuid:thread_id>", methods=["GET", "POST"])
@permit(Permission.COMMENT_WRITE, of=for_group)
@requires_no_conflict
def comment(application: Application, thread_id: UUID) -> ResponseReturnValue:
    """Show a thread, and save the person's answer."""
    reader = reader_of(case_of(application))
    thread, form = _thread(application, thread_id, reader), CommentForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.write_comment(thread, form.given(), by=actor(), at=clock.now())
            flash(_("Your comment is saved."), "success")
            return _to_thread(application, thread)
    talk = discussions.shown_thread(thread, reader)
    return answer("reviews/comment.html", form, application=application, talk=talk)


@bp.post("/reviews/<uuid:application_id>/comments/<uuid:thread_id>/resolve")
@permit(Permission.COMMENT_WRITE, of=for_group)
@requires_no_conflict
def resolve_comment(application: Application, thread_id: UUID) -> ResponseReturnValue:
    """Mark a thread as resolved."""
    thread = _thread(application, thread_id, reader_of(case_of(application)))
    services.resolve_thread(thread, by=actor(), at=clock.now())
    flash(_("Settled. A new comment opens it again."), "success")
    return _to_thread(application, thread)


@bp.route("/reviews/<uuid:application_id>/comments/new", methods=["GET", "POST"])
@permit(Permission.COMMENT_WRITE, of=for_group)
@requires_no_conflict
def new_comment(application: Application) -> ResponseReturnValue:
    """Begin a thread on a criterion, on a page of a document, or on both."""
    standard = standard_of(case_of(application))
    criterion_id, version = _criterion_id(standard), _version(application)
    if criterion_id is None and version is None:
        raise Missing
    form = NewThreadForm()
    form.ask()
    if form.validate_on_submit():
        with form.catch_refusals():
            thread = _open_thread(application, criterion_id, version, form)
            flash(_("Your comment is saved."), "success")
            return _to_thread(application, thread)
    return answer(
        "reviews/new_comment.html",
        form,
        application=application,
        criterion=standard.by_id.get(criterion_id or ""),
        version=version,
    )


def _thread(application: Application, thread_id: UUID, reader: CommentReader) -> Thread:
    found = discussions.thread(thread_id, reader)
    if found is None or found.application_id != application.id:
        raise Missing
    return found


def _to_thread(application: Application, thread: Thread) -> ResponseReturnValue:
    here = url_for("reviews.comment", application_id=application.id, thread_id=thread.id)
    return redirect(here)


def _criterion_id(standard: Standard) -> str | None:
    """Return the id of the criterion that the thread is about; None if it is not in the rubric."""
    asked = request.args.get("criterion", "")
    return asked if asked in standard.by_id else None


def _version(application: Application) -> DocumentVersion | None:
    """Find the version of a document that was submitted and that the thread is about, if any."""
    asked = request.args.get("version", type=UUID)
    return queries.version_of(application, asked) if asked else None


def _open_thread(
    application: Application,
    criterion_id: str | None,
    version: DocumentVersion | None,
    form: NewThreadForm,
) -> Thread:
    given = form.given_new()
    paged = version if given.page is not None or criterion_id is None else None
    return services.open_thread(
        application,
        Subject(criterion_id, paged, given.page),
        audience=given.audience,
        text=given.text,
        by=actor(),
        at=clock.now(),
    )
