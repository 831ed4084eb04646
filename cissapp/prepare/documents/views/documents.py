"""Pages of the documents."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.sentences import FINDINGS
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import other_pages, place_asked
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries, services
from cissapp.prepare.documents.files import serving
from cissapp.prepare.documents.forms.documents import DocumentForm, VersionForm
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules import VERSION_STATE_NAMES, is_open
from cissapp.prepare.documents.rules.dates import Expiry, expiry_of
from cissapp.prepare.documents.rules.limits import NOT_A_DOCUMENT
from cissapp.prepare.documents.uploads.services import NewDocument
from cissapp.prepare.documents.views.blueprint import bp
from cissapp.prepare.documents.views.sent_files import (
    named_upload,
    take_file,
    unfinished_uploads,
)


def kinds() -> dict[str, str]:
    """Return the kinds of document by code, in the language of the page."""
    texts = content().standard.rubric_text(languages.current()).evidence
    return {code: name for code, name in texts.items() if code not in NOT_A_DOCUMENT}


@bp.get("/school/documents")
@permit(Permission.DOSSIER_READ, of=own_school)
def documents(school: School) -> ResponseReturnValue:
    """List the documents of the school."""
    open_criteria = queries.open_criteria(school.id)
    return render_template(
        "documents/documents.html",
        documents=queries.documents(school.id),
        kinds=kinds(),
        states=VERSION_STATE_NAMES,
        expiry=_expiry,
        open_criteria=open_criteria,
        editable=is_open(open_criteria),
    )


@bp.route("/school/documents/new", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
@limit("600 per hour", methods=["POST"])
def add_document(school: School) -> ResponseReturnValue:
    """Upload a new document."""
    upload = named_upload()
    if upload and upload.document_id:
        return _to_document(upload.document_id)
    form = DocumentForm(kinds=kinds(), arrived=upload)
    if form.validate_on_submit():
        title, code, sent = form.given()
        document = take_file(NewDocument(school, title, code), sent, form)
        if document:
            return _to_document(document.id)
    shown = {**_may_upload(school.id), **unfinished_uploads(form)}
    return answer("documents/upload.html", form, **shown)


@bp.get("/school/documents/<uuid:document_id>")
@permit(Permission.DOSSIER_READ, of=queries.document)
def document(document: Document) -> ResponseReturnValue:
    """Show a document with its versions."""
    found = queries.versions_of(document, place_asked())
    return render_template(
        "documents/document.html",
        document=document,
        found=found,
        href=other_pages(),
        kind=kinds().get(document.evidence_code, document.evidence_code),
        states=VERSION_STATE_NAMES,
        uploaders=queries.uploaders(found.rows),
        expiry=_expiry,
        findings=FINDINGS,
        **_may_upload(document.school_id),
    )


@bp.route("/school/documents/<uuid:document_id>/versions/new", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=queries.document)
@limit("600 per hour", methods=["POST"])
def add_version(document: Document) -> ResponseReturnValue:
    """Upload a new version of a document."""
    upload = named_upload()
    if upload and upload.document_id:
        return _to_document(upload.document_id)
    form = VersionForm(arrived=upload)
    if form.validate_on_submit() and take_file(document, form.given(), form):
        return _to_document(document.id)
    shown = {**_may_upload(document.school_id), **unfinished_uploads(form)}
    return answer("documents/upload.html", form, document=document, **shown)


@bp.post("/school/documents/<uuid:document_id>/versions/<uuid:version_id>/remove")
@permit(Permission.DOSSIER_EDIT, of=queries.version)
def remove_draft(version: DocumentVersion) -> ResponseReturnValue:
    """Remove a version that was never submitted."""
    left = services.remove_draft(version, store=files(), by=actor(), at=clock.now())
    flash(_("The draft has been removed."), "success")
    if left is None:
        return redirect(url_for("documents.documents"))
    return _to_document(left.id)


@bp.get("/school/documents/<uuid:document_id>/versions/<uuid:version_id>/file")
@permit(Permission.DOSSIER_READ, of=queries.version)
def download(version: DocumentVersion) -> ResponseReturnValue:
    """Fetch the file of a version."""
    return serving.serve_original(version, files())


def _to_document(document_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("documents.document", document_id=document_id))


def _expiry(version: DocumentVersion) -> Expiry | None:
    return expiry_of(version.expires_on, filters.today())


def _may_upload(school_id: UUID) -> dict[str, object]:
    open_criteria = queries.open_criteria(school_id)
    return {"open_criteria": open_criteria, "editable": is_open(open_criteria)}
