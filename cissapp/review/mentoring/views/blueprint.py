"""The blueprint, and what pages of other rooms show of mentoring."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from cissapp.foundation.access.guard import actor, can, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.pages import KeyPage, PagePlace
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring import queries
from cissapp.review.mentoring.phrases import ShownWait, shown_wait
from cissapp.review.mentoring.queries import MentoredSchool
from cissapp.review.mentoring.rules import MentorSide

bp = Blueprint("mentoring", __name__, template_folder="../templates")

# So many schools of a mentor are listed on the first page of the group, at most.
FIRST_SHOWN = 5


class MentoringRow(Struct, frozen=True):
    """A mentoring in a list: the other side, the address, and who waits."""

    name: str
    href: str
    wait: ShownWait | None


@bp.app_context_processor
def links() -> dict[str, Callable[[], Any]]:
    """Let the first pages of other rooms list the first mentorings of the person who reads them."""
    return {"own_mentorings": _first_mentorings}


def _first_mentorings() -> tuple[list[MentoringRow], bool]:
    """Return the first mentorings of the person, and whether there are more."""
    found = own_mentorings(size=FIRST_SHOWN)
    return found.rows[:FIRST_SHOWN], bool(found.later) or len(found.rows) > FIRST_SHOWN


def own_mentorings(
    place: PagePlace | None = None, *, size: int = queries.PAGE_ROWS
) -> KeyPage[MentoringRow]:
    """Return a page of the person's mentorings: its mentors for a school, the schools for a mentor."""
    person = signed_in()
    if person is None or not can(Permission.MENTORING_READ):
        return KeyPage([])
    if person.school_id is not None:
        mentors = queries.mentorings_of_school(person.school_id, clock.now())
        return KeyPage([_row(one, MentorSide.SCHOOL) for one in mentors])
    found = queries.mentored_schools(person, clock.now(), place, size=size)
    rows = [_row(one, MentorSide.MENTOR) for one in found.rows]
    return KeyPage(rows, found.earlier, found.later, found.total)


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
