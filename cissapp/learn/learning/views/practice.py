"""Practice questions for a module, one after another, at any time; nothing is stored or counted."""

from flask import render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.values import Module
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.learn.learning.rules.practice import practice_questions
from cissapp.learn.learning.views.blueprint import a_module, bp


@bp.get("/<module_id>/practice", defaults={"position": 1})
@bp.get("/<module_id>/practice/<int:position>")
@permit(Permission.MODULE_READ, of=a_module)
def practice(module: Module, position: int) -> ResponseReturnValue:
    """Show a practice question, with its answer folded beneath it."""
    questions = practice_questions(module.lessons, languages.of_content())
    if not 1 <= position <= len(questions):
        raise Missing
    return render_template(
        "learning/practice.html",
        module=module,
        position=position,
        total=len(questions),
        question=questions[position - 1],
    )
