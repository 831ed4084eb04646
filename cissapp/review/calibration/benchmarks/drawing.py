"""Draws documents of invented schools: real PDF files, page by page."""

from collections.abc import Sequence

from cissapp.foundation.paper.canvas import A4, Paper
from cissapp.foundation.paper.fonts import OFFICE_SERIF
from cissapp.foundation.paper.text import Style, lines_of

TITLE, TEXT = Style(OFFICE_SERIF, 15, 24), Style(OFFICE_SERIF, 10, 13)
GAP = 5
MARGIN, TOP, BOTTOM = 60, A4[1] - 70, 50


class PageOverflow(Exception):
    """Raised when content does not fit on its page."""


def draw_document(title: str, head: Sequence[str], pages: Sequence[Sequence[str]]) -> bytes:
    """Draw a document: the title and header lines on the first page, then the paragraphs of each page."""
    paper = Paper(A4, font=OFFICE_SERIF)
    paper.setTitle(title)
    for number, page in enumerate(pages):
        y = TOP
        if number == 0:
            paper.setFont(TITLE.font, TITLE.size)
            paper.drawString(MARGIN, y, title)
            y -= TITLE.leading
        paper.setFont(TEXT.font, TEXT.size)
        for paragraph in [*(head if number == 0 else ()), *page]:
            for line in lines_of(" ".join(paragraph.split()), TEXT, A4[0] - 2 * MARGIN):
                y -= TEXT.leading
                paper.drawString(MARGIN, y, line)
            y -= GAP
        if y < BOTTOM:
            raise PageOverflow(f"{title}, page {number + 1}")
        paper.showPage()
    return paper.finish()
