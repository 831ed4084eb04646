"""How plain text is set: what can be printed, and where a line breaks; no markup, nothing is fetched."""

from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from cissapp.foundation.core.unicode import normalised

# Non-breaking characters that are drawn as ordinary ones, and signs that need another glyph in print.
HARD_SPACE = "\u00a0"
DRAWN_AS = str.maketrans(
    {HARD_SPACE: " ", "\u202f": " ", "\u2011": "-", "→": "->", "☐": "[ ]", "☑": "[x]"}
)
UNKNOWN = "?"
# More than any sentence of a certificate has; longer text is refused before it is measured.
LONGEST = 3000
# Measured texts are kept: so many, and so short, that they take two megabytes.
KEPT, LONGEST_KEPT = 8192, 60


class Unprintable(ValueError):
    """A text has characters that the fonts lack, or does not fit into its place."""


class Style(Struct, frozen=True):
    """A font, its size, and the distance from line to line."""

    font: str
    size: float
    leading: float

    def scaled(self, factor: float) -> "Style":
        """Return the style scaled by a factor."""
        return Style(self.font, self.size * factor, self.leading * factor)

    def width(self, text: str) -> float:
        """Return the width of a line."""
        measure = _kept_measure if len(text) <= LONGEST_KEPT else _measure
        return 0.001 * self.size * measure(text, self.font)


def _measure(text: str, font: str) -> float:
    """Measure a text at a size of 1000, at which nothing is rounded."""
    from cissapp.foundation.paper.fonts import width_of  # noqa: PLC0415 -- slow import

    return width_of(drawn(text), font, 1000)


# The words of a poster are tried at fifteen sizes.
_kept_measure = lru_cache(maxsize=KEPT)(_measure)


def drawn(text: str) -> str:
    """Return the text with the characters to be drawn."""
    return text.translate(DRAWN_AS)


def printable(text: str) -> str:
    """Return the text normalised; raise `Unprintable` if it is too long or the fonts lack characters."""
    from cissapp.foundation.paper.fonts import without_glyph  # noqa: PLC0415 -- slow import

    if len(text) > LONGEST:
        raise Unprintable(f"{len(text)} characters do not fit")
    tidy = normalised("NFC", text)
    missing = without_glyph(drawn(tidy))
    if missing:
        raise Unprintable(" ".join(f"U+{ord(mark):04X}" for mark in missing[:10]))
    return tidy


def legible(text: str) -> str:
    """Return the text with a question mark for each character that the fonts lack."""
    from cissapp.foundation.paper.fonts import has_glyph  # noqa: PLC0415 -- slow import

    return "".join(
        mark if mark == "\n" or all(map(has_glyph, drawn(mark))) else UNKNOWN for mark in text
    )


def lines_of(text: str, style: Style, width: float) -> list[str]:
    """Break a text into lines at spaces; a word wider than the line is split."""
    lines: list[str] = []
    line, used, blank = "", 0.0, style.width(" ")
    for word in text.split(" "):
        # Each word is measured only once, since no kerning is applied between characters.
        wide = style.width(word)
        if not line or used + blank + wide <= width:
            line, used = (f"{line} {word}", used + blank + wide) if line else (word, wide)
        else:
            lines.append(line)
            line, used = word, wide
        while used > width:
            cut = letters_that_fit(line, style, width)
            lines.append(line[:cut])
            line = line[cut:]
            used = style.width(line)
    return [*lines, line] if line else lines


def letters_that_fit(word: str, style: Style, width: float) -> int:
    """Return how many characters of a word fit on a line, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if style.width(word[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def fitted(
    text: str,
    style: Style,
    fits: Callable[[list[str], Style], bool],
    width: float,
    smallest: float,
) -> tuple[list[str], Style]:
    """Set a text as large as fits; raise `Unprintable` if it does not fit at the smallest size."""
    size = style.size
    while size >= smallest:
        tried = style.scaled(size / style.size)
        lines = lines_of(text, tried, width)
        if fits(lines, tried):
            return lines, tried
        size -= 0.5
    raise Unprintable(f"{len(text)} characters do not fit")


def on_one_line(lines: list[str], _style: Style) -> bool:
    """Return whether a text takes a single line."""
    return len(lines) == 1


def on_two_lines(lines: list[str], _style: Style) -> bool:
    """Return whether a text takes two lines at most."""
    return len(lines) <= 2
