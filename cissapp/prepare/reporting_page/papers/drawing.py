"""The page on paper: tagged, on A4, with the QR code of its address at the foot of every page."""

from functools import partial

from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.paper.canvas import A4
from cissapp.foundation.paper.colours import TEXT_LINE
from cissapp.foundation.paper.markdown import flowed, inline
from cissapp.foundation.paper.pages import Leaf, Pages, set_pages
from cissapp.foundation.paper.pieces import Flowing, Piece
from cissapp.foundation.paper.styles import BODY, CELL, TITLE
from cissapp.foundation.paper.text import drawn, legible
from cissapp.prepare.reporting_page.phrases import WrittenPage
from cissapp.prepare.reporting_page.phrases.papers import markdown_of

SIDE, TOP, BOTTOM = 52.0, 50.0, 104.0
QR_SIZE, INK = 76.0, "#000000"


def pdf_of(page: WrittenPage, *, address: str, as_of: str) -> bytes:
    """Return the page as PDF; without an address, while the page is off, there is no QR code."""
    with force_locale(page.language):
        numbers = str(_("Numbers to call"))
        foot_line = str(_("As of %(day)s", day=as_of))
    pages = Pages(
        size=A4,
        side=SIDE,
        top=TOP,
        bottom=BOTTOM,
        title=legible(drawn(page.title)),
        subject=legible(drawn(page.school)),
        language=page.language,
        foot=partial(_foot, A4[0] - 2 * SIDE, address, foot_line),
    )
    text = markdown_of(page, numbers)
    return set_pages(pages, lambda: _story(page, text, pages.column, address))


def _story(page: WrittenPage, text: str, width: float, address: str) -> list[Flowing]:
    place = f"{page.school}, {page.locality}"
    head = [Piece(inline(page.title), TITLE, role="H1"), Piece(inline(place), BODY)]
    if address:
        head.append(Piece(inline(address), CELL))
    return [*head, *flowed(text, width)]


def _foot(width: float, address: str, line: str, leaf: Leaf, total: int) -> None:
    """Draw the QR code, its address, the date and the page number."""
    y = leaf.page_height - BOTTOM + 12
    leaf.rule(SIDE, y, width, TEXT_LINE)
    room = width - QR_SIZE - 10 if address else width
    said = " · ".join(filter(None, [address, line, f"{leaf.getPageNumber()} / {total}"]))
    leaf.paragraph(inline(said), CELL, SIDE, y + 8, room)
    if address:
        leaf.qr(address, SIDE + width - QR_SIZE, y + 4, QR_SIZE, INK)
