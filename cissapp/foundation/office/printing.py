"""The PDF file of a manuscript: tagged, on A4."""

from collections.abc import Iterator
from functools import partial

from cissapp.foundation.office.manuscripts import LOGO_HEIGHT, LOGO_WIDTH, Logo, Manuscript
from cissapp.foundation.paper.canvas import A4, A4_LANDSCAPE, size_of
from cissapp.foundation.paper.colours import TEXT_LINE
from cissapp.foundation.paper.fonts import SANS_BOLD
from cissapp.foundation.paper.markdown import flowed, inline
from cissapp.foundation.paper.pages import Leaf, Pages, set_pages
from cissapp.foundation.paper.pieces import Flowing, Piece
from cissapp.foundation.paper.styles import BODY, CELL, TITLE
from cissapp.foundation.paper.text import Style, drawn, legible

SIDE, TOP, BOTTOM = 52.0, 54.0, 58.0
ACROSS_COLOUR = "#ECEFF3"
# The maximum width of a word across a page, as a share of its diagonal; longer words get smaller letters.
ACROSS_SHARE, ACROSS_SIZE, ACROSS_ANGLE = 0.78, 120.0, 52.0


def draw_manuscript(manuscript: Manuscript) -> bytes:
    """Return the text as PDF."""
    size = A4_LANDSCAPE if manuscript.landscape else A4
    pages = Pages(
        size=size,
        side=SIDE,
        top=TOP,
        bottom=BOTTOM,
        title=legible(drawn(manuscript.title)),
        subject=legible(drawn(" ".join(manuscript.lines) or manuscript.title)),
        language=manuscript.language,
        foot=partial(_foot, manuscript, size[0] - 2 * SIDE),
    )
    return set_pages(pages, lambda: _story(manuscript, pages.column))


def _story(manuscript: Manuscript, width: float) -> Iterator[Flowing]:
    yield Piece(inline(manuscript.title), TITLE, role="H1")
    for line in manuscript.lines:
        yield Piece(inline(line), BODY)
    yield from flowed(manuscript.text, width)


def _foot(manuscript: Manuscript, width: float, leaf: Leaf, total: int) -> None:
    """Draw what appears on every page besides the text."""
    if manuscript.across:
        _write_across(leaf, manuscript.across)
    if manuscript.logo and leaf.getPageNumber() == 1:
        _draw_logo(leaf, manuscript.logo)
    y = leaf.page_height - BOTTOM + 14
    leaf.rule(SIDE, y, width, TEXT_LINE)
    number = f"{leaf.getPageNumber()} / {total}"
    line = f"{manuscript.foot} · {number}" if manuscript.foot else number
    leaf.paragraph(inline(line), CELL, SIDE, y + 5, width)


def _draw_logo(leaf: Leaf, logo: Logo) -> None:
    """Draw a logo above the text at its right edge; it is not part of the text."""
    width, height = size_of(logo.content)
    scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height)
    width, height = width * scale, height * scale
    right = float(leaf._pagesize[0]) - SIDE  # noqa: SLF001 -- reportlab's only way to ask
    leaf.picture(logo.content, right - width, (TOP - height) / 2, width, height)


def _write_across(leaf: Leaf, word: str) -> None:
    page_width = float(leaf._pagesize[0])  # noqa: SLF001 -- reportlab's only way to ask
    style = Style(SANS_BOLD, ACROSS_SIZE, ACROSS_SIZE)
    room = ACROSS_SHARE * (page_width**2 + leaf.page_height**2) ** 0.5
    style = style.scaled(min(1.0, room / max(style.width(word), 1.0)))
    middle = page_width / 2, leaf.page_height / 2 + style.size / 3
    leaf.watermark(legible(word), style, *middle, angle=ACROSS_ANGLE, colour=ACROSS_COLOUR)
