"""Searches a school's existing policy for words that may express an element; people must still read it."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.content.values import Criterion
from cissapp.prepare.policy.rules.clauses import ClauseStanding, PlacedClause
from cissapp.prepare.policy.rules.coverage import PARTS
from cissapp.prepare.policy.rules.signs import folded, found_sign

MOST_LETTERS = 300_000
SOFT_HYPHEN = "\xad"
AROUND = 60


class FoundElement(Struct, frozen=True):
    """An element with the page and the surrounding words where it was found; no page if it was not."""

    id: str
    page: int | None = None
    words: str = ""


class ExistingCriterion(Struct, frozen=True):
    """A criterion with its elements as a document says them."""

    id: str
    critical: bool
    elements: tuple[FoundElement, ...]

    @property
    def found(self) -> int:
        """The number of elements whose words were found."""
        return sum(one.page is not None for one in self.elements)


def look_through(
    library: Toolkit,
    criteria: Iterable[Criterion],
    pages: Sequence[str],
    languages: Sequence[str],
) -> list[ExistingCriterion]:
    """Search for the signs of each element, language by language; long documents are cut off."""
    texts, left = [], MOST_LETTERS
    for page in pages:
        texts.append(_page_of(page[: max(left, 0)]))
        left -= len(page)
    return [
        ExistingCriterion(
            one.id,
            one.critical,
            tuple(
                _found(library, element, texts, languages)
                for element in library.elements_of(one.id)
            ),
        )
        for one in criteria
        if one.part in PARTS and library.elements_of(one.id)
    ]


def _page_of(text: str) -> tuple[str, str]:
    """Return a page for searching and for display, so that positions are the same in both."""
    shown = " ".join(text.replace(SOFT_HYPHEN, "").split())
    said = folded(shown)
    return said, shown if len(shown) == len(said) else said


def _found(
    library: Toolkit,
    element_id: str,
    pages: Sequence[tuple[str, str]],
    languages: Sequence[str],
) -> FoundElement:
    for language in languages:
        signs = library.element(element_id, language).signs
        for number, (said, shown) in enumerate(pages, start=1):
            hit = found_sign(said, signs)
            if hit:
                return FoundElement(element_id, number, _around(shown, hit.start(), hit.end()))
    return FoundElement(element_id)


def _around(text: str, start: int, end: int) -> str:
    """Cut out the words at a place, whole words only."""
    first = text.rfind(" ", 0, max(start - AROUND, 0)) + 1
    last = text.find(" ", min(end + AROUND, len(text)))
    last = len(text) if last < 0 else last
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return f"{before}{text[first:last]}{after}"


def clauses_for(
    found: Iterable[ExistingCriterion], placed: Sequence[PlacedClause]
) -> list[PlacedClause]:
    """List the available clauses for elements that were not found, in the order of the policy."""
    wanted = {element.id for one in found for element in one.elements if element.page is None}
    return [
        one
        for one in placed
        if wanted & set(one.clause.key.elements)
        and one.standing
        in {ClauseStanding.AS_IT_IS, ClauseStanding.CHANGED, ClauseStanding.INCOMPLETE}
    ]


def count_found(found: Iterable[ExistingCriterion]) -> Mapping[str, int]:
    """Count the elements whose words were found, and all."""
    rows = list(found)
    return {
        "found": sum(one.found for one in rows),
        "total": sum(len(one.elements) for one in rows),
    }
