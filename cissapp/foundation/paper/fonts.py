"""The fonts of everything drawn: the paths of their files, opened once for ReportLab."""

from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).resolve().parent / "fonts"
SERIF, SERIF_BOLD = "NotoSerif-Regular", "NotoSerif-Bold"
SANS, SANS_BOLD = "NotoSans-Regular", "NotoSans-Bold"
FONTS = (SERIF, SERIF_BOLD, SANS, SANS_BOLD)
# The same font, but with all of ASCII in every file, as an ordinary word processor writes it.
OFFICE_SERIF = "NotoSerif-Regular with ASCII"


def file_of(font: str) -> Path:
    """Return the path of a font's file."""
    return FOLDER / f"{font}.ttf"


def _opened() -> dict[str, TTFont]:
    """Open the fonts and register them with ReportLab."""
    # Without `asciiReadable=False`, every font would carry all of ASCII, printed or not.
    opened = {font: TTFont(font, str(file_of(font)), asciiReadable=False) for font in FONTS}
    for font in (*opened.values(), TTFont(OFFICE_SERIF, str(file_of(SERIF)))):
        pdfmetrics.registerFont(font)
    # There is no italic font, so emphasis uses the serif font.
    pdfmetrics.registerFontFamily(
        SANS, normal=SANS, bold=SANS_BOLD, italic=SERIF, boldItalic=SERIF_BOLD
    )
    return opened


# Opened on import rather than on first use, because two threads must never open them at once.
GLYPHS = frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in _opened().values()))


def has_glyph(character: str) -> bool:
    """Return whether all our fonts can draw a character."""
    return ord(character) in GLYPHS


def without_glyph(text: str) -> list[str]:
    """List the characters of a text that not all our fonts can draw."""
    return sorted(map(chr, set(map(ord, text)) - GLYPHS))


def width_of(text: str, font: str, size: float) -> float:
    """Measure a text on one line, in points."""
    return float(pdfmetrics.stringWidth(text, font, size))
