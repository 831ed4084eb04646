"""Files of products: with the school's details, or as specimens of an invented school."""

from flask import Response
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.headers import SANDBOX
from cissapp.foundation.web.limits import limit
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.toolkit.papers.product_papers import MIME, FileKind, ProductPaper, kinds_of
from cissapp.prepare.toolkit.phrases.filled import fill_specimen
from cissapp.prepare.toolkit.views.blueprint import bp, product_named
from cissapp.prepare.toolkit.views.product import PRODUCT, to_product
from cissapp.prepare.toolkit.views.product_page import filled, gather_product, logo_of

FILE = '<language>.<any("docx","xlsx","pdf"):ending>'


@bp.get(f"{PRODUCT}/{FILE}")
@permit(Permission.DOSSIER_READ, of=own_school)
@limit("300 per hour")
def file(school: School, product_id: str, language: str, ending: str) -> ResponseReturnValue:
    """Return the file of a product as it is now; redirect to its page if it lacks something."""
    product = product_named(product_id)
    kind = _kind(product, language, ending)
    of = gather_product(school, product)
    made = filled(of, language, of.saved_answers)
    if made.lacking:
        return to_product(product, language)
    return _sent(made.paper.with_logo(logo_of(school)), kind, f"{product.id}-{language}")


@bp.get(f"{PRODUCT}/specimen/{FILE}")
@permit(Permission.DOSSIER_READ, of=own_school)
@limit("300 per hour")
def specimen_file(
    school: School,  # noqa: ARG001 -- whoever may fill a product may see one filled in
    product_id: str,
    language: str,
    ending: str,
) -> ResponseReturnValue:
    """Return the file of a product for an invented school."""
    product = product_named(product_id)
    kind = _kind(product, language, ending)
    return _sent(fill_specimen(product, language), kind, f"{product.id}-{language}-specimen")


def _kind(product: Product, language: str, ending: str) -> FileKind:
    kind = FileKind(ending)
    if language not in product.texts or kind not in kinds_of(product):
        raise Missing
    return kind


def _sent(paper: ProductPaper, kind: FileKind, name: str) -> Response:
    answer = Response(paper.file(kind), mimetype=MIME[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
