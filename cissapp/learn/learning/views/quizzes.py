"""Pages of a quiz: its start page and its questions, without the key until the attempt is closed."""

from http import HTTPStatus

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import ScenarioKey
from cissapp.foundation.content.values import Module
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.web import error_pages, languages
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import answer
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.forms import AttemptForm, QuizAnswerForm, answer_form
from cissapp.learn.learning.models import Attempt, AttemptQuestion
from cissapp.learn.learning.queries import AnyAttempt, AnyQuestion, OneQuestion
from cissapp.learn.learning.rules import AttemptPurpose, AttemptState, text_language
from cissapp.learn.learning.rules.grading import CREDIT_RULES, next_step
from cissapp.learn.learning.views import answer_sheet
from cissapp.learn.learning.views.answer_sheet import AnswerSheet
from cissapp.learn.learning.views.blueprint import (
    a_module,
    at_position,
    attempt_of,
    bp,
    is_open,
    open_attempt_of,
    receipt_of,
)
from cissapp.learn.learning.views.saving_at_once import named_question, save_at_once
from cissapp.people.accounts.sessions import (
    by_facts_alone,
    load_person,
    read_by_facts,
    signed_in_person,
)


def to_quiz(module: Module) -> ResponseReturnValue:
    """Redirect to the start page of the quiz."""
    return redirect(url_for("learning.quiz", module_id=module.id))


def _to_question(module: Module, position: int) -> ResponseReturnValue:
    return redirect(url_for("learning.question", module_id=module.id, position=position))


def _to_check(module: Module) -> ResponseReturnValue:
    return redirect(url_for("learning.check_answers", module_id=module.id))


@bp.get("/<module_id>/quiz")
@permit(Permission.QUIZ_TAKE, of=a_module)
def quiz(module: Module) -> ResponseReturnValue:
    """Show what the quiz is like, and what can be done: start, go on, or wait."""
    language = languages.of_content()
    progress = queries.module_progress(signed_in_person().id, module, clock.now())
    return render_template(
        "learning/quiz.html",
        module=module,
        text=module.text(language),
        spoken_in=text_language(module.texts, language),
        progress=progress,
        waits=progress.waits(clock.now()),
    )


@bp.post("/<module_id>/quiz/start", defaults={"purpose": AttemptPurpose.QUIZ.value})
@bp.post("/<module_id>/quiz/start/<any(before, after):purpose>")
@permit(Permission.QUIZ_TAKE, of=a_module)
def start_quiz(module: Module, purpose: str) -> ResponseReturnValue:
    """Start an attempt, or go on with the open one, at the first question without an answer."""
    try:
        attempt = services.start_attempt(
            module,
            content=content(),
            by=signed_in_person(),
            at=clock.now(),
            purpose=AttemptPurpose(purpose),
            language=languages.of_content(),
        )
    except Refused:
        return to_quiz(module)
    sheet = sheet_of(attempt)
    return _to_question(module, sheet.unanswered[0]) if sheet.unanswered else _to_check(module)


def sheet_of(attempt: AnyAttempt) -> AnswerSheet:
    """Return the answer sheet of an open attempt in the language of lessons."""
    out = queries.voided_ids(attempt.module_id)
    return answer_sheet.sheet_of(
        attempt, queries.asked_questions(attempt), out, languages.of_content()
    )


def answered_text(sheet: AnswerSheet) -> str:
    """Return how many of the questions are answered, in words."""
    return str(
        _(
            "%(answered)s of %(total)s answered",
            answered=sheet.answered,
            total=len(sheet.questions),
        )
    )


@bp.get("/<module_id>/quiz/<int:position>")
@read_by_facts
@permit(Permission.QUIZ_TAKE, of=a_module)
def question(module: Module, position: int) -> ResponseReturnValue:
    """Ask a question."""
    attempt = open_attempt_of(module)
    if attempt is None:
        return to_quiz(module)
    row = at_position(attempt.questions, position)
    return _ask(_form(attempt, row), module, attempt, row)


@bp.post("/<module_id>/quiz/<int:position>")
@by_facts_alone(queries.ONE_QUESTION, named_question)
@permit(Permission.QUIZ_TAKE, of=a_module)
def answer_question(module: Module, position: int) -> ResponseReturnValue:
    """Save the answer to a question."""
    if error_pages.wants_json():
        saved = save_at_once(module)
        if saved:
            return jsonify(saved_answer(saved))
        load_person()
    attempt = attempt_of(module, AttemptForm().given())
    if attempt is None:
        return to_quiz(module)
    if not is_open(attempt):
        return _closed(attempt)
    row = at_position(attempt.questions, position)
    return _answer(_form(attempt, row), module, attempt, row)


def _form(attempt: AnyAttempt, row: AnyQuestion) -> QuizAnswerForm:
    """Make the form of a question; raise `Missing` if it is not known any more."""
    asked = queries.asked_questions(attempt).get(row.position)
    if asked is None:
        raise Missing
    return answer_form(row, asked, languages.of_content())


def _answer(
    form: QuizAnswerForm, module: Module, attempt: Attempt, row: AttemptQuestion
) -> ResponseReturnValue:
    """Save what was chosen, and redirect; going back or pausing needs no answer.

    A scenario whose story has ended has nothing left to choose.
    """
    leaves = form.is_empty and request.form.get("then") in {"back", "pause"}
    if leaves or not form.parts:
        return _onward(module, attempt, row)
    with form.catch_refusals():
        if form.validate():
            _save(form, attempt, row)
            is_script = error_pages.wants_json()
            return jsonify(saved_answer(row)) if is_script else _onward(module, attempt, row)
    return _ask(form, module, attempt, row) if is_open(attempt) else _closed(attempt)


def saved_answer(row: AnyQuestion | OneQuestion) -> dict[str, object]:
    """Describe a saved answer for a script: the time, its wording, the number of the save, the receipt."""
    return {
        "saved": row.saved_at.isoformat() if row.saved_at else None,
        "text": saved_text(row),
        "sequence": row.sequence,
        "receipt": receipt_of(row),
    }


def _save(form: QuizAnswerForm, attempt: Attempt, row: AttemptQuestion) -> None:
    services.save_answer(
        attempt,
        row.position,
        form.chosen_ids(),
        sequence=form.given_sequence(),
        by=signed_in_person(),
        at=clock.now(),
    )


def saved_text(row: AnyQuestion | OneQuestion) -> str | None:
    """Return in words when an answer was saved; None if it was not."""
    return str(_("Saved %(time)s", time=clock_time(row.saved_at))) if row.saved_at else None


def _ask(
    form: QuizAnswerForm, module: Module, attempt: AnyAttempt, row: AnyQuestion
) -> ResponseReturnValue:
    if error_pages.wants_json():
        reasons = form.reasons
        if row.saved_at:
            reasons.append(_("The answer from %(time)s counts.", time=clock_time(row.saved_at)))
        return jsonify(message=" ".join(reasons)), HTTPStatus.UNPROCESSABLE_ENTITY
    kind = form.question.key.kind
    return answer(
        "learning/question.html",
        form,
        module=module,
        kind=kind,
        credit=_(CREDIT_RULES[kind]),
        attempt=attempt,
        row=row,
        sheet=sheet_of(attempt),
        saved_text=saved_text(row),
        receipt=receipt_of(row),
    )


def _onward(module: Module, attempt: Attempt, row: AttemptQuestion) -> ResponseReturnValue:
    """Redirect to the page that was asked for or, once all is answered, to the check of the answers.

    A scenario stays on its page until its story has ended, and shows its end once.
    """
    then, position = request.form.get("then"), row.position
    if then == "pause":
        return redirect(url_for("learning.module", module_id=module.id))
    if then == "back":
        return _to_question(module, max(1, position - 1))
    key = queries.asked_questions(attempt)[position].key
    if isinstance(key, ScenarioKey) and next_step(key, row.chosen) is not None:
        return _to_question(module, position)
    if position == len(attempt.questions) or not sheet_of(attempt).unanswered:
        return _to_check(module)
    return _to_question(module, position + 1)


def _closed(attempt: Attempt) -> ResponseReturnValue:
    """Show that an answer arrived after the attempt was handed in or had expired."""
    if attempt.state is AttemptState.OPEN:
        return error_pages.page(
            HTTPStatus.CONFLICT,
            _("This attempt has ended"),
            _("This attempt has ended. Your last answer was not saved."),
            action=(_("Back to the quiz"), url_for("learning.quiz", module_id=attempt.module_id)),
        )
    return error_pages.page(
        HTTPStatus.CONFLICT,
        _("Already submitted"),
        _("You have already submitted your answers. Your last answer was not saved."),
        action=(_("See the result"), url_for("learning.result", attempt_id=attempt.id)),
    )
