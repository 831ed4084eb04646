"""Fonts of the certificate, and how plain text is set in them: no markup, nothing is fetched."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from cissapp.foundation.core.unicode import normalised

FOLDER = Path(__file__).resolve().parent / "fonts"
SERIF, SERIF_BOLD = "NotoSerif-Regular", "NotoSerif-Bold"
SANS, SANS_BOLD = "NotoSans-Regular", "NotoSans-Bold"
FONTS = (SERIF, SERIF_BOLD, SANS, SANS_BOLD)

# Breaks that look like a blank but are none, and marks that need another glyph in print.
HARD_SPACE = "\u00a0"
DRAWN_AS = str.maketrans({HARD_SPACE: " ", "\u202f": " ", "\u2011": "-"})


# More than any sentence of a certificate has; longer text is refused before it is measured.
LONGEST = 3000


class Unprintable(ValueError):
    """A text has characters that the fonts lack, or does not fit into its place."""


def _open() -> dict[str, TTFont]:
    opened = {}
    for name in FONTS:
        # Without this, every font would carry all of ASCII, printed or not.
        opened[name] = TTFont(name, str(FOLDER / f"{name}.ttf"), asciiReadable=False)
        pdfmetrics.registerFont(opened[name])
    return opened


_opened = _open()


@dataclass(frozen=True)
class Style:
    """A font, its size, and the distance from line to line."""

    font: str
    size: float
    leading: float

    def scaled(self, factor: float) -> "Style":
        """Give the style smaller or larger."""
        return Style(self.font, self.size * factor, self.leading * factor)

    def width(self, text: str) -> float:
        """Measure a line."""
        return float(pdfmetrics.stringWidth(drawn(text), self.font, self.size))


def drawn(text: str) -> str:
    """Give the text as it goes to the page."""
    return text.translate(DRAWN_AS)


def printable(text: str) -> str:
    """Give the text in one form of Unicode; refuse characters that the fonts lack."""
    if len(text) > LONGEST:
        raise Unprintable(f"{len(text)} characters do not fit")
    tidy = normalised("NFC", text)
    known = _opened[SANS].face.charToGlyph
    missing = sorted({mark for mark in drawn(tidy) if ord(mark) not in known})
    if missing:
        raise Unprintable(" ".join(f"U+{ord(mark):04X}" for mark in missing[:10]))
    return tidy


def lines_of(text: str, style: Style, width: float) -> list[str]:
    """Break a text into lines at its blanks; a word that is wider than the line is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if style.width(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while style.width(line) > width:
            cut = _fitting(line, style, width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


def _fitting(word: str, style: Style, width: float) -> int:
    """Say how many marks of a word fit on a line; at least one."""
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
    """Set a text as large as it fits, down to a smallest size; raise `Unprintable` below it."""
    size = style.size
    while size >= smallest:
        tried = style.scaled(size / style.size)
        lines = lines_of(text, tried, width)
        if fits(lines, tried):
            return lines, tried
        size -= 0.5
    raise Unprintable(f"{len(text)} characters do not fit")
