"""The blueprint of the room, and what it offers to pages of other rooms: next step, pieces, due date."""

from flask import Blueprint, g, request

from cissapp.foundation.access.guard import has, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Lesson
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.people.accounts.sessions import signed_in_person
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.applications.phrases.missing import answer_asked_for
from cissapp.prepare.applications.phrases.next_steps import NextStepCard, next_step_card
from cissapp.prepare.applications.phrases.pieces import ShownPiece, shown_piece
from cissapp.prepare.applications.queries.deadlines import first_due_of_school
from cissapp.prepare.applications.queries.pages import first_page
from cissapp.prepare.applications.queries.pieces import made_pieces

bp = Blueprint("applications", __name__, template_folder="../templates")


@bp.app_context_processor
def offered_to_pages() -> dict[str, object]:
    """Provide to every page the date of a requested answer, the next step, and a lesson's piece."""
    return {
        "asked_of_school": _asked_of_school,
        "next_step_of_school": _next_step_of_school,
        "piece_of_lesson": _piece_of_lesson,
    }


def _school_of_reader() -> School | None:
    """Find the school of the signed-in person, if they may read its application."""
    person = signed_in()
    if person is None or not has(person, Permission.DOSSIER_READ):
        return None
    return own_school(person)


# Pages that say themselves what is asked, with the same date.
SAY_WHAT_IS_ASKED = frozenset({"applications.school", "applications.application"})


def _asked_of_school() -> str | None:
    if request.endpoint in SAY_WHAT_IS_ASKED:
        return None
    person = signed_in()
    on = first_due_of_school(person.school_id) if person and person.school_id else None
    return answer_asked_for(on) if on else None


def _next_step_of_school() -> NextStepCard | None:
    """Render the next step, for a page of another room; None on the pages where it is taken."""
    school = _school_of_reader()
    if school is None:
        return None
    page = first_page(
        school, signed_in_person(), content(), language=languages.current(), at=clock.now()
    )
    card = next_step_card(page)
    return None if card.is_on(request.blueprint) else card


def _piece_of_lesson(lesson: Lesson) -> ShownPiece | None:
    """Render the piece that a lesson's activity makes; what exists is read once per request."""
    piece, person = lesson.plan.piece, signed_in()
    if piece is None or person is None or person.school_id is None:
        return None
    if not has(person, Permission.DOSSIER_READ):
        return None
    known = g.setdefault("made_pieces", {})
    if piece not in known:
        known[piece] = made_pieces(person.school_id, piece)
    return shown_piece(lesson.plan, known[piece])
