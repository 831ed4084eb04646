"""The page of a product: its fields, what it lacks, how it would be made now; and its specimen."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.office.manuscripts import html_of
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.toolkit import services
from cissapp.prepare.toolkit.forms import ProductForm, product_form
from cissapp.prepare.toolkit.papers.product_papers import FileKind, kinds_of
from cissapp.prepare.toolkit.phrases.filled import fill_specimen
from cissapp.prepare.toolkit.phrases.products import minutes_of
from cissapp.prepare.toolkit.rules.making import evidence_of
from cissapp.prepare.toolkit.services import MadeProduct
from cissapp.prepare.toolkit.views.blueprint import bp, product_named
from cissapp.prepare.toolkit.views.product_page import (
    FilledProduct,
    SchoolProduct,
    filled,
    gather_product,
    logo_of,
)

PRODUCT = "/school/toolkit/products/<product_id>"
# The actions of the form's buttons besides saving: a kind of file, or a document.
DOCUMENT = "document"


@bp.route(PRODUCT, methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def product(school: School, product_id: str) -> ResponseReturnValue:
    """Fill in the fields of a product, preview it, and make it as a file or a document."""
    of = gather_product(school, product_named(product_id))
    form = _form(of)
    if form.validate_on_submit():
        with form.catch_refusals():
            return _act(of, form)
    return _product_page(of, form)


def _form(of: SchoolProduct) -> ProductForm:
    offered = [(code, languages.NAMES.get(code, code)) for code in of.offered]
    chosen = of.language(request.args.get("in"))
    return product_form(of.product, languages.current(), offered, chosen, of.saved_answers)


def _product_page(of: SchoolProduct, form: ProductForm) -> ResponseReturnValue:
    shown = filled(of, of.language(form.language.data), of.saved_answers)
    open_criteria = document_queries.open_criteria(of.school.id)
    evidence = evidence_of(of.product.key)
    return answer(
        "toolkit/product.html",
        form,
        shown=shown,
        product=of.product,
        text=of.product.text(languages.current()),
        spoken_in=of.product.language(languages.current()),
        minutes=minutes_of(of.product),
        kinds=kinds_of(of.product),
        as_html=html_of(shown.paper.on_page),
        evidence=evidence,
        can_document=evidence is not None and is_open(open_criteria),
        document_id=of.documents.get(shown.language),
    )


def _act(of: SchoolProduct, form: ProductForm) -> ResponseReturnValue:
    """Carry out the action of the pressed button, with the submitted answers."""
    then, language, at = request.form.get("then", ""), of.language(form.language.data), clock.now()
    made = filled(of, language, form.given())
    if then == DOCUMENT and evidence_of(of.product.key):
        _refuse_lacking(form, made)
        return _add_document(of.school, made, at)
    if then in [kind.value for kind in kinds_of(of.product)]:
        _refuse_lacking(form, made)
        _save(made, at)
        services.record_made(of.school, _made(made), by=actor(), at=at)
        address = url_for("toolkit.file", product_id=of.product.id, language=language, ending=then)
        return redirect(address)
    _save(made, at)
    flash(_("Saved, %(time)s.", time=clock_time(at)), "success")
    return to_product(of.product, language)


def to_product(product: Product, language: str) -> ResponseReturnValue:
    """Redirect to the page of a product, with the language of the file."""
    values: dict[str, Any] = {"product_id": product.id, "in": language}
    return redirect(url_for("toolkit.product", **values))


def _refuse_lacking(form: ProductForm, made: FilledProduct) -> None:
    """Raise `Refused` if something is missing, and mark the product's own fields that lack an answer."""
    if not made.lacking:
        return
    form.ask_for(made.lacking_fields)
    message = N_("The file has not been made yet, because something it needs is missing.")
    raise Refused(Problem("lacking", message))


def _made(made: FilledProduct) -> MadeProduct:
    return MadeProduct(made.of.product, made.language, made.paper.facts)


def _save(made: FilledProduct, at: datetime) -> None:
    services.save_answers(made.of.school, made.of.product, made.answers, by=actor(), at=at)


def _add_document(school: School, made: FilledProduct, at: datetime) -> ResponseReturnValue:
    """Save the product as a document, then the answers, as the file is scanned before any write."""
    document, named_at = services.add_to_documents(
        school,
        _made(made),
        made.paper.with_logo(logo_of(school)).file(FileKind.PDF),
        clamd_url=current_config().clamd_url,
        store=files(),
        by=actor(),
        at=at,
    )
    _save(made, at)
    if named_at:
        said = _("It is in your documents, and named as evidence for %(criteria)s.")
    else:
        said = _("It is in your documents. Tick it as evidence for %(criteria)s.")
    flash(said % {"criteria": ", ".join(named_at or made.of.product.key.criteria)}, "success")
    return redirect(url_for("documents.document", document_id=document.id))


@bp.get(f"{PRODUCT}/specimen")
@permit(Permission.DOSSIER_READ, of=own_school)
def specimen(school: School, product_id: str) -> ResponseReturnValue:
    """Show a product filled in for an invented school."""
    of = product_named(product_id)
    wanted = request.args.get("in", "")
    language = wanted if wanted in of.texts else of.language(school.language)
    paper = fill_specimen(of, language)
    return render_template(
        "toolkit/specimen.html",
        product=of,
        words=of.text(languages.current()),
        paper=paper,
        language_of_paper=language,
        kinds=kinds_of(of),
        as_html=html_of(paper.on_page),
    )
