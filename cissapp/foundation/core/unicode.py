"""One form of Unicode for texts of strangers, in time that grows with their length alone."""

import unicodedata
from typing import Literal

# More marks than any writing puts on a letter; Unicode's own limit for a stream (UAX 15, D4).
MOST_MARKS = 30
# They count as letters of their own, and are written with marks alone once they are taken apart.
MARKS_IN_DISGUISE = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")

Form = Literal["NFC", "NFKC", "NFKD"]


def normalised(form: Form, text: str) -> str:
    """Return a text in a form of Unicode, without the marks on a letter that are too many for any writing.

    The standard library sorts the marks on a letter by comparing each with each, and holds up every thread
    meanwhile: 128,000 of them on one letter took 16 seconds.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, with_few_marks(text))


def with_few_marks(text: str) -> str:
    """Return a text without what stands behind the thirtieth mark on a letter."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        is_mark = unicodedata.combining(letter) or letter in MARKS_IN_DISGUISE
        marks = marks + 1 if is_mark else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
