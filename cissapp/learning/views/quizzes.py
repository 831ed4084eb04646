"""Pages of a quiz: start, questions, check, hand in, result. No key before the attempt is closed."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.access.guard import permit
from cissapp.access.permissions import Permission
from cissapp.accounts.sessions import signed_in_person
from cissapp.content.values import Module
from cissapp.core import clock
from cissapp.core.errors import Missing, Refused
from cissapp.learning import queries, results, services
from cissapp.learning.forms import AttemptForm, ChoiceForm, choice_form
from cissapp.learning.models import Attempt, AttemptQuestion
from cissapp.learning.rules import AttemptState, spoken
from cissapp.learning.views.room import a_module, bp
from cissapp.web import errors, languages
from cissapp.web.context import content
from cissapp.web.filters import clock_time
from cissapp.web.forms import answer


def _attempt(module: Module, named: UUID | None = None) -> Attempt | None:
    """Find the attempt that a form names, else the open one; somebody else's does not exist."""
    person = signed_in_person()
    if named is None:
        found = queries.open_attempt(person.id, module.id)
    else:
        found = queries.attempt(named)
        if found is None or found.user_id != person.id or found.module_id != module.id:
            raise Missing
    if found and found.state is AttemptState.OPEN and not queries.is_answerable(found, module):
        return None
    return found


def _to_quiz(module: Module) -> ResponseReturnValue:
    return redirect(url_for("learning.quiz", module_id=module.id))


def _to_question(module: Module, position: int) -> ResponseReturnValue:
    return redirect(url_for("learning.question", module_id=module.id, position=position))


def _to_check(module: Module) -> ResponseReturnValue:
    return redirect(url_for("learning.check_answers", module_id=module.id))


@bp.get("/<module_id>/quiz")
@permit(Permission.QUIZ_TAKE, of=a_module)
def quiz(module: Module) -> ResponseReturnValue:
    """Say what the quiz is like, and offer what can be done: start, go on, or wait."""
    language = languages.current()
    progress = queries.module_progress(signed_in_person().id, module)
    return render_template(
        "learning/quiz.html",
        module=module,
        text=module.text(language),
        spoken_in=spoken(module.texts, language),
        progress=progress,
        waits=progress.waits(clock.now()),
    )


@bp.post("/<module_id>/quiz/start")
@permit(Permission.QUIZ_TAKE, of=a_module)
def start_quiz(module: Module) -> ResponseReturnValue:
    """Start an attempt, or go on with the open one, at the first question without an answer."""
    try:
        attempt = services.start_attempt(module, by=signed_in_person(), at=clock.now())
    except Refused:
        return _to_quiz(module)
    unanswered = [row.position for row in attempt.questions if row.saved_at is None]
    return _to_question(module, unanswered[0]) if unanswered else _to_check(module)


@bp.route("/<module_id>/quiz/<int:position>", methods=["GET", "POST"])
@permit(Permission.QUIZ_TAKE, of=a_module)
def question(module: Module, position: int) -> ResponseReturnValue:
    """Ask a question, and save its answer."""
    attempt = _attempt(module, AttemptForm().given())
    if attempt is None:
        return _to_quiz(module)
    if attempt.state is not AttemptState.OPEN:
        return _closed(attempt)
    row = next((one for one in attempt.questions if one.position == position), None)
    if row is None:
        raise Missing
    form = choice_form(row, module.by_question_id[row.question_id], languages.current())
    if request.method == "POST":
        return _answer(form, module, attempt, row)
    return _ask(form, module, attempt, row)


def _answer(
    form: ChoiceForm, module: Module, attempt: Attempt, row: AttemptQuestion
) -> ResponseReturnValue:
    """Save what was chosen, and lead on; who only goes back or pauses needs no answer."""
    if not form.chosen.data and request.form.get("then") in {"back", "pause"}:
        return _onward(module, attempt, row.position)
    try:
        saved_at = _save(form, module, attempt, row) if form.validate() else None
    except Refused as refused:
        if attempt.state is not AttemptState.OPEN:
            return _closed(attempt)
        form.refuse(refused)
        saved_at = None
    if saved_at is None:
        return _ask(form, module, attempt, row)
    if errors.wants_json():
        return jsonify(saved=saved_at.isoformat(), text=_said(saved_at), sequence=row.sequence)
    return _onward(module, attempt, row.position)


def _save(form: ChoiceForm, module: Module, attempt: Attempt, row: AttemptQuestion) -> datetime:
    return services.save_answer(
        attempt,
        row.position,
        form.given_options(),
        module=module,
        sequence=form.given_sequence(),
        by=signed_in_person(),
        at=clock.now(),
    )


def _said(saved_at: datetime) -> str:
    return str(_("Saved %(time)s", time=clock_time(saved_at)))


def _ask(
    form: ChoiceForm, module: Module, attempt: Attempt, row: AttemptQuestion
) -> ResponseReturnValue:
    language = languages.current()
    if errors.wants_json():
        reasons = [*map(str, form.chosen.errors), *(problem.text for problem in form.problems)]
        if row.saved_at:
            reasons.append(_("The answer of %(time)s counts.", time=clock_time(row.saved_at)))
        return jsonify(message=" ".join(reasons)), HTTPStatus.UNPROCESSABLE_ENTITY
    return answer(
        "learning/question.html",
        form,
        module=module,
        text=module.text(language),
        spoken_in=spoken(module.texts, language),
        kind=module.by_question_id[row.question_id].key.kind,
        row=row,
        sheet=results.sheet_of(attempt, module, language),
        saved_text=_said(row.saved_at) if row.saved_at else None,
    )


def _onward(module: Module, attempt: Attempt, position: int) -> ResponseReturnValue:
    """Lead to the page that was asked for; once all is answered, to the check of the answers."""
    then = request.form.get("then")
    if then == "pause":
        return redirect(url_for("learning.module", module_id=module.id))
    if then == "back":
        return _to_question(module, max(1, position - 1))
    if position == len(attempt.questions) or all(row.saved_at for row in attempt.questions):
        return _to_check(module)
    return _to_question(module, position + 1)


def _closed(attempt: Attempt) -> ResponseReturnValue:
    """Say that an answer came after the attempt was handed in."""
    return errors.page(
        HTTPStatus.CONFLICT,
        _("Handed in already"),
        _("These answers were handed in already. This answer was not added to them."),
        action=(_("See the result"), url_for("learning.result", attempt_id=attempt.id)),
    )


@bp.get("/<module_id>/quiz/check")
@permit(Permission.QUIZ_TAKE, of=a_module)
def check_answers(module: Module) -> ResponseReturnValue:
    """List the questions with and without an answer, and offer to hand in once all are answered."""
    attempt = _attempt(module)
    if attempt is None:
        return _to_quiz(module)
    return _check(AttemptForm(attempt=attempt.id), module, attempt)


def _check(form: AttemptForm, module: Module, attempt: Attempt) -> ResponseReturnValue:
    language = languages.current()
    return answer(
        "learning/check_answers.html",
        form,
        module=module,
        text=module.text(language),
        spoken_in=spoken(module.texts, language),
        sheet=results.sheet_of(attempt, module, language),
    )


@bp.post("/<module_id>/quiz/hand-in")
@permit(Permission.QUIZ_TAKE, of=a_module)
def hand_in(module: Module) -> ResponseReturnValue:
    """Hand the answers in; once more leads to the same result."""
    form = AttemptForm()
    attempt = _attempt(module, form.given())
    if attempt is None:
        return _to_quiz(module)
    try:
        services.hand_in(attempt, content=content(), by=signed_in_person(), at=clock.now())
    except Refused as refused:
        form.refuse(refused)
        form.attempt.data = str(attempt.id)
        return _check(form, module, attempt)
    return redirect(url_for("learning.result", attempt_id=attempt.id))


@bp.get("/attempts/<uuid:attempt_id>")
@permit(Permission.ATTEMPT_READ, of=queries.attempt)
def result(attempt: Attempt) -> ResponseReturnValue:
    """Show the result of a closed attempt; while a newer one is open, without the right answers."""
    module, language = a_module(attempt.module_id), languages.current()
    if attempt.state not in {AttemptState.PASSED, AttemptState.FAILED}:
        return _to_quiz(module)
    progress = queries.module_progress(attempt.user_id, module)
    return render_template(
        "learning/result.html",
        module=module,
        text=module.text(language),
        spoken_in=spoken(module.texts, language),
        attempt=attempt,
        result=results.result_of(attempt, module, language),
        progress=progress,
        waits=progress.waits(clock.now()),
    )
