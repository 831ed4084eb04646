"""Meetings of a mentor and a school: propose, choose a date, cancel, put it into a calendar."""

from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.forms import answer
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring import phrases, queries, services
from cissapp.review.mentoring.forms import MeetingForm
from cissapp.review.mentoring.mails import zone_of
from cissapp.review.mentoring.views.blueprint import bp, to_page


@bp.route("/mentoring/<uuid:mentoring_id>/meetings/new", methods=["GET", "POST"])
@permit(Permission.MENTORING_TALK, of=queries.mentoring_of)
def propose(mentoring: Mentoring) -> ResponseReturnValue:
    """Propose a meeting with one to three dates."""
    form, zone = MeetingForm(), zone_of(mentoring.school)
    form.ask()
    if form.validate_on_submit():
        kind, dates = form.given_meeting(zone)
        with form.catch_refusals():
            services.propose_meeting(mentoring, kind, dates, by=actor(), at=clock.now())
            flash(_("Your dates have been sent to the other side."), "success")
            return to_page(mentoring)
    return answer("mentoring/propose.html", form, mentoring=mentoring, zone=zone)


@bp.post("/mentoring/<uuid:mentoring_id>/meetings/<uuid:meeting_id>/dates/<uuid:date_id>")
@permit(Permission.MENTORING_TALK, of=queries.mentoring_of)
def choose(mentoring: Mentoring, meeting_id: UUID, date_id: UUID) -> ResponseReturnValue:
    """Choose one of the other side's dates."""
    meeting = queries.meeting(mentoring, meeting_id)
    services.agree_on_meeting(mentoring, meeting, date_id, by=actor(), at=clock.now())
    flash(_("The date is agreed. Both sides will get it by email."), "success")
    return to_page(mentoring)


@bp.post("/mentoring/<uuid:mentoring_id>/meetings/<uuid:meeting_id>/cancel")
@permit(Permission.MENTORING_TALK, of=queries.mentoring_of)
def cancel(mentoring: Mentoring, meeting_id: UUID) -> ResponseReturnValue:
    """Cancel a meeting."""
    meeting = queries.meeting(mentoring, meeting_id)
    services.cancel_meeting(mentoring, meeting, by=actor(), at=clock.now())
    flash(_("The meeting is cancelled. The other side will get an email."), "success")
    return to_page(mentoring)


@bp.get("/mentoring/<uuid:mentoring_id>/meetings/<uuid:meeting_id>.ics")
@permit(Permission.MENTORING_READ, of=queries.mentoring_of)
def calendar(mentoring: Mentoring, meeting_id: UUID) -> ResponseReturnValue:
    """Send an agreed meeting as a calendar file."""
    meeting = queries.meeting(mentoring, meeting_id)
    if meeting.starts_at is None or meeting.cancelled_at is not None:
        raise Missing
    address = url_for("mentoring.show", mentoring_id=mentoring.id, _external=True)
    file = phrases.calendar_entry(meeting, mentoring, address=address)
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return Response(file, mimetype="text/calendar", headers=headers)
