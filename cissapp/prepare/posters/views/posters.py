"""Pages on which a school chooses, previews and makes a poster."""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Missing, Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads.services import NewDocument, take_document
from cissapp.prepare.posters import queries, services
from cissapp.prepare.posters.forms import PosterForm
from cissapp.prepare.posters.phrases.papers import arguments_of
from cissapp.prepare.posters.queries import PosterMaterial
from cissapp.prepare.posters.rules.choices import (
    ON_WALLS,
    PosterFormat,
    Readers,
    offered_languages,
)
from cissapp.prepare.posters.rules.contents import WayKind
from cissapp.prepare.posters.views.blueprint import bp
from cissapp.prepare.posters.views.drafting import PosterDraft, draft_of

PDF = "application/pdf"
# The evidence code of a poster.
PUBLISHED = "PUB"
POSTER_TITLE = N_("Poster: how to report")


@bp.get("/school/toolkit/posters")
@permit(Permission.DOSSIER_READ, of=own_school)
def posters(school: School) -> ResponseReturnValue:
    """Show the choices, the resulting poster, and what is left out."""
    return _page(school)


def _page(school: School, refused: Refused | None = None) -> ResponseReturnValue:
    material = queries.poster_material(school, filters.today())
    form = _form(material)
    draft = draft_of(form.given(), material) if form.validate() else None
    pages, problem = _tried(draft)
    problem = refused or problem
    if problem:
        form.refuse(problem)
    left = draft.left_out if draft else []
    return answer(
        "posters/posters.html",
        form,
        pages=pages,
        chosen=arguments_of(draft.choice) if draft else {},
        has_page=material.page is not None,
        unconfirmed=[one for one in left if one.kind is not WayKind.HELPLINE],
        unchecked=[one for one in left if one.kind is WayKind.HELPLINE],
        on_walls=draft is not None and draft.choice.format in ON_WALLS,
        places=len(queries.places(school.id)),
        can_document=is_open(document_queries.open_criteria(school.id)),
    )


def _tried(draft: PosterDraft | None) -> tuple[int, Refused | None]:
    """Return the number of pages of a poster, or why it cannot be printed."""
    if draft is None:
        return 0, None
    try:
        _picture, pages = draft.preview()
    except Refused as refused:
        return 0, refused
    return pages, None


def _form(material: PosterMaterial) -> PosterForm:
    """Return the form filled from the query string; initially, a poster for older pupils or those named there."""
    country = content().countries.get(material.school.country_code)
    own = country.file.languages if country else []
    offered = offered_languages(material.pupil_languages, own, list(languages.OF_PAGES))
    filled = request.args if "format" in request.args else None
    if filled is None:
        readers = request.args.get("readers", Readers.OLDER)
        start = {"format": PosterFormat.A4, "readers": readers, "first": offered[0]}
        return PosterForm(_multi(start), offered=offered)
    return PosterForm(filled, offered=offered)


def _multi(values: dict[str, str]) -> Any:
    return type(request.args)(values)


def chosen_draft(school: School) -> PosterDraft:
    """Return the draft of the choice in the query string; raise `Missing` if there is none."""
    material = queries.poster_material(school, filters.today())
    form = _form(material)
    if not form.validate():
        raise Missing
    return draft_of(form.given(), material)


@bp.get("/school/toolkit/posters/preview.svg")
@permit(Permission.DOSSIER_READ, of=own_school)
def preview(school: School) -> ResponseReturnValue:
    """Return a page as a picture; raise `Missing` if it cannot be made, as the main page explains why."""
    page = request.args.get("page", 1, type=int)
    try:
        picture, _pages = chosen_draft(school).preview(page)
    except Refused as refused:
        raise Missing from refused
    return Response(picture, mimetype="image/svg+xml")


@bp.post("/school/toolkit/posters/file")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def make(school: School) -> ResponseReturnValue:
    """Return the file, and record its facts, so that it is found when one of them changes."""
    draft = chosen_draft(school)
    try:
        file = draft.pdf()
    except Refused as refused:
        return _page(school, refused)
    services.record_poster(draft.material, draft.choice, draft.ways, by=actor(), at=clock.now())
    return as_file(file, f"{draft.choice.name}-{draft.choice.language}.pdf")


def as_file(file: bytes, name: str) -> Response:
    """Return a PDF as a download."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file, mimetype=PDF, headers=disposition)


@bp.post("/school/toolkit/posters/document")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_document(school: School) -> ResponseReturnValue:
    """Add the poster to the school's documents, where a criterion can name it as evidence."""
    draft = chosen_draft(school)
    try:
        file = draft.pdf()
        document = keep_document(school, POSTER_TITLE, file, "poster.pdf")
    except Refused as refused:
        return _page(school, refused)
    services.record_poster(draft.material, draft.choice, draft.ways, by=actor(), at=clock.now())
    flash(_("The poster is now in your documents."), "success")
    return redirect(url_for("documents.document", document_id=document.id))


def keep_document(school: School, title: str, file: bytes, name: str) -> Document:
    """Add a file to the documents, or a new version of the one added here before, in any language."""
    titles = languages.in_every_language(title)
    old = document_queries.document_titled(school.id, PUBLISHED, titles)
    document, _file = take_document(
        old or NewDocument(school, _(title), PUBLISHED),
        UploadedFile(file, name),
        clamd_url=current_config().clamd_url,
        store=files(),
        by=actor(),
        at=clock.now(),
    )
    return document
