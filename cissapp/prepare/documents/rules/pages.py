"""Pages as a school names them, such as "3-4, 7", and the parts in which a text without pages is shown."""

import re
from collections.abc import Sequence

from cissapp.foundation.core.errors import N_, Problem

LONGEST = 200
MOST_PAGES = 3_000
PART = 4_000  # characters: about a page and a half
SEPARATOR = re.compile(r"[,;]")
SPAN = re.compile(r"\s*(\d{1,4})\s*(?:[-–—]\s*(\d{1,4})\s*)?")

PageSpan = tuple[int, int]


def page_spans(said: str) -> list[PageSpan] | None:
    """Read a list of pages as pairs of first and last page; None, if it is no such list."""
    if len(said) > LONGEST:
        return None
    found = []
    for piece in SEPARATOR.split(said):
        match = SPAN.fullmatch(piece)
        if match is None:
            return None
        first = int(match[1])
        last = int(match[2] or first)
        if not 1 <= first <= last <= MOST_PAGES:
            return None
        found.append((first, last))
    return found


def written_pages(said: Sequence[PageSpan]) -> str:
    """Format a list of pages in the form in which it is stored."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in said)


def first_page(said: str, pages: int | None = None) -> int:
    """Return the page on which a reader begins: the first one named, or the first one of the document."""
    found = page_spans(said) if said else None
    if not found:
        return 1
    return min(found[0][0], pages or MOST_PAGES)


def pages_named(said: str) -> list[int]:
    """List the pages that are named, each once and in the order of the document."""
    return sorted(
        {page for first, last in page_spans(said) or () for page in range(first, last + 1)}
    )


def page_problem(said: str, title: str, pages: int | None) -> Problem | None:
    """Return what is wrong with the pages named for a document; `pages` is how many it has, if known."""
    found = page_spans(said)
    if found is None:
        message = N_(
            "“%(said)s” is not a list of pages in “%(title)s”. Enter pages like this: 3-4, 7."
        )
        return Problem("documents", message, {"said": said[:40], "title": title})
    last = max(end for _, end in found)
    if pages is not None and last > pages:
        message = N_("“%(title)s” has %(pages)s pages. It has no page %(page)s.")
        return Problem("documents", message, {"title": title, "pages": pages, "page": last})
    return None


def parts_of(text: str) -> list[str]:
    """Cut a text without pages into parts of about a page and a half, at the end of a paragraph."""
    parts: list[str] = []
    lines: list[str] = []
    size = 0
    for line in text.split("\n"):
        for piece in _pieces(line):
            if lines and size + len(piece) > PART:
                parts.append("\n".join(lines))
                lines, size = [], 0
            lines.append(piece)
            size += len(piece) + 1
    return [*parts, "\n".join(lines)]


def _pieces(line: str) -> list[str]:
    """Cut a paragraph that is longer than a part."""
    return [line[at : at + PART] for at in range(0, len(line), PART)] or [""]
