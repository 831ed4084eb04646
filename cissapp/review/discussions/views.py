"""Pages of the school: its discussion with the national group. The group's own pages are with the reviews."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, can, permit, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.applications import queries as applications
from cissapp.review.discussions import queries, services
from cissapp.review.discussions.forms import CommentForm
from cissapp.review.discussions.models import Thread

bp = Blueprint("discussions", __name__, template_folder="templates")


@bp.app_context_processor
def links() -> dict[str, Any]:
    """Let the criterion page of a school, in a room below, link to its comments."""
    return {"talked_about": has_threads}


def has_threads(criterion_id: str) -> bool:
    """Return whether the person's school has comments on a criterion."""
    person = signed_in()
    if person is None or person.school_id is None or not can(Permission.COMMENT_READ):
        return False
    return queries.has_threads(person.school_id, criterion_id)


@bp.get("/school/application/comments")
@permit(Permission.COMMENT_READ, of=own_school)
def of_school(school: School) -> ResponseReturnValue:
    """List what the school discusses with the group, the unresolved threads first."""
    application = applications.newest_submitted(school.id)
    talks = queries.shown_threads(application.id, queries.SCHOOL_READER) if application else []
    return render_template("discussions/of_school.html", talks=talks)


@bp.route("/school/application/comments/<uuid:thread_id>", methods=["GET", "POST"])
@permit(Permission.COMMENT_WRITE, of=queries.thread_of_school)
def thread(thread: Thread) -> ResponseReturnValue:
    """Show a thread; record the school's reply."""
    form = CommentForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.write_comment(thread, form.given(), by=actor(), at=clock.now())
            flash(_("Your comment is saved. The national group can see it."), "success")
            return redirect(url_for("discussions.thread", thread_id=thread.id))
    return answer(
        "discussions/thread.html", form, talk=queries.shown_thread(thread, queries.SCHOOL_READER)
    )
