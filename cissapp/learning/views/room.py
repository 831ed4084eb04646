"""The room's blueprint, and how modules and lessons are found."""

from flask import Blueprint

from cissapp.content.values import Lesson, Module
from cissapp.core.errors import Missing
from cissapp.web.context import content

bp = Blueprint("learning", __name__, template_folder="../templates", url_prefix="/learn")


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
