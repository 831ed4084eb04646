"""Pages of the mail log, for one school or for all that did not arrive, and of everybody’s notifications."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.pages import KeyPage
from cissapp.foundation.web.list_pages import place_asked
from cissapp.foundation.web.own_paths import own_path
from cissapp.people.notices import queries, services
from cissapp.people.notices.models import Mail, Notification
from cissapp.people.notices.phrases import MAIL_STATE_KINDS
from cissapp.people.notices.rules import MAIL_KIND_NAMES, MAIL_STATE_NAMES
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import school as find_school

bp = Blueprint("notices", __name__, template_folder="templates")

WORDS = {
    "state_names": MAIL_STATE_NAMES,
    "state_kinds": MAIL_STATE_KINDS,
    "kind_names": MAIL_KIND_NAMES,
}


@bp.app_context_processor
def unread() -> dict[str, int]:
    """Offer every page the number of unread notifications, which was counted when the person was loaded."""
    return {"unread_notices": int(getattr(signed_in(), "unread_notices", 0) or 0)}


@bp.get("/notifications")
@permit(Permission.NOTIFICATION_USE)
def own() -> ResponseReturnValue:
    """List what happened for the person, the newest first."""
    found = queries.notifications_of(actor(), place_asked())
    return render_template(
        "notices/own.html",
        found=found,
        kind_names=MAIL_KIND_NAMES,
        href=lambda **place: url_for("notices.own", **place),
    )


@bp.post("/notifications/<uuid:notification_id>/open")
@permit(Permission.NOTIFICATION_USE, of=queries.notification)
def open_one(notification: Notification) -> ResponseReturnValue:
    """Mark a notification as read, and redirect to the page it is about."""
    services.mark_read(notification, at=clock.now())
    here = url_for("notices.own")
    return redirect(own_path(notification.path) if notification.path else here)


@bp.post("/notifications/read")
@permit(Permission.NOTIFICATION_USE)
def read_all() -> ResponseReturnValue:
    """Mark all notifications as read."""
    services.mark_all_read(actor(), at=clock.now())
    flash(_("All notifications are now marked as read."), "success")
    return redirect(url_for("notices.own"))


@bp.get("/schools/<uuid:school_id>/mails")
@permit(Permission.MAIL_READ, of=find_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show which mails about a school went out, and what became of them."""
    found = queries.mails_of(school.id, place_asked())
    return render_template(
        "notices/mails.html",
        school=school,
        href=lambda **place: url_for("notices.of_school", school_id=school.id, **place),
        **_shown(found),
    )


@bp.get("/mails")
@permit(Permission.MAIL_READ)
def failed() -> ResponseReturnValue:
    """Show the mails that did not arrive, as far as the person may see them."""
    found = queries.failed(actor(), place_asked())
    return render_template(
        "notices/failed.html",
        schools=queries.schools_of(found.rows),
        href=lambda **place: url_for("notices.failed", **place),
        **_shown(found),
    )


def _shown(found: KeyPage[Mail]) -> dict[str, object]:
    """Return what a log shows: its rows, and the addresses that are marked."""
    return {
        "found": found,
        "bounced": queries.bounced(one.to for one in found.rows),
        **WORDS,
    }
