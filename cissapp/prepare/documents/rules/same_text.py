"""Whether two files have the same text: what remains of a text whatever its layout, and its hash."""

import hashlib
import unicodedata
from collections.abc import Sequence

from cissapp.foundation.core.unicode import normalised

# With fewer letters and digits per page there is no real text: for instance a scan with page numbers.
LEAST = 100
# A text of about this length may have been cut there (`intake/worker.py` stops at 500,000).
LONGEST = 490_000


def normalised_text(text: str) -> str:
    """Reduce a text to what does not depend on its layout.

    Compatibility forms are unified (NFKC), so that a ligature equals its letters. White space, line ends
    and invisible characters are removed: the program that saves a file decides where lines end.
    Everything else stays as it is: case, accents, punctuation and digits.
    """
    # Twice, as characters on both sides of a removed one may combine.
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
    """Return the SHA-256 of a normalised text (UTF-8, hexadecimal); None if it cannot identify the file.

    That is so if there is hardly any text (a scan), if it was cut, or if not every page was read: `pages`
    is the number of pages in the file, `texts` are those that were read.
    """
    if len(text.encode()) >= LONGEST or (pages and texts is not None and len(texts) < pages):
        return None
    plain = normalised_text(text)
    if sum(mark.isalnum() for mark in plain) < LEAST * max(1, pages or 1):
        return None
    return hashlib.sha256(plain.encode()).hexdigest()
