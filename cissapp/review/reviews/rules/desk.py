"""State of the review desk in its URL: which document is open beside the criterion, where, and how. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.content.values import Criterion
from cissapp.prepare.applications.submission_content.values import (
    SubmissionContent,
    SubmittedDocument,
)
from cissapp.prepare.documents.rules.pages import first_page
from cissapp.review.reviews.rules.agreement import MECHANISM_PART
from cissapp.review.reviews.rules.references import MECHANISM

PAGE_DIGITS = 6


class PageShape(StrEnum):
    """How a page of a document is shown."""

    PICTURE = "picture"
    TEXT = "text"


class RailFilter(StrEnum):
    """Which criteria the rail shows."""

    ALL = "all"
    TO_DO = "to_do"
    CRITICAL = "critical"


class DeskState(Struct, frozen=True):
    """What is kept when the criterion changes.

    `document` is a version id, or "mechanism"; `follow` opens the evidence of the criterion, if it has any.
    """

    document: str = ""
    page: int | None = None
    shape: PageShape = PageShape.PICTURE
    searched: str = ""
    show: RailFilter = RailFilter.ALL
    follow: bool = False

    def address(self, **changes: object) -> dict[str, str]:
        """Return the state, with changes, as query arguments; default values are left out."""
        new = replace(self, **changes) if changes else self
        said = {
            "document": new.document,
            "page": str(new.page) if new.page else "",
            "shape": new.shape.value if new.shape is not PageShape.PICTURE else "",
            "search": new.searched,
            "show": new.show.value if new.show is not RailFilter.ALL else "",
            "follow": "1" if new.follow else "",
        }
        return {key: value for key, value in said.items() if value}


def state_of(address: Mapping[str, str]) -> DeskState:
    """Parse the state from query arguments; unknown values fall back to the defaults."""
    page, shape, show = (address.get(key, "") for key in ("page", "shape", "show"))
    return DeskState(
        document=address.get("document", ""),
        page=int(page) if page.isdecimal() and len(page) < PAGE_DIGITS else None,
        shape=PageShape(shape) if shape in set(PageShape) else PageShape.PICTURE,
        searched=address.get("search", "").strip(),
        show=RailFilter(show) if show in set(RailFilter) else RailFilter.ALL,
        follow="follow" in address,
    )


class OpenPlace(Struct, frozen=True):
    """The document that is open, None for the reporting mechanism, and its page."""

    document: SubmittedDocument | None
    page: int = 1

    @property
    def reference(self) -> str:
        """The place, written as in `rules.references`."""
        return f"{self.document.version.id}#{self.page}" if self.document else MECHANISM


def open_place(content: SubmissionContent, criterion: Criterion, state: DeskState) -> OpenPlace:
    """Return what is open beside a criterion: what was chosen, else the evidence that the school named.

    A reviewer who comes from another criterion keeps the open document, turned to the page that the school
    named, unless the evidence is elsewhere.
    """
    asked = next((one for one in content.documents if str(one.version.id) == state.document), None)
    chosen = asked is not None or state.document == MECHANISM
    named = content.documents_of(criterion.id)
    if chosen and not (state.follow and has_evidence(criterion, content)):
        return OpenPlace(
            asked, _inside(asked, state.page or _named_page(content, criterion, asked))
        )
    if named:
        first = asked if asked in named else named[0]
        return OpenPlace(first, _named_page(content, criterion, first))
    if criterion.part == MECHANISM_PART or not content.documents:
        return OpenPlace(None)
    return OpenPlace(content.documents[0])


def has_evidence(criterion: Criterion, content: SubmissionContent) -> bool:
    """Return whether there is evidence for a criterion to turn to."""
    return bool(content.documents_of(criterion.id)) or criterion.part == MECHANISM_PART


def named_pages(
    content: SubmissionContent, criterion: Criterion, document: SubmittedDocument | None
) -> str:
    """Return the pages of a document that the school named for a criterion, as it wrote them."""
    own = content.score(criterion.id)
    return own.anchors.get(document.id, "") if own and document else ""


def _named_page(
    content: SubmissionContent, criterion: Criterion, document: SubmittedDocument | None
) -> int:
    last = document.version.pages if document else None
    return first_page(named_pages(content, criterion, document), last)


def _inside(document: SubmittedDocument | None, page: int) -> int:
    last = document.version.pages if document else 1
    return max(1, min(page, last or page))


def next_to_score(ids: list[str], criterion_id: str, left: Iterable[str]) -> str | None:
    """Return the next unscored criterion, starting over at the end; None if no other one is left."""
    waiting = [one for one in left if one != criterion_id]
    after = ids[ids.index(criterion_id) + 1 :]
    return next((one for one in after if one in waiting), waiting[0] if waiting else None)
