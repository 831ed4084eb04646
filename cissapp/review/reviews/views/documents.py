"""Pages of the group about one document that was submitted: its pages, and what changed in it."""

from typing import Any
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import files
from cissapp.foundation.web.readings import note_reading
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.files import serving
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules import PictureSize
from cissapp.prepare.documents.services import page_viewer
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.reviews import queries
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.queries import document_changes as papers
from cissapp.review.reviews.views.blueprint import bp

VERSION = "/reviews/<uuid:application_id>/documents/<uuid:version_id>"


def _version(application: Application, version_id: UUID) -> DocumentVersion:
    found = queries.version_of(application, version_id)
    if found is None:
        raise Missing
    return found


@bp.get(f"{VERSION}/pages/<int:page>")
@permit(Permission.APPLICATION_READ, of=queries.application)
@requires_no_conflict
def document_page(application: Application, version_id: UUID, page: int) -> ResponseReturnValue:
    """Show a page of a document that was submitted: its picture and its text, side by side."""
    version = _version(application, version_id)
    note_reading(Event.DOCUMENT_READ, version, school_id=application.school_id)
    leaf = page_viewer.view_page(version, page, store=files(), at=clock.now())
    return render_template(
        "reviews/document_page.html", application=application, version=version, leaf=leaf
    )


@bp.get(f'{VERSION}/pages/<int:page>/<any("large","small"):size>')
@permit(Permission.APPLICATION_READ, of=queries.application)
@requires_no_conflict
def document_picture(
    application: Application, version_id: UUID, page: int, size: str
) -> ResponseReturnValue:
    """Send the picture of a page of a submitted document."""
    version = _version(application, version_id)
    note_reading(Event.DOCUMENT_READ, version, school_id=application.school_id)
    found = documents.draw_picture(version, page, PictureSize(size), store=files(), at=clock.now())
    if found is None:
        raise Missing
    return serving.serve_picture(found, files())


@bp.get(f"{VERSION}/changes")
@permit(Permission.APPLICATION_READ, of=queries.application)
@requires_no_conflict
def document_changes(application: Application, version_id: UUID) -> ResponseReturnValue:
    """Show what changed in a document since the group last saw it."""
    version = _version(application, version_id)
    dossier = read_submission(queries.submission_of(application))
    before = papers.versions_before(application, dossier).get(version.document_id)
    if before is None or dossier.document(version.id) is None:
        raise Missing
    return render_template(
        "reviews/document_changes.html",
        application=application,
        old=before,
        new=version,
        change=page_viewer.compare_versions(before, version),
    )


@bp.context_processor
def about_documents() -> dict[str, Any]:
    """Add what is new in the documents of a case, and which expire too soon, for its first page."""

    def news_of(case: Case) -> list[papers.DocumentChange]:
        return papers.document_changes(case.application, case.dossier)

    def expiring_of(case: Case) -> list[Any]:
        months = content().certificate_terms(case.application.school.country_code).validity_months
        return papers.expiring_documents(case.dossier, clock.months_after(clock.today(), months))

    return {"news_of": news_of, "expiring_of": expiring_of}
