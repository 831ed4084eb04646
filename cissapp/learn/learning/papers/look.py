"""Fonts, colours and measures of a lesson on paper, in points."""

from functools import cache

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from cissapp.foundation.paper.text import FOLDER
from cissapp.learn.learning.papers.sheets import Size

PLAIN, STRONG, STRESSED, BOTH = "LessonSans", "LessonSansBold", "LessonSerif", "LessonSerifBold"
FILES = {
    PLAIN: "NotoSans-Regular",
    STRONG: "NotoSans-Bold",
    # There is no slanted face at hand: what is stressed stands in the other face.
    STRESSED: "NotoSerif-Regular",
    BOTH: "NotoSerif-Bold",
}
SIZES = {Size.A4: A4, Size.LETTER: LETTER}
SIDE, TOP, BOTTOM = 62.0, 54.0, 98.0
INK, SOFT, LINE, PRIMARY, TINT = "#1B2A2F", "#4E5D63", "#CFCABF", "#0B5C6B", "#F3F0E9"

# Breaks that look like a blank but are none, and marks that need another glyph in print.
DRAWN_AS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2011": "-"})
UNKNOWN = "?"


@cache
def marks() -> frozenset[int]:
    """Open the fonts once; give the characters that all of them have."""
    known: frozenset[int] | None = None
    for name, file in FILES.items():
        # Without this, every font would carry all of ASCII, printed or not.
        font = TTFont(name, str(FOLDER / f"{file}.ttf"), asciiReadable=False)
        pdfmetrics.registerFont(font)
        own = frozenset(font.face.charToGlyph)
        known = own if known is None else known & own
    pdfmetrics.registerFontFamily(
        PLAIN, normal=PLAIN, bold=STRONG, italic=STRESSED, boldItalic=BOTH
    )
    return known or frozenset()


def printable(text: str) -> str:
    """Give a text as it can be printed: what the fonts lack becomes a question mark."""
    known = marks()
    return "".join(
        mark if ord(mark) in known or mark == "\n" else UNKNOWN for mark in text.translate(DRAWN_AS)
    )


def _style(name: str, size: float, leading: float, **values: object) -> ParagraphStyle:
    plain = {"fontName": PLAIN, "textColor": HexColor(INK), "splitLongWords": 1, **values}
    return ParagraphStyle(name, fontSize=size, leading=leading, **plain)


TITLE = _style("title", 19, 25, fontName=STRONG, spaceAfter=10)
PLACE = _style("place", 9, 13, textColor=HexColor(SOFT))
HEADING = _style("heading", 13, 18, fontName=STRONG, spaceBefore=13, spaceAfter=4, keepWithNext=1,
                 textColor=HexColor(PRIMARY))  # fmt: skip
SMALLER = _style("smaller", 11, 15, fontName=STRONG, spaceBefore=8, spaceAfter=3, keepWithNext=1)
LABEL = _style("label", 8.6, 12, spaceBefore=13, keepWithNext=1, textColor=HexColor(SOFT))
BODY = _style("body", 10.2, 15, spaceAfter=6, allowWidows=0, allowOrphans=0)
CELL = _style("cell", 9.2, 12.6)
HEAD_CELL = _style("head-cell", 9.2, 12.6, fontName=STRONG)
SOURCE = _style("source", 8.6, 12, spaceAfter=3)
FOOT = _style("foot", 8, 10.6, textColor=HexColor(SOFT))
INDENT = 16.0


def indented(style: ParagraphStyle, depth: int) -> ParagraphStyle:
    """Give a style further in, with room for a bullet or a number before it."""
    left = INDENT * depth
    return ParagraphStyle(
        f"{style.name}-{depth}",
        parent=style,
        leftIndent=left,
        bulletIndent=left - INDENT + 2,
        bulletFontName=PLAIN,
        bulletFontSize=style.fontSize,
        bulletColor=HexColor(SOFT),
        spaceAfter=3,
    )
