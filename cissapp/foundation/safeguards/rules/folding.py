"""Texts as they are compared: one form of every letter, and where each letter came from."""

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
    """A text without marks and capitals; `at` gives for each letter its place in the text it came from."""

    text: str
    at: list[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of a passage in the text it came from."""
        return self.at[start], self.at[end - 1] + 1


def shortened(text: str) -> str:
    """Return as much of a text as is searched: its first 500,000 characters."""
    return text[:LONGEST]


def plain(text: str) -> str:
    """Fold a short text, such as a phrase."""
    return folded(text).text


def folded(text: str) -> Folded:
    """Fold a text: compatibility forms, no accents, no capitals, no apostrophes in words; in linear time.

    One sign may stand for a whole sentence, so the letters that come out are counted as well.
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
    """Write a digit of any writing as ours: what reckons with numbers knows no other."""
    digit = unicodedata.decimal(mark, None)
    return mark if digit is None else str(digit)


_KNOWN: dict[str, str] = {}
