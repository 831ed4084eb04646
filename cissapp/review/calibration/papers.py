"""Draws documents of invented schools: real PDF files, page by page."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from cissapp.foundation.paper.text import FOLDER

FONT = "DemoSerif"
MARGIN, TOP, BOTTOM = 60, A4[1] - 70, 50


class TooLong(Exception):
    """What is to stand on a page does not fit on it."""


def drawn(title: str, head: Sequence[str], pages: Sequence[Sequence[str]]) -> bytes:
    """Draw a document: the title and lines of a head on the first page, then each page's paragraphs."""
    register_font()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, initialFontName=FONT)
    canvas.setTitle(title)
    for number, page in enumerate(pages):
        y = TOP
        if number == 0:
            canvas.setFont(FONT, 15)
            canvas.drawString(MARGIN, y, title)
            y -= 24
        canvas.setFont(FONT, 10)
        for paragraph in [*(head if number == 0 else ()), *page]:
            for line in wrapped(paragraph, A4[0] - 2 * MARGIN, size=10):
                y -= 13
                canvas.drawString(MARGIN, y, line)
            y -= 5
        if y < BOTTOM:
            raise TooLong(f"{title}, page {number + 1}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def register_font() -> None:
    """Let the drawing know the font; it holds the letters of all our languages."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, FOLDER / "NotoSerif-Regular.ttf"))


def wrapped(text: str, width: float, *, size: int) -> list[str]:
    """Break a text into lines that are no wider than so many points."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if pdfmetrics.stringWidth(longer, FONT, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]
