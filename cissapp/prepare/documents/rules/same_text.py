"""When two files have the same text: what stays of a text when it is laid out anew, and its hash."""

import hashlib
import unicodedata
from collections.abc import Sequence

from cissapp.foundation.core.unicode import normalised

# Fewer letters and figures a page are no text of a document: a scan with page numbers, for instance.
LEAST = 100
# A text of about this length may have been cut there (`intake/worker.py` stops at 500,000).
LONGEST = 490_000


def normalised_text(text: str) -> str:
    """Write a text so that only what was said counts.

    Compatibility forms are one (NFKC), so that a ligature is its letters. White space, line ends and
    invisible marks go: where a line ends is decided by the program that saves it. Everything else
    stays as it is, letter by letter: case, accents, punctuation and figures.
    """
    # Twice: what stood on both sides of a blank may belong together.
    return normalised("NFKC", _visible(normalised("NFKC", text)))


def _visible(text: str) -> str:
    return "".join(
        mark
        for mark in text
        if not mark.isspace() and unicodedata.category(mark) not in {"Cf", "Cc", "Co", "Cn", "Cs"}
    )


def normalised_text_sha256(
    text: str, *, pages: int | None = None, texts: Sequence[str] | None = None
) -> str | None:
    """Return the SHA-256 of a normalised text (UTF-8, hexadecimal); None, where it cannot stand for the file.

    That is so where there is hardly any text (a scan), where it was cut, or where not every page was
    read: `pages` is how many the file has, `texts` are those that were read.
    """
    if len(text.encode()) >= LONGEST or (pages and texts is not None and len(texts) < pages):
        return None
    plain = normalised_text(text)
    if sum(mark.isalnum() for mark in plain) < LEAST * max(1, pages or 1):
        return None
    return hashlib.sha256(plain.encode()).hexdigest()
