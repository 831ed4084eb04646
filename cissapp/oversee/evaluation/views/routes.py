"""Pages of the evaluation: all modules, a module, a question, and taking a question out."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Module, Question
from cissapp.foundation.core import clock
from cissapp.foundation.core.replica import from_replica
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.learn.learning import queries as learning
from cissapp.learn.learning.services import voided_questions
from cissapp.oversee.evaluation import queries
from cissapp.oversee.evaluation.forms import VoidForm
from cissapp.oversee.evaluation.rules.groups import by_module, gains_of
from cissapp.oversee.evaluation.views import csv_files, tables

bp = Blueprint("evaluation", __name__, template_folder="../templates")


class ModuleQuestion(Struct, frozen=True):
    """A question with its module."""

    module: Module
    question: Question


def module_for(module_id: str) -> Module:
    """Find a module for the guard."""
    return queries.module_of(content().module_by_id, module_id)


def asked_for(module_id: str, question_id: str) -> ModuleQuestion:
    """Find a question for the guard."""
    module = module_for(module_id)
    return ModuleQuestion(module, queries.question_of(module, question_id))


@bp.get("/admin/evaluation")
@permit(Permission.EVALUATION_READ)
@from_replica
def modules() -> ResponseReturnValue:
    """Show how much each module teaches."""
    language, all_modules = languages.current(), content().modules
    dated = queries.results()
    part = tables.module_part(by_module(dated.figures), all_modules, language)
    return render_template(
        "evaluation/modules.html",
        part=part,
        modules=all_modules,
        heads=tables.gain_heads(),
        as_of=dated.as_of,
    )


@bp.get("/admin/evaluation/<module_id>")
@permit(Permission.EVALUATION_READ, of=module_for)
@from_replica
def module(module: Module) -> ResponseReturnValue:
    """Show how much a module teaches, by language and region, and how well its questions work."""
    language = languages.current()
    dated, items = queries.results(module.id), queries.items(module)
    gains = gains_of(dated.figures)
    return render_template(
        "evaluation/module.html",
        as_of=dated.as_of,
        module=module,
        title_of=module.text(language).title,
        by_language=tables.language_part(gains),
        by_region=tables.region_part(gains, content(), language),
        items=tables.item_part(
            items.figures, module, learning.voided_questions(module.id), language
        ),
        heads=tables.gain_heads(),
        item_heads=tables.item_heads(),
        nothing=gains.whole.people is None,
    )


@bp.get("/admin/evaluation/<module_id>.csv")
@permit(Permission.EVALUATION_READ, of=module_for)
@from_replica
def gains_csv(module: Module) -> ResponseReturnValue:
    """Return the gains of a module as a file."""
    dated, language = queries.results(module.id), languages.current()
    gains = gains_of(dated.figures)
    written = csv_files.gains_csv(module, gains, content(), language, as_of=dated.as_of)
    return _csv(written, module, "gain")


@bp.get("/admin/evaluation/<module_id>/questions.csv")
@permit(Permission.EVALUATION_READ, of=module_for)
@from_replica
def questions_csv(module: Module) -> ResponseReturnValue:
    """Return the figures of a module's questions as a file, without voided questions."""
    out = learning.voided_questions(module.id)
    dated = queries.items(module)
    found = [one for one in dated.figures if one.question_id not in out]
    written = csv_files.items_csv(module, found, languages.current(), as_of=dated.as_of)
    return _csv(written, module, "questions")


def _csv(written: bytes, module: Module, kind: str) -> Response:
    name = f"ciss-{module.id}-{kind}-{clock.today():%Y-%m-%d}.csv"
    return Response(
        written,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/admin/evaluation/<module_id>/questions/<question_id>")
@permit(Permission.EVALUATION_READ, of=asked_for)
@from_replica
def question(asked: ModuleQuestion) -> ResponseReturnValue:
    """Show the figures of a question, in each language, with its options."""
    language = languages.current()
    voided = learning.voided_questions(asked.module.id).get(asked.question.id)
    # The results hold no points for a voided question, so it has no figures.
    dated = None if voided else queries.items(asked.module, asked.question.id)
    return render_template(
        "evaluation/question.html",
        module=asked.module,
        question=asked.question,
        module_title=asked.module.text(language).title,
        text=asked.question.text(language).text,
        pages=[
            tables.question_page(item, asked.question, language)
            for item in (dated.figures if dated else [])
        ],
        as_of=dated.as_of if dated else None,
        item_heads=tables.item_heads(),
        voided=voided,
    )


@bp.route("/admin/evaluation/<module_id>/questions/<question_id>/void", methods=["GET", "POST"])
@permit(Permission.QUESTION_VOID, of=asked_for)
def void(asked: ModuleQuestion) -> ResponseReturnValue:
    """Ask for the reason, show how many attempts will be graded again, and void the question."""
    form, ids = VoidForm(), (asked.module.id, asked.question.id)
    if form.validate_on_submit():
        with form.catch_refusals():
            changed = voided_questions.void_question(
                *ids, reason=form.given(), content=content(), by=actor(), at=clock.now()
            )
            flash(_told(changed), "success")
            return redirect(url_for("evaluation.module", module_id=asked.module.id))
    return answer(
        "evaluation/void.html",
        form,
        module=asked.module,
        question=asked.question,
        text=asked.question.text(languages.current()).text,
        attempts=learning.count_attempts_with(*ids),
        most=learning.ATTEMPTS_COUNTED,
    )


def _told(changed: int) -> str:
    return str(
        ngettext(
            "The question has been removed. The result of %(num)s attempt has changed.",
            "The question has been removed. The results of %(num)s attempts have changed.",
            changed,
        )
    )
