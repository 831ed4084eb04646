"""What the desk of a criterion shows beside its form: the rail of criteria, the document, what was found in it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import ShownProblem, shown
from cissapp.foundation.web.readings import note_reading
from cissapp.prepare.applications.phrases.mechanism import ShownMechanism
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.services import page_viewer
from cissapp.prepare.documents.services.page_viewer import PageView
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Score
from cissapp.review.reviews.queries import Case, CriterionPage, FoundInDocument
from cissapp.review.reviews.rules.desk import DeskState, PageShape, RailFilter
from cissapp.review.reviews.rules.outcomes import SOUND
from cissapp.review.reviews.rules.passages import (
    MarkedText,
    marked,
    paragraphs,
    search_pattern,
    telling_stems,
)
from cissapp.review.reviews.rules.references import MECHANISM
from cissapp.review.reviews.rules.scores import is_far_apart
from cissapp.review.reviews.views.mechanism import shown_mechanism


class Desk(Struct, frozen=True):
    """The desk at a criterion of a case: the state from the URL, and what was loaded for it."""

    case: Case
    standard: Standard
    criterion: Criterion
    state: DeskState
    sheet: CriterionPage
    writes: bool

    @property
    def open_now(self) -> DeskState:
        """The state with what is open filled in, whether it was chosen or is the default."""
        place = self.sheet.place
        return replace(
            self.state,
            document=str(place.document.version.id) if place.document else MECHANISM,
            page=place.page if place.document else None,
            follow=False,
        )

    @property
    def kept(self) -> dict[str, str]:
        """What is open, as query arguments."""
        return self.open_now.address()

    @property
    def without_search(self) -> dict[str, str]:
        """What is open, as query arguments without the search, for the search form."""
        return self.open_now.address(searched="")

    @property
    def searches_too_little(self) -> bool:
        """Whether the search is too short to run; to report no matches would be untrue."""
        return bool(self.state.searched) and search_pattern(self.state.searched) is None

    @property
    def problems(self) -> list[ShownProblem]:
        """What prevents agreeing with the school in one step, in words."""
        return [shown(one) for one in self.sheet.agreement]

    def href(self, criterion_id: str | None = None, **changes: Any) -> str:
        """Return the URL of the desk at a criterion, keeping what is open."""
        arguments: dict[str, Any] = self.open_now.address(**changes)
        return url_for(
            "reviews.criterion",
            application_id=self.case.application.id,
            criterion_id=criterion_id or self.criterion.id,
            **arguments,
        )

    def as_shape(self, shape: str) -> str:
        """Return the address of the same page as picture or as text."""
        return self.href(shape=PageShape(shape))

    def found_at(self, found: FoundInDocument) -> str:
        """Return the URL of a page with matches, as text, where they are marked."""
        document = str(found.document.version.id)
        return self.href(document=document, page=found.place.page, shape=PageShape.TEXT)


# --- the rail --------------------------------------------------------------------------------


class RailTile(Struct, frozen=True):
    """A criterion in the rail; `level` is the text on the tile, `name` its accessible name."""

    id: str
    href: str
    name: str
    level: str
    critical: bool
    scored: bool
    low: bool
    far: bool
    current: bool


class RailPart(Struct, frozen=True):
    """A part of the rubric in the rail: how many of its criteria are scored, and those that are shown."""

    id: str
    title: str
    scored: int
    total: int
    tiles: list[RailTile]


def rail(desk: Desk) -> list[RailPart]:
    """List the criteria by part, narrowed by the filter; with levels where the person may see them."""
    text = desk.standard.rubric_text(languages.current())
    parts = []
    for part in desk.standard.rubric.parts:
        own = [one for one in desk.standard.criteria if one.part == part.id]
        scored = sum(one.id in desk.case.scores for one in own)
        tiles = [_tile(desk, one) for one in own if _is_shown(desk, one)]
        parts.append(RailPart(part.id, text.parts[part.id].title, scored, len(own), tiles))
    return parts


def _is_shown(desk: Desk, criterion: Criterion) -> bool:
    if desk.state.show is RailFilter.TO_DO:
        return criterion.id not in desk.case.scores or criterion.id == desk.criterion.id
    return desk.state.show is RailFilter.ALL or criterion.critical


def _tile(desk: Desk, criterion: Criterion) -> RailTile:
    score, own = desk.case.scores.get(criterion.id), desk.case.dossier.score(criterion.id)
    level = score.level if score else None
    low = criterion.critical and level is not None and level < SOUND
    far = is_far_apart(level, own.level if own else None)
    said = [
        f"{criterion.id} · {criterion.text(languages.current()).title}",
        _("critical") if criterion.critical else "",
        _said(score) if score or desk.case.mine else "",
        _("critical and below 2") if low else "",
        _("2 levels away from the school’s") if far else "",
    ]
    return RailTile(
        criterion.id,
        desk.href(criterion.id, follow=True),
        ", ".join(one for one in said if one),
        "·" if score is None else "–" if level is None else str(level),
        criterion.critical,
        scored=score is not None,
        low=low,
        far=far,
        current=criterion.id == desk.criterion.id,
    )


def _said(score: Score | None) -> str:
    if score is None:
        return str(_("Not scored yet"))
    if score.level is None:
        return str(_("Not applicable"))
    return str(_("Level %(level)s", level=score.level))


def rail_filters(desk: Desk) -> list[tuple[str, str, bool]]:
    """List the filters of the rail: label with count, URL, and whether it is in use."""
    criteria = desk.standard.criteria
    numbers = {
        RailFilter.ALL: len(criteria),
        RailFilter.TO_DO: sum(one.id not in desk.case.scores for one in criteria),
        RailFilter.CRITICAL: sum(one.critical for one in criteria),
    }
    names = {
        RailFilter.ALL: _("All %(number)s", number=numbers[RailFilter.ALL]),
        RailFilter.TO_DO: _("To do %(number)s", number=numbers[RailFilter.TO_DO]),
        RailFilter.CRITICAL: f"★ {numbers[RailFilter.CRITICAL]}",
    }
    kept = list(RailFilter) if desk.case.mine else [RailFilter.ALL, RailFilter.CRITICAL]
    return [(names[one], desk.href(show=one), one is desk.state.show) for one in kept]


# --- the document ----------------------------------------------------------------------------


class ShownDocument(Struct, frozen=True):
    """What the document pane shows: a page as picture or as marked text, or the mechanism."""

    version: DocumentVersion | None
    leaf: PageView | None
    shape: PageShape
    text: list[list[MarkedText]]
    mechanism: ShownMechanism | None


def shown_document(desk: Desk) -> ShownDocument:
    """Return what is open beside the criterion; a text has the words of the criterion and of the search marked."""
    case, place = desk.case, desk.sheet.place
    version = (
        queries.version_of(case.application, place.document.version.id) if place.document else None
    )
    if version is None:
        mechanism = shown_mechanism(case.dossier.mechanism)
        return ShownDocument(None, None, PageShape.TEXT, [], mechanism)
    note_reading(Event.DOCUMENT_READ, version, school_id=case.application.school_id)
    leaf = _leaf(version, place.page)
    drawn = leaf.picture is not None and version.media_type is MediaType.PDF
    shape = desk.state.shape if drawn else PageShape.TEXT
    text = marked_text(desk, leaf.text or "") if shape is PageShape.TEXT else []
    return ShownDocument(version, leaf, shape, text, None)


def _leaf(version: DocumentVersion, page: int) -> PageView:
    """Return a page, or the first one if a text without fixed pages has fewer parts than the page named."""
    try:
        return page_viewer.view_page(version, page, store=files(), at=clock.now())
    except Missing:
        return page_viewer.view_page(version, 1, store=files(), at=clock.now())


def marked_text(desk: Desk, text: str) -> list[list[MarkedText]]:
    """Return a text in paragraphs, with the words of the criterion and of the search marked."""
    language = desk.case.dossier.school.language
    texts = {
        one.id: f"{one.text(language).title} {one.text(language).question}"
        for one in desk.standard.criteria
    }
    stems = telling_stems(texts[desk.criterion.id], texts.values())
    pattern = search_pattern(desk.state.searched)
    return [marked(one, stems, pattern) for one in paragraphs(text)]


class DocumentTab(Struct, frozen=True):
    """A document in the row of tabs; `named` by the school for this criterion."""

    title: str
    href: str
    named: bool
    current: bool


def tabs(desk: Desk) -> list[DocumentTab]:
    """List the documents of the round, those named for the criterion first, and the reporting mechanism."""
    named, chosen = desk.sheet.named, desk.sheet.chosen
    documents = sorted(desk.case.dossier.documents, key=lambda one: one not in named)
    found = [
        DocumentTab(
            one.title,
            desk.href(document=str(one.version.id), page=None),
            one in named,
            chosen is not None and one.id == chosen.id,
        )
        for one in documents
    ]
    mechanism = desk.href(document=MECHANISM, page=None)
    return [*found, DocumentTab(_("Reporting mechanism"), mechanism, False, chosen is None)]  # noqa: FBT003 -- named fields


class EvidenceLink(Struct, frozen=True):
    """A page that the school named as evidence."""

    label: str
    href: str


def evidence_links(desk: Desk) -> list[EvidenceLink]:
    """List the evidence that the school named for the criterion, each with the page where it begins."""
    own = desk.sheet.own
    return [
        EvidenceLink(
            _("%(title)s, page %(page)s", title=one.title, page=pages)
            if (pages := own.anchors.get(one.id, "") if own else "")
            else one.title,
            desk.href(document=str(one.version.id), page=None),
        )
        for one in desk.sheet.named
    ]
