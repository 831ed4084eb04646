"""Folded texts for comparison: one form for every character, with its position in the original text."""

import unicodedata

from msgspec import Struct

LONGEST = 500_000
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
SAME = str.maketrans(
    {
        "’": "'",
        "ʼ": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "№": "№",
    }
)


class Folded(Struct, frozen=True):
    """A text without accents and capitals; `at` maps each character to its position in the original."""

    text: str
    at: list[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of a passage in the original text."""
        return self.at[start], self.at[end - 1] + 1


def shortened(text: str) -> str:
    """Return as much of a text as is searched: its first 500,000 characters."""
    return text[:LONGEST]


def plain(text: str) -> str:
    """Fold a short text, such as a phrase."""
    return folded(text).text


def folded(text: str) -> Folded:
    """Fold a text in linear time: compatibility forms, no accents, capitals or apostrophes in words.

    One character may expand to a whole sentence, so the output is limited to 500,000 characters as well.
    """
    letters: list[str] = []
    at: list[int] = []
    for number, mark in enumerate(text):
        if len(letters) >= LONGEST:
            break
        for letter in _folded(mark):
            if letter == "'" and letters and letters[-1].isalnum():
                continue
            letters.append(letter)
            at.append(number)
    return Folded("".join(letters), at)


def _folded(mark: str) -> str:
    if mark < "\x80":
        return mark.lower()
    known = _KNOWN.get(mark)
    if known is None:
        parts = unicodedata.normalize("NFKD", mark.translate(INVISIBLE).translate(SAME)).casefold()
        known = "".join(_digit(one) for one in parts if not unicodedata.combining(one))
        if len(_KNOWN) < 4_096:
            _KNOWN[mark] = known
    return known


def _digit(mark: str) -> str:
    """Convert a digit of any script to ASCII, so that numbers can be calculated with."""
    digit = unicodedata.decimal(mark, None)
    return mark if digit is None else str(digit)


_KNOWN: dict[str, str] = {}
