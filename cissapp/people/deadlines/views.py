"""Pages that move a deadline, for the school and for the group, and the person's own calendar feed."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit, public
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.people.deadlines import queries, services
from cissapp.people.deadlines.calendar_files.writing import calendar_file, entries_of
from cissapp.people.deadlines.forms import ChangeForm
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.phrases import deadline_lines
from cissapp.people.deadlines.rules import DeadlineSide
from cissapp.people.notices.mails import link_to

bp = Blueprint("deadlines", __name__, template_folder="templates")

FEED_SECONDS = 3600


@bp.route("/deadlines/<uuid:deadline_id>/change", methods=["GET", "POST"])
@permit(Permission.DEADLINE_CHANGE, of=queries.deadline)
def change(deadline: Deadline) -> ResponseReturnValue:
    """Show a deadline with its history of moves, and move it to another date with a reason."""
    form = ChangeForm(data={"due_on": deadline.due_on})
    if form.validate_on_submit():
        due_on, reason = form.given()
        with form.catch_refusals():
            services.change(deadline, due_on=due_on, reason=reason, by=actor(), at=clock.now())
            flash(_("The date has been changed to %(day)s.", day=day(due_on)), "success")
            return redirect(_back())
    return answer(
        "deadlines/change.html",
        form,
        deadline=deadline,
        line=deadline_lines([deadline], actor(), clock.now())[0],
        limits=services.change_limits(deadline, by=actor(), at=clock.now()),
        back=_back(),
    )


def _back() -> str:
    of_school = services.side_of(actor()) is DeadlineSide.SCHOOL
    return url_for("applications.application" if of_school else "reviews.queue")


@bp.get("/account/calendar")
@permit(Permission.CALENDAR_USE)
def calendar() -> ResponseReturnValue:
    """Show whether the person has a private calendar address, and how to create one."""
    return render_template("deadlines/calendar.html", feed=queries.feed_of(actor()), address=None)


@bp.post("/account/calendar/new")
@permit(Permission.CALENDAR_USE)
@limit("20 per hour")
def open_calendar() -> ResponseReturnValue:
    """Create a private address and show it only this once, since just its hash is kept."""
    token = services.open_feed(by=actor(), at=clock.now())
    address = link_to(url_for("deadlines.feed", token=token))
    feed = queries.feed_of(actor())
    return render_template("deadlines/calendar.html", feed=feed, address=address)


@bp.post("/account/calendar/remove")
@permit(Permission.CALENDAR_USE)
def close_calendar() -> ResponseReturnValue:
    """Remove the private address."""
    services.close_feed(by=actor(), at=clock.now())
    flash(
        _("The address has been removed. Calendars that use it will no longer update."), "success"
    )
    return redirect(url_for("deadlines.calendar"))


@bp.get("/calendar/<token>.ics")
@public
@limit("60 per hour")
def feed(token: str) -> ResponseReturnValue:
    """Return the open deadlines of the owner of this address, with the entries that rooms above add."""
    person = queries.feed_owner(token)
    if person is None:
        raise Missing
    with force_locale(person.language):
        entries = entries_of(queries.in_calendar_of(person), person)
        entries += queries.entries_from_above(person)
        written = calendar_file(entries, _("CISS deadlines"))
    response = Response(written, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = f"private, max-age={FEED_SECONDS}"
    response.add_etag()
    return response.make_conditional(request)
