"""The page of a mentoring: what is missing, questions and answers, what the school shows, meetings."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.list_pages import other_pages, place_asked
from cissapp.prepare.applications.phrases.missing import missing_parts, reason_closed
from cissapp.prepare.applications.queries.position import find_position
from cissapp.prepare.assessment.queries import standard_to_answer
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring import phrases, queries, services
from cissapp.review.mentoring.forms import MessageForm
from cissapp.review.mentoring.mails import zone_of
from cissapp.review.mentoring.rules import MEETING_KIND_NAMES, MentorSide
from cissapp.review.mentoring.views.blueprint import bp, own_mentorings, side, to_page


@bp.get("/mentoring")
@permit(Permission.MENTORING_READ)
def of_mentor() -> ResponseReturnValue:
    """List the schools that the person mentors; redirect a school to its mentor."""
    page = own_mentorings(place_asked())
    of_school = actor().school_id is not None
    if of_school and len(page.rows) == 1:
        return redirect(page.rows[0].href)
    href = partial(url_for, "mentoring.of_mentor")
    return render_template("mentoring/list.html", page=page, href=href, of_school=of_school)


@bp.route("/mentoring/<uuid:mentoring_id>", methods=["GET", "POST"])
@permit(Permission.MENTORING_TALK, of=queries.mentoring_of)
def show(mentoring: Mentoring) -> ResponseReturnValue:
    """Show everything between a mentor and a school; add a message."""
    form = MessageForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.write_message(mentoring, form.given(), by=actor(), at=clock.now())
            flash(
                _(
                    "Your message has been sent. The other side will get an email to say that it is here."
                ),
                "success",
            )
            return to_page(mentoring)
    return answer("mentoring/show.html", form, **_page(mentoring))


def _page(mentoring: Mentoring) -> dict[str, Any]:
    """Gather what a side sees of a mentoring."""
    reader, at = side(mentoring), clock.now()
    shows, talk = queries.shared(mentoring.id), queries.talk_of(mentoring.id)
    standard = standard_to_answer(mentoring.school_id, content())
    names = phrases.part_names(standard, languages.current())
    return {
        "mentoring": mentoring,
        "is_mentor": reader is MentorSide.MENTOR,
        "reader": reader,
        "wait": phrases.shown_wait(talk.wait if talk else None, reader),
        "messages": queries.messages_page(mentoring.id, place_asked()),
        "href": other_pages(),
        "meetings": queries.meetings_of(mentoring.id, at),
        "kinds": MEETING_KIND_NAMES,
        "zone": zone_of(mentoring.school),
        "parts": [(one.value, name) for one, name in names.items() if one in shows.parts],
        "documents": queries.shared_documents(mentoring, shows),
        "missing": _missing(mentoring) if reader is MentorSide.MENTOR else [],
        "now": at,
    }


def _missing(mentoring: Mentoring) -> list[tuple[str, list[str]]]:
    """List what the school still lacks, by part, without quoting what the school wrote."""
    found = find_position(
        mentoring.school, content(), language=languages.current(), today=clock.today()
    )
    if reason_closed(found):
        return []
    parts = missing_parts(found.readiness.facts)
    return [(part.title, [one.text for one in part.problems]) for part in parts]


@bp.post("/mentoring/<uuid:mentoring_id>/settled")
@permit(Permission.MENTORING_TALK, of=queries.mentoring_of)
def settle(mentoring: Mentoring) -> ResponseReturnValue:
    """Record that no message needs an answer any more."""
    services.need_no_answer(mentoring, by=actor(), at=clock.now())
    flash(_("Nobody is waiting for an answer now."), "success")
    return to_page(mentoring)


@bp.post("/mentoring/<uuid:mentoring_id>/messages/<uuid:message_id>/remove")
@permit(Permission.MENTORING_TALK, of=queries.mentoring_of)
def remove_message(mentoring: Mentoring, message_id: UUID) -> ResponseReturnValue:
    """Remove the text of a message that holds what must not be here."""
    found = queries.message(mentoring, message_id)
    services.remove_message(mentoring, found, by=actor(), at=clock.now())
    flash(_("The text has been removed. The page still shows that there was a message."), "success")
    return to_page(mentoring)
