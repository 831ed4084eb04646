"""Detects the encoding of a text file from its characters, and reports when it is ambiguous."""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable
from itertools import islice
from typing import BinaryIO

from msgspec import Struct

from cissapp.people.school_lists.rules.cells import BROKEN_LETTER

UTF8, UTF16, UTF16_LE, UTF16_BE = "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"
# In order of preference where the characters do not tell them apart.
EIGHT_BIT = ("cp1251", "cp1250", "cp1252", "koi8-u", "cp866")

# There are this many whole letters for each broken one.
FEWEST_WHOLE = 10

LOOKED_AT = 400_000
WORDS = 3_000
PIECE = 1_000_000
# The lead in score that an encoding needs over the next one to be considered certain, and the score itself.
SURE_BY, SURE_FROM = 0.2, 0.0
# Letters, and the lines and boxes that letters become in a wrong encoding.
WORD = re.compile(r"(?:[^\W\d_]|[\u2500-\u259f])+")
CYRILLIC = re.compile(r"[а-яёіїєґў]+", re.IGNORECASE)
# Non-ASCII letters of Romanian, Hungarian, Polish, German and French words.
CENTRAL = frozenset("ăâîşţáéíóöőúüűąćęłńśźżčšžřěůýäëç")
WESTERN = frozenset("âîáéíóöúüäëçàèùêôûœßñï")


class Reading(Struct, frozen=True):
    """The encoding of a file, and the others that fit equally well."""

    charset: str
    others: tuple[str, ...] = ()


def charset_of(file: BinaryIO) -> Reading:
    """Return the encoding of a text file, with the others that cannot be told from it."""
    file.seek(0)
    start = file.read(LOOKED_AT)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Reading(UTF16)
    if b"\0" in start:
        return Reading(_utf16_of(start))
    if _is_utf8(file) or _is_nearly_utf8(start):
        return Reading(UTF8)
    return _by_letters(start)


def _utf16_of(start: bytes) -> str:
    """Distinguish the two byte orders: ASCII characters have their zero byte second or first."""
    return UTF16_LE if start[1::2].count(0) >= start[::2].count(0) else UTF16_BE


def _is_utf8(file: BinaryIO) -> bool:
    """Check whether all of a file is UTF-8, a piece at a time."""
    decoder = getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_nearly_utf8(start: bytes) -> bool:
    """Check whether few letters of a text are broken: exports cut long texts in the middle of a letter."""
    text = getincrementaldecoder("utf-8")("replace").decode(start)
    broken = text.count(BROKEN_LETTER)
    whole = sum(not letter.isascii() for letter in text) - broken
    return whole > FEWEST_WHOLE * broken


def _by_letters(start: bytes) -> Reading:
    texts = {charset: start.decode(charset, errors="replace") for charset in EIGHT_BIT}
    scores = {charset: _score(text, charset) for charset, text in texts.items()}
    ordered = sorted(EIGHT_BIT, key=lambda charset: -scores[charset])
    best = ordered[0]
    others = [
        charset
        for charset in ordered[1:]
        if not SURE_FROM <= scores[best] >= scores[charset] + SURE_BY
        and texts[charset] != texts[best]
    ]
    return Reading(best, tuple(others))


def _score(text: str, charset: str) -> float:
    """Return how plausible the non-ASCII words look in an encoding, from -1 to 1."""
    words = list(islice((one[0] for one in WORD.finditer(text) if not one[0].isascii()), WORDS))
    looks = LOOKS[charset]
    if not words:
        return -1.0
    return sum(1 if looks(word) else -1 for word in words) / len(words)


def _looks_cyrillic(word: str) -> bool:
    """Check whether a word has only Cyrillic letters, with capitals only where words have them."""
    cased = word.isupper() or word[1:].islower() or len(word) == 1
    return CYRILLIC.fullmatch(word) is not None and cased


def _looks_latin(letters: frozenset[str]) -> Callable[[str], bool]:
    def looks(word: str) -> bool:
        strange = [letter for letter in word.lower() if not letter.isascii()]
        cased = word.isupper() or word[1:].islower() or len(word) == 1
        return cased and 2 * len(strange) <= len(word) and letters.issuperset(strange)

    return looks


LOOKS: dict[str, Callable[[str], bool]] = {
    "cp1251": _looks_cyrillic,
    "koi8-u": _looks_cyrillic,
    "cp866": _looks_cyrillic,
    "cp1250": _looks_latin(CENTRAL),
    "cp1252": _looks_latin(WESTERN),
}
