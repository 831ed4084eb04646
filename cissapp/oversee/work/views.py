"""The page of the work in the background."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.background import queries
from cissapp.foundation.background.rules import KIND_NAMES
from cissapp.foundation.core import clock
from cissapp.oversee.api.queries import webhooks
from cissapp.oversee.work import services
from cissapp.people.notices import queries as mails

bp = Blueprint("work", __name__, template_folder="templates")

# The page shows at most this many failing tasks; if there are more, they have the same cause.
MOST = 50


@bp.get("/admin/work")
@permit(Permission.WORK_READ)
def overview() -> ResponseReturnValue:
    """Show what waits, since when, and what failed."""
    return render_template(
        "work/overview.html",
        kinds=queries.by_kind(),
        troubled=queries.in_trouble(MOST),
        names=KIND_NAMES,
        mails=mails.waiting(),
        most_mails=mails.COUNTED_AT_MOST,
        messages=webhooks.waiting(),
    )


@bp.post("/admin/work/<uuid:task_id>/again")
@permit(Permission.WORK_REPEAT)
def again(task_id: UUID) -> ResponseReturnValue:
    """Retry a task now, even if it was given up."""
    task = queries.task(task_id)
    if task is None:
        flash(_("It has already been done."), "success")
    elif services.try_again(task, by=actor(), at=clock.now()):
        flash(_("It is being tried again now. Check again in a minute."), "success")
    else:
        flash(_("It is being done right now. Check again in a minute."), "info")
    return redirect(url_for("work.overview"))
