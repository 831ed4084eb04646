"""Pages on which a school makes a document of photographs of paper."""

from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.ocr import can_read
from cissapp.foundation.web import languages
from cissapp.foundation.web.error_pages import wants_json
from cissapp.foundation.web.forms import Form, ShownProblem, answer
from cissapp.foundation.web.limits import limit
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.files import serving
from cissapp.prepare.documents.forms.photographs import PhotographedDocumentForm, PhotographsForm
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.photographs import making, queries, services
from cissapp.prepare.documents.photographs.models import Photograph
from cissapp.prepare.documents.photographs.rules import (
    MOST_PAGES,
    Direction,
    PhotographSet,
)
from cissapp.prepare.documents.rules import TextSource, is_open
from cissapp.prepare.documents.uploads.services import NewDocument
from cissapp.prepare.documents.views.blueprint import bp
from cissapp.prepare.documents.views.documents import kinds
from cissapp.prepare.documents.views.sent_photographs import (
    Outcome,
    keep_photographs,
    reading_languages,
)

NEW = "/school/documents/photographs"
OF_DOCUMENT = "/school/documents/<uuid:document_id>/photographs"
PHOTO = "/school/photographs/<uuid:photo_id>"
PER_HOUR = "600 per hour"


# --- gathering ---------------------------------------------------------------------------------


@bp.route(NEW, methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
@limit(PER_HOUR, methods=["POST"])
def photographs(school: School) -> ResponseReturnValue:
    """Add photographs for a new document, and show those that wait."""
    making_form = PhotographedDocumentForm(formdata=None, kinds=kinds())
    return _gather(_new_set(school), making_form, None)


@bp.route(OF_DOCUMENT, methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=documents.document)
@limit(PER_HOUR, methods=["POST"])
def photographs_of(document: Document) -> ResponseReturnValue:
    """Add photographs for a new version of a document, and show those that wait."""
    return _gather(_set_of(document), Form(formdata=None), document)


def _gather(
    gathered: PhotographSet, making_form: Form, document: Document | None
) -> ResponseReturnValue:
    form = PhotographsForm()
    if form.validate_on_submit():
        outcome = keep_photographs(gathered, form)
        if wants_json():
            return jsonify(refused=outcome.refused), 503 if outcome.busy else 200
        _tell(outcome, form)
        if not outcome.refused:
            return redirect(_address(gathered))
    return _page(gathered, form, making_form, document, shown_form=form)


def _tell(outcome: Outcome, form: PhotographsForm) -> None:
    if outcome.kept:
        flash(
            ngettext("%(num)d page has been kept.", "%(num)d pages have been kept.", outcome.kept),
            "success",
        )
    form.problems += [ShownProblem(text, None) for text in outcome.refused]
    form.busy = outcome.busy


def _page(
    gathered: PhotographSet,
    form: PhotographsForm,
    making_form: Form,
    document: Document | None,
    *,
    shown_form: Any,
) -> ResponseReturnValue:
    """Render the page; `shown_form` is the one that was sent, which decides the status of the response."""
    open_criteria = documents.open_criteria(gathered.school_id)
    return answer(
        "documents/photographs.html",
        shown_form,
        photos_form=form,
        making_form=making_form,
        document=document,
        photos=queries.waiting(gathered),
        most=MOST_PAGES,
        reads=can_read(reading_languages(gathered.school_id)),
        machine=TextSource.MACHINE,
        open_criteria=open_criteria,
        editable=is_open(open_criteria),
    )


# --- making ------------------------------------------------------------------------------------


@bp.post(f"{NEW}/document")
@permit(Permission.DOSSIER_EDIT, of=own_school)
@limit(PER_HOUR)
def make_photographed_document(school: School) -> ResponseReturnValue:
    """Make a new document of the photographs that wait."""
    form = PhotographedDocumentForm(kinds=kinds())
    if form.validate_on_submit():
        target = NewDocument(school, form.title.data or "", form.evidence_code.data or "")
        made = _made(target, _new_set(school), form)
        if made:
            return redirect(url_for("documents.document", document_id=made.id))
    return _page(_new_set(school), PhotographsForm(formdata=None), form, None, shown_form=form)


@bp.post(f"{OF_DOCUMENT}/version")
@permit(Permission.DOSSIER_EDIT, of=documents.document)
@limit(PER_HOUR)
def make_photographed_version(document: Document) -> ResponseReturnValue:
    """Make a new version of a document of the photographs that wait."""
    form = Form()
    gathered = _set_of(document)
    if form.validate_on_submit():
        made = _made(document, gathered, form)
        if made:
            return redirect(url_for("documents.document", document_id=made.id))
    return _page(gathered, PhotographsForm(formdata=None), form, document, shown_form=form)


def _made(target: NewDocument | Document, gathered: PhotographSet, form: Form) -> Document | None:
    """Return the document; None, where the form shows why there is none."""
    with form.catch_refusals():
        made = making.make_document(
            target,
            gathered,
            language=languages.current(),
            store=files(),
            by=actor(),
            at=clock.now(),
        )
        flash(_("The pages are now one document."), "success")
        return made
    return None


# --- one page ----------------------------------------------------------------------------------


@bp.post(f"{PHOTO}/up")
@permit(Permission.DOSSIER_EDIT, of=queries.own_photograph)
def move_photograph_up(photo: Photograph) -> ResponseReturnValue:
    """Move a page a place up."""
    services.move_photograph(photo, Direction.UP)
    return redirect(_address(photo.gathered_in, photo))


@bp.post(f"{PHOTO}/down")
@permit(Permission.DOSSIER_EDIT, of=queries.own_photograph)
def move_photograph_down(photo: Photograph) -> ResponseReturnValue:
    """Move a page a place down."""
    services.move_photograph(photo, Direction.DOWN)
    return redirect(_address(photo.gathered_in, photo))


@bp.post(f"{PHOTO}/turn")
@permit(Permission.DOSSIER_EDIT, of=queries.own_photograph)
@limit(PER_HOUR)
def turn_photograph(photo: Photograph) -> ResponseReturnValue:
    """Turn a page by a quarter."""
    gathered = photo.gathered_in
    spoken = reading_languages(photo.school_id)
    services.turn_photograph(photo, languages=spoken, store=files(), at=clock.now())
    return redirect(_address(gathered, photo))


@bp.post(f"{PHOTO}/remove")
@permit(Permission.DOSSIER_EDIT, of=queries.own_photograph)
def remove_photograph(photo: Photograph) -> ResponseReturnValue:
    """Remove a page."""
    gathered = photo.gathered_in
    services.remove_photograph(photo, store=files())
    flash(_("The page has been removed."), "success")
    return redirect(_address(gathered))


@bp.get(f'{PHOTO}/<any("large","small"):size>')
@permit(Permission.DOSSIER_EDIT, of=queries.own_photograph)
def photograph(photo: Photograph, size: str) -> ResponseReturnValue:
    """Return the picture of a page, or its small one."""
    key = photo.file_key if size == "large" else photo.small_file_key
    return serving.serve_jpeg(key, files())


def _new_set(school: School) -> PhotographSet:
    return PhotographSet(school.id, _me())


def _set_of(document: Document) -> PhotographSet:
    return PhotographSet(document.school_id, _me(), document.id)


def _me() -> UUID:
    person = actor().id
    if person is None:
        raise Missing
    return person


def _address(gathered: PhotographSet, photo: Photograph | None = None) -> str:
    anchor = f"page-{photo.id}" if photo else "pages"
    if gathered.document_id is None:
        return url_for("documents.photographs", _anchor=anchor)
    return url_for("documents.photographs_of", document_id=gathered.document_id, _anchor=anchor)
