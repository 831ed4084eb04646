"""The blueprint of the toolkit, and the product of a lesson, for the page of the lesson."""

from flask import Blueprint, g

from cissapp.foundation.access.guard import has, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.content.values import Lesson
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.prepare.toolkit import queries
from cissapp.prepare.toolkit.phrases.products import LessonProduct, lesson_product

bp = Blueprint("toolkit", __name__, template_folder="../templates")


def product_named(product_id: str) -> Product:
    """Find a product; raise `Missing` if the toolkit has none with this id."""
    found = content().toolkit.product_by_id.get(product_id)
    if found is None:
        raise Missing
    return found


@bp.app_context_processor
def offered_to_pages() -> dict[str, object]:
    """Provide the product of a lesson to templates."""
    return {"product_of_lesson": _product_of_lesson}


def _product_of_lesson(lesson: Lesson) -> LessonProduct | None:
    """Return the product of a lesson for people of a school; None for everyone else."""
    person = signed_in()
    found = content().toolkit.product_by_lesson.get((lesson.module_id, lesson.id))
    if found is None or person is None or person.school_id is None:
        return None
    if not has(person, Permission.DOSSIER_EDIT):
        return None
    if "made_products" not in g:
        g.made_products = queries.made_products(person.school_id)
    return lesson_product(found, g.made_products.get(found.id), languages.of_content())
