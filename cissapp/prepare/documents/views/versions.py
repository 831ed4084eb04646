"""Pages of the school about one version of a document: its pages, its dates, what changed in it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import files
from cissapp.foundation.web.forms import answer
from cissapp.prepare.documents import queries, services
from cissapp.prepare.documents.files import serving
from cissapp.prepare.documents.forms.dates import EvidenceDatesForm
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules import PictureSize, is_open
from cissapp.prepare.documents.rules.pages import first_page
from cissapp.prepare.documents.services import page_viewer
from cissapp.prepare.documents.views.blueprint import bp

bp.add_app_template_filter(first_page, "first_page")

VERSION = "/school/documents/<uuid:document_id>/versions/<uuid:version_id>"


@bp.get(f"{VERSION}/pages/<int:page>")
@permit(Permission.DOSSIER_READ, of=queries.version)
def page(version: DocumentVersion, page: int) -> ResponseReturnValue:
    """Show a page of a version: its picture and its text, side by side."""
    leaf = page_viewer.view_page(version, page, store=files(), at=clock.now())
    return render_template(
        "documents/page.html", document=version.document, version=version, leaf=leaf
    )


@bp.get(f'{VERSION}/pages/<int:page>/<any("large","small"):size>')
@permit(Permission.DOSSIER_READ, of=queries.version)
def page_picture(version: DocumentVersion, page: int, size: str) -> ResponseReturnValue:
    """Return the picture of a page."""
    found = services.draw_picture(version, page, PictureSize(size), store=files(), at=clock.now())
    if found is None:
        raise Missing
    return serving.serve_picture(found, files())


@bp.get(f"{VERSION}/copy")
@permit(Permission.DOSSIER_READ, of=queries.version)
def download_copy(version: DocumentVersion) -> ResponseReturnValue:
    """Fetch what reviewers are served: the file without the names and places in it."""
    return serving.serve_copy(version, files())


@bp.route(f"{VERSION}/dates", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=queries.version)
def dates(version: DocumentVersion) -> ResponseReturnValue:
    """Save when a document was made, what period it covers and when it expires."""
    form = EvidenceDatesForm.of(version)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.save_dates(version, form.given(), by=actor(), at=clock.now())
            flash(_("The dates have been saved."), "success")
            return redirect(url_for("documents.document", document_id=version.document_id))
    open_criteria = queries.open_criteria(version.school_id)
    return answer(
        "documents/dates.html",
        form,
        document=version.document,
        version=version,
        open_criteria=open_criteria,
        editable=is_open(open_criteria) and version.state == "draft",
    )


@bp.get("/school/documents/<uuid:document_id>/changes")
@permit(Permission.DOSSIER_READ, of=queries.document)
def changes(document: Document) -> ResponseReturnValue:
    """Show what changed between two versions: those asked for, else the two newest."""
    by_number = {one.number: one for one in document.versions}
    numbers = sorted(by_number)
    if len(numbers) < 2:
        raise Missing
    new = request.args.get("new", numbers[-1], type=int)
    before = [one for one in numbers if one < new] or numbers[:1]
    old = request.args.get("old", before[-1], type=int)
    if old not in by_number or new not in by_number:
        raise Missing
    return render_template(
        "documents/changes.html",
        document=document,
        numbers=numbers,
        old=by_number[old],
        new=by_number[new],
        change=page_viewer.compare_versions(by_number[old], by_number[new]),
    )
