"""Pages of what was answered: check, hand in, result, receipts."""

from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import FeedbackLevel
from cissapp.foundation.content.values import Module
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.forms import AttemptForm, LearningPreferencesForm
from cissapp.learn.learning.models import Attempt, LateAnswer
from cissapp.learn.learning.queries import AnyAttempt
from cissapp.learn.learning.rules import (
    HANDED_IN,
    AttemptPurpose,
    AttemptState,
    ExtraTime,
    ModuleProgress,
    text_language,
)
from cissapp.learn.learning.rules.attempts import feedback_level, was_last_failure
from cissapp.learn.learning.views.attempt_result import AttemptResult, result_of
from cissapp.learn.learning.views.blueprint import (
    a_module,
    attempt_of,
    bp,
    is_open,
    open_attempt_of,
    receipt_of,
)
from cissapp.learn.learning.views.quizzes import sheet_of, to_quiz
from cissapp.people.accounts.sessions import read_by_facts, signed_in_person


@bp.get("/<module_id>/quiz/check")
@read_by_facts
@permit(Permission.QUIZ_TAKE, of=a_module)
def check_answers(module: Module) -> ResponseReturnValue:
    """List the questions with and without an answer, and offer to hand in once all are answered."""
    attempt = open_attempt_of(module)
    if attempt is None:
        return to_quiz(module)
    return _check(AttemptForm(attempt=attempt.id), module, attempt)


def _check(form: AttemptForm, module: Module, attempt: AnyAttempt) -> ResponseReturnValue:
    return answer(
        "learning/check_answers.html",
        form,
        module=module,
        attempt=attempt,
        sheet=sheet_of(attempt),
    )


@bp.post("/<module_id>/quiz/hand-in")
@permit(Permission.QUIZ_TAKE, of=a_module)
def hand_in(module: Module) -> ResponseReturnValue:
    """Hand in the answers; a repeated request leads to the same result."""
    form = AttemptForm()
    attempt = attempt_of(module, form.given())
    if attempt is None or (attempt.state is AttemptState.OPEN and not is_open(attempt)):
        return to_quiz(module)
    with form.catch_refusals():
        services.hand_in(attempt, content=content(), by=signed_in_person(), at=clock.now())
        return redirect(url_for("learning.result", attempt_id=attempt.id))
    form.attempt.data = str(attempt.id)
    return _check(form, module, attempt)


@bp.get("/attempts/<uuid:attempt_id>")
@permit(Permission.ATTEMPT_READ, of=queries.attempt)
def result(attempt: Attempt) -> ResponseReturnValue:
    """Show the result of a closed attempt, as far as its policy allows."""
    module, language = a_module(attempt.module_id), languages.of_content()
    late = queries.late_answers(attempt.id)
    if attempt.state not in HANDED_IN and not late:
        return to_quiz(module)
    progress = queries.module_progress(attempt.user_id, module, clock.now())
    out = queries.voided_questions(module.id)
    level = _level(attempt, progress)
    return render_template(
        "learning/result.html",
        module=module,
        spoken_in=text_language(module.texts, language),
        attempt=attempt,
        out=[row for row in attempt.questions if row.question_id in out],
        result=_result(attempt, module, level, out=out, late=late),
        shown_level=level,
        held_back=level is not _level(attempt, progress, alone=True),
        levels=FeedbackLevel,
        progress=progress,
        before=_before(attempt),
        waits=progress.waits(clock.now()),
    )


def _result(
    attempt: Attempt,
    module: Module,
    level: FeedbackLevel,
    *,
    out: Mapping[str, object],
    late: Sequence[LateAnswer],
) -> AttemptResult:
    return result_of(
        attempt,
        queries.asked_questions(attempt),
        module,
        languages.of_content(),
        level=level,
        out=out,
        late=late,
    )


def _level(attempt: Attempt, progress: ModuleProgress, *, alone: bool = False) -> FeedbackLevel:
    """Return the feedback level; `alone` returns what it would be if no other attempt were open."""
    return feedback_level(
        attempt.purpose,
        attempt.state,
        attempt.policy,
        last_failure=was_last_failure(progress.attempts, attempt.id),
        another_open=progress.open_attempt is not None and not alone,
        passed_since=progress.passed_at is not None and not progress.retest,
    )


def _before(attempt: Attempt) -> Attempt | None:
    """Find the test before the module, to compare with the one after it."""
    if attempt.purpose is not AttemptPurpose.AFTER:
        return None
    return queries.newest_test(attempt.user_id, attempt.module_id, AttemptPurpose.BEFORE)


@bp.get("/attempts/<uuid:attempt_id>/receipts")
@permit(Permission.ATTEMPT_READ, of=queries.attempt)
def receipts(attempt: Attempt) -> ResponseReturnValue:
    """List the receipts of all saved answers, to print."""
    module = a_module(attempt.module_id)
    return render_template(
        "learning/receipts.html",
        module=module,
        receipts=[(row, receipt_of(row)) for row in attempt.questions if row.saved_at],
    )


@bp.route("/wishes", methods=["GET", "POST"])
@permit(Permission.PROGRESS_SAVE)
def wishes() -> ResponseReturnValue:
    """Let a person set extra time for quizzes with a time limit, and turn reminders off and on."""
    person = signed_in_person()
    found = queries.learner(person.id)
    form = LearningPreferencesForm(
        extra_time=found.extra_time if found else ExtraTime.NONE,
        reminders=found is None or found.reminders_stopped_at is None,
    )
    if request.method == "POST" and form.validate():
        services.set_extra_time(ExtraTime(form.extra_time.data), by=person)
        if form.reminders.data:
            services.resume_reminders(by=person)
        else:
            services.stop_reminders(by=person, at=clock.now())
        return redirect(url_for("learning.wishes", saved=1))
    return answer("learning/wishes.html", form, saved="saved" in request.args)
