"""The blueprint, and what pages of other rooms show of mentoring."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from cissapp.foundation.access.guard import actor, can, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring import queries
from cissapp.review.mentoring.phrases import ShownWait, shown_wait
from cissapp.review.mentoring.queries import MentoredSchool
from cissapp.review.mentoring.rules import MentorSide

bp = Blueprint("mentoring", __name__, template_folder="../templates")


class MentoringRow(Struct, frozen=True):
    """A mentoring in a list: the other side, the address, and who waits."""

    name: str
    href: str
    wait: ShownWait | None


@bp.app_context_processor
def links() -> dict[str, Callable[[], Any]]:
    """Let the first pages of other rooms list the mentorings of the person who reads them."""
    return {"own_mentorings": own_mentorings}


def own_mentorings() -> list[MentoringRow]:
    """List the person's mentorings: its mentors for a school, the schools for a mentor."""
    person = signed_in()
    if person is None or not can(Permission.MENTORING_READ):
        return []
    if person.school_id is not None:
        found = queries.mentorings_of_school(person.school_id, clock.now())
        return [_row(one, MentorSide.SCHOOL) for one in found]
    return [_row(one, MentorSide.MENTOR) for one in queries.mentored_schools(person, clock.now())]


def _row(one: MentoredSchool, reader: MentorSide) -> MentoringRow:
    mentoring = one.mentoring
    name = mentoring.school.name if reader is MentorSide.MENTOR else mentoring.person.name
    href = url_for("mentoring.show", mentoring_id=mentoring.id)
    return MentoringRow(name, href, shown_wait(one.wait, reader))


def side(mentoring: Mentoring) -> MentorSide:
    """Return the side of the person who made this request."""
    return queries.side_of(mentoring, actor())


def to_page(mentoring: Mentoring) -> Response:
    """Redirect to the page of a mentoring."""
    return redirect(url_for("mentoring.show", mentoring_id=mentoring.id))
