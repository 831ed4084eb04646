"""The round of a school: which posters are up, a sheet to take round, ticks, and the list as a document."""

from collections.abc import Sequence

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.office.manuscripts import Manuscript
from cissapp.foundation.office.pdf_files import pdf_of
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.posters import queries, services
from cissapp.prepare.posters.forms import PosterPlaceForm
from cissapp.prepare.posters.models import PlacedPoster, PosterPlace
from cissapp.prepare.posters.phrases.rounds import round_line, round_manuscript
from cissapp.prepare.posters.rules.rounds import (
    CODE_LENGTH,
    MOST_PLACES,
    PosterState,
)
from cissapp.prepare.posters.views.blueprint import bp
from cissapp.prepare.posters.views.drafting import PosterDraft, draft_of, unprinted
from cissapp.prepare.posters.views.posters import as_file, chosen_draft, keep_document

ROUND_TITLE = N_("Poster round")


@bp.route("/school/toolkit/posters/round", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def poster_round(school: School) -> ResponseReturnValue:
    """Show which posters are up, since when, and when they were last seen; add a place."""
    form = PosterPlaceForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.add_place(school, form.name.data or "", by=actor(), at=clock.now())
            flash(_("The place is now on the list."), "success")
            return _back()
    return _round_page(school, form)


def _round_page(school: School, form: PosterPlaceForm) -> ResponseReturnValue:
    found = queries.poster_round(school.id, filters.today())
    counts = {state: sum(one.state is state for one in found) for state in PosterState}
    return answer(
        "posters/round.html",
        form,
        lines=[round_line(one) for one in found],
        counts=counts,
        states=PosterState,
        full=len(found) >= MOST_PLACES,
        can_document=is_open(document_queries.open_criteria(school.id)),
    )


def _back() -> ResponseReturnValue:
    return redirect(url_for("posters.poster_round"))


@bp.post("/school/toolkit/posters/round/places/<uuid:place_id>/remove")
@permit(Permission.DOSSIER_EDIT, of=queries.place)
def remove_place(place: PosterPlace) -> ResponseReturnValue:
    """Remove a place from the round."""
    services.remove_place(place, by=actor(), at=clock.now())
    flash(_("The place has been removed. Its poster says so when someone scans it."), "success")
    return _back()


@bp.post("/school/toolkit/posters/round/<uuid:poster_id>/seen")
@permit(Permission.DOSSIER_EDIT, of=queries.placed_poster)
def tick(poster: PlacedPoster) -> ResponseReturnValue:
    """Record that someone at the school saw the poster today."""
    services.tick_poster(poster, by=actor(), at=clock.now())
    return _back()


# --- posters for places --------------------------------------------------------------------------


@bp.post("/school/toolkit/posters/round/file")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def print_round(school: School) -> ResponseReturnValue:
    """Make a poster for each place, or only for those without one, each with its own code."""
    draft = chosen_draft(school)
    found = queries.poster_round(school.id, filters.today())
    only_new = request.args.get("which") == "new"
    places = [one.place for one in found if not (only_new and one.poster)]
    if not places:
        flash(_("Every place already has a poster."), "info")
        return _back()
    try:
        draft.pdf(_hardest(places))
    except Refused as refused:
        return _refused(school, refused)
    made = services.print_for_places(school, places, draft.choice, by=actor(), at=clock.now())
    names = {one.id: one.name for one in places}
    return _placed(draft, [(names[one.place_id], _address(one)) for one in made])


def _hardest(places: Sequence[PosterPlace]) -> list[tuple[str, str]]:
    """List the places whose names are hardest to print: the longest, and those with unknown characters.

    Unprintable names are refused before new codes are created and current posters are withdrawn.
    """
    names = [one.name for one in places]
    address = current_app.config["BASE_URL"] + url_for("posters.spot", code="0" * CODE_LENGTH)
    return [(one, address) for one in (max(names, key=len), *filter(unprinted, names))]


def _refused(school: School, refused: Refused) -> ResponseReturnValue:
    form = PosterPlaceForm(None)
    form.refuse(refused)
    return _round_page(school, form)


@bp.post("/school/toolkit/posters/round/<uuid:poster_id>/file")
@permit(Permission.DOSSIER_EDIT, of=queries.placed_poster)
def print_again(poster: PlacedPoster) -> ResponseReturnValue:
    """Return the file of a poster again, with the same code and current contacts."""
    place = queries.place(poster.place_id)
    school = own_school(actor())
    assert place is not None  # noqa: S101 -- a poster of a removed place is withdrawn
    assert school is not None  # noqa: S101 -- who reaches the poster has its school
    draft = draft_of(poster.choice, queries.poster_material(school, filters.today()))
    try:
        return _placed(draft, [(place.name, _address(poster))])
    except Refused as refused:
        return _refused(school, refused)


def _placed(draft: PosterDraft, places: list[tuple[str, str]]) -> ResponseReturnValue:
    file = draft.pdf(places)
    services.record_poster(draft.material, draft.choice, draft.ways, by=actor(), at=clock.now())
    return as_file(file, "posters.pdf")


def _address(poster: PlacedPoster) -> str:
    base: str = current_app.config["BASE_URL"]
    return base + url_for("posters.spot", code=poster.code)


# --- on paper --------------------------------------------------------------------------------------


@bp.get("/school/toolkit/posters/round/sheet.pdf")
@permit(Permission.DOSSIER_READ, of=own_school)
def sheet(school: School) -> ResponseReturnValue:
    """Return the list to take round, with boxes for each place."""
    return as_file(pdf_of(_manuscript(school, boxes=True)), "poster-round.pdf")


@bp.post("/school/toolkit/posters/round/document")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def document_round(school: School) -> ResponseReturnValue:
    """Add the current list to the school's documents."""
    file = pdf_of(_manuscript(school, boxes=False))
    try:
        document = keep_document(school, ROUND_TITLE, file, "poster-round.pdf")
    except Refused as refused:
        return _refused(school, refused)
    flash(_("The list is now in your documents."), "success")
    return redirect(url_for("documents.document", document_id=document.id))


def _manuscript(school: School, *, boxes: bool) -> Manuscript:
    found = queries.poster_round(school.id, filters.today())
    demo = current_config().demo
    return round_manuscript(
        school.name, found, languages.current(), boxes=boxes, across="DEMO" if demo else ""
    )
