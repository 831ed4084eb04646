"""The blueprint of the room, and how its pages find modules, lessons and attempts."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from flask import Blueprint
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Lesson, Module
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import read_before_write
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.web import languages
from cissapp.foundation.web.fragments import filled, fragment, gaps
from cissapp.learn.learning import queries
from cissapp.learn.learning.models import Attempt
from cissapp.learn.learning.phrases import (
    time_of_doing,
    time_of_lesson,
    time_of_module,
    time_of_reading,
)
from cissapp.learn.learning.queries import AnyAttempt, AnyQuestion, OneQuestion, ShownAttempt
from cissapp.learn.learning.rules import AttemptState, is_due, receipts
from cissapp.people.accounts.sessions import signed_in_facts, signed_in_person

Q = TypeVar("Q", bound=AnyQuestion)

bp = Blueprint("learning", __name__, template_folder="../templates", url_prefix="/learn")


@bp.context_processor
def _of_lessons() -> dict[str, object]:
    """Offer each page the language of lessons, the choice of another one, and how long lessons take."""
    return {
        "content_language": languages.of_content(),
        "language_choice": _language_choice,
        "time_of_doing": time_of_doing,
        "time_of_lesson": time_of_lesson,
        "time_of_module": time_of_module,
        "time_of_reading": time_of_reading,
    }


def _language_choice(here: str) -> Markup:
    """Render the choice of the lesson language, which leads back to the current page."""
    chosen = getattr(signed_in(), "content_language", None)
    kept = fragment("learning/_content_language.html", _choice_values, chosen)
    return filled(kept, here=here, csrf_token=generate_csrf())


def _choice_values(chosen: str | None) -> dict[str, object]:
    offered = languages.offered_for_content()
    return {"offered": offered, "chosen": chosen, **gaps("here", "csrf_token")}


def a_module(module_id: str) -> Module:
    """Find a module by the name in the address."""
    found = content().module_by_id.get(module_id)
    if found is None:
        raise Missing
    return found


def a_lesson(module_id: str, lesson_id: str) -> Lesson:
    """Find a lesson by the names in the address."""
    found = a_module(module_id).lesson(lesson_id)
    if found is None:
        raise Missing
    return found


def attempt_of(module: Module, named: UUID | None = None) -> Attempt | None:
    """Find the attempt that a form names, else the open one; raise `Missing` for another person's.

    Return None for an attempt that cannot go on. Nothing is locked here: code that writes to an attempt reads it
    again, and locks it.
    """
    person = signed_in_person()
    with read_before_write():
        if named:
            own = _named(module, named, person.id)
            return own if _goes_on(own) else None
        found = queries.open_attempt(person.id, module.id)
        return found if found and is_open(found) and _goes_on(found) else None


def open_attempt_of(module: Module) -> ShownAttempt | None:
    """Find the open attempt for a page that only shows it; None if there is none that can go on."""
    found = queries.shown_attempt(signed_in_facts().id, module.id)
    return found if found and is_open(found) and _goes_on(found) else None


def _named(module: Module, named: UUID, user_id: UUID) -> Attempt:
    found = queries.attempt(named)
    if found is None or found.user_id != user_id or found.module_id != module.id:
        raise Missing
    return found


def _goes_on(found: AnyAttempt) -> bool:
    """Return whether the questions of an attempt are still known; those from before versions were kept are not."""
    if found.state is not AttemptState.OPEN:
        return True
    return len(queries.asked_questions(found)) == len(found.questions)


def at_position(questions: Sequence[Q], position: int) -> Q:
    """Find the question of an attempt at a position; raise `Missing` if there is none."""
    found = next((one for one in questions if one.position == position), None)
    if found is None:
        raise Missing
    return found


def is_open(attempt: AnyAttempt) -> bool:
    """Check whether an attempt still accepts answers."""
    return attempt.state is AttemptState.OPEN and not is_due(
        attempt.state, attempt.expires_at, clock.now()
    )


def receipt_of(row: AnyQuestion | OneQuestion) -> str | None:
    """Return the receipt of a saved answer; None if nothing was saved yet."""
    if row.saved_at is None:
        return None
    receipt = receipts.receipt_of_answer(
        row.attempt_id, row.position, row.sequence, row.saved_at, row.chosen or []
    )
    return receipts.write_receipt(receipt, receipts.receipt_key(secret_keys.newest_key()))
