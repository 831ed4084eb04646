"""The whole quiz on one page, and the queue of a device that was offline.

A queued answer is sent as the fields of its form, so one form reads both; each gets its own outcome.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from msgspec import Struct
from werkzeug.datastructures import MultiDict

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.values import Module
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import shown
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.forms import QuizAnswerForm, ScenarioForm, answer_form, step_field
from cissapp.learn.learning.models import Attempt, AttemptQuestion
from cissapp.learn.learning.queries import AnyQuestion, ShownAttempt
from cissapp.learn.learning.rules import LateReason
from cissapp.learn.learning.rules.grading import CREDIT_RULES, next_step
from cissapp.learn.learning.services import QueuedAnswer
from cissapp.learn.learning.views.blueprint import (
    a_module,
    bp,
    is_open,
    open_attempt_of,
    receipt_of,
)
from cissapp.learn.learning.views.quizzes import (
    answered_text,
    saved_answer,
    saved_text,
    sheet_of,
    to_quiz,
)
from cissapp.people.accounts.sessions import read_by_facts, signed_in_person

AT_MOST = 60  # answers in one sending: more than any quiz has questions


@bp.get("/<module_id>/quiz/sheet")
@read_by_facts
@permit(Permission.QUIZ_TAKE, of=a_module)
def sheet(module: Module) -> ResponseReturnValue:
    """Show all questions of the open attempt on one page: to print, and to answer offline."""
    attempt = open_attempt_of(module)
    if attempt is None:
        return to_quiz(module)
    return sheet_page(module, attempt)


class SheetQuestion(Struct, frozen=True):
    """A question on the sheet: its row, its form, what is saved, and how its story goes on."""

    row: AnyQuestion
    form: QuizAnswerForm
    saved_text: str | None
    receipt: str | None
    story: dict[str, object] | None


def sheet_page(module: Module, attempt: ShownAttempt) -> str:
    """Render the sheet of an attempt."""
    language, asked = languages.of_content(), queries.asked_questions(attempt)
    forms = [
        _asked(row, answer_form(row, asked[row.position], language, whole=True))
        for row in attempt.questions
        if row.position in asked
    ]
    return render_template(
        "learning/sheet.html",
        module=module,
        attempt=attempt,
        forms=forms,
        credits=CREDIT_RULES,
        sheet=sheet_of(attempt),
    )


def _asked(row: AnyQuestion, form: QuizAnswerForm) -> SheetQuestion:
    return SheetQuestion(row, form, saved_text(row), receipt_of(row), _story(form))


def _story(form: QuizAnswerForm) -> dict[str, object] | None:
    """Describe for a script which field of a scenario comes next, and which follows each option."""
    if not isinstance(form, ScenarioForm):
        return None
    key = form.key

    def name(step: str | None) -> str:
        return step_field(key, step) if step else ""

    steps = {
        name(step): [name(key.steps[step][option].next) for option in form.offered(step)]
        for step in key.steps
    }
    return {"next": name(next_step(key, form.row.chosen)), "steps": steps}


@bp.get("/attempts/<uuid:attempt_id>/answers")
@permit(Permission.ATTEMPT_READ, of=queries.attempt)
def answers(attempt: Attempt) -> ResponseReturnValue:
    """Send a device that is back online the saved answers, with a fresh token."""
    return jsonify(
        attempt=str(attempt.id),
        open=is_open(attempt),
        now=clock.now().isoformat(),
        token=generate_csrf(),
        answers=[
            {"position": row.position, **saved_answer(row)}
            for row in attempt.questions
            if row.saved_at
        ],
    )


@bp.post("/attempts/<uuid:attempt_id>/answers")
@permit(Permission.ATTEMPT_ANSWER, of=queries.attempt)
def take_answers(attempt: Attempt) -> ResponseReturnValue:
    """Save the answers that waited on a device; return what became of each."""
    body = _sent_json()
    sent = body.get("answers") if isinstance(body, dict) else None
    if not isinstance(sent, list) or len(sent) > AT_MOST:
        return jsonify(message=_("This is not a list of answers.")), HTTPStatus.UNPROCESSABLE_ENTITY
    # All are checked before the first is saved, because a save blocks other writers.
    checked = [_checked(attempt, one) for one in sent]
    outcomes = [one if isinstance(one, dict) else _outcome(attempt, one) for one in checked]
    return jsonify(outcomes=outcomes, answered=answered_text(sheet_of(attempt)))


def _sent_json() -> Any:
    """Return the JSON that was sent; None if it is not JSON or is nested too deeply to parse."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


class CheckedAnswer(Struct, frozen=True):
    """A queued answer that its form accepted: the row of its question, the form, and what was sent."""

    row: AttemptQuestion
    form: QuizAnswerForm
    sent: dict[str, Any]


def _checked(attempt: Attempt, one: Any) -> CheckedAnswer | dict[str, object]:
    """Check a queued answer; return the refusal to report if it is not valid."""
    position = one.get("position") if isinstance(one, dict) else None
    fields = one.get("fields") if isinstance(one, dict) else None
    row = next((each for each in attempt.questions if each.position == position), None)
    asked = queries.asked_questions(attempt)
    if row is None or row.position not in asked or not isinstance(fields, list):
        message = _("There is no such question in this attempt.")
        return {"position": position, "outcome": "refused", "message": message}
    given = [(str(pair[0]), str(pair[1])) for pair in fields if _is_pair(pair)]
    form = answer_form(
        row, asked[row.position], languages.of_content(), sent=MultiDict(given), whole=True
    )
    if not form.validate():
        message = " ".join(form.reasons)
        return {"position": row.position, "outcome": "refused", "message": message}
    return CheckedAnswer(row, form, one)


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2


def _outcome(attempt: Attempt, one: CheckedAnswer) -> dict[str, object]:
    return {"position": one.row.position, **_taken(attempt, one.row, one.form, one.sent)}


def _taken(
    attempt: Attempt, row: AttemptQuestion, form: QuizAnswerForm, one: dict[str, Any]
) -> dict[str, object]:
    sequence = one.get("sequence")
    sent = QueuedAnswer(
        row.position,
        form.chosen_ids(),
        # A device cannot know of a save that has not been made yet.
        min(sequence, row.sequence) if isinstance(sequence, int) and sequence >= 0 else 0,
        _moment(one.get("made")),
    )
    try:
        taken = services.save_queued_answer(attempt, sent, by=signed_in_person(), at=clock.now())
    except Refused as refused:
        message = " ".join(shown(problem).text for problem in refused.problems)
        return {"outcome": "refused", "message": message}
    if taken.late is None:
        return {"outcome": "saved", **saved_answer(taken.row)}
    message = _why_late(taken.late, taken.row)
    return {"outcome": taken.late.value, "message": message, **saved_answer(taken.row)}


def _moment(made: Any) -> datetime | None:
    """Parse the time that a device claims, in milliseconds; its clock may be wrong by days."""
    if not isinstance(made, int):
        return None
    try:
        return datetime.fromtimestamp(made / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _why_late(late: LateReason, row: AttemptQuestion) -> str:
    if late is LateReason.NEWER and row.saved_at:
        time = clock_time(row.saved_at)
        return str(
            _(
                "Another device saved an answer at %(time)s, and that one counts. Yours is also kept. To use yours, choose it again.",
                time=time,
            )
        )
    return str(
        _("This attempt closed before the answer arrived. The answer is kept but does not count.")
    )
