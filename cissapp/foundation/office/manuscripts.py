"""A text with its title: the one source of a DOCX file, a PDF file and a page that say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from cissapp.foundation.paper.canvas import A4, A4_LANDSCAPE, size_of
from cissapp.foundation.paper.colours import TEXT_LINE
from cissapp.foundation.paper.fonts import SANS_BOLD
from cissapp.foundation.paper.markdown import flowed, inline, tree_of
from cissapp.foundation.paper.pages import Leaf, Pages, set_pages
from cissapp.foundation.paper.pieces import Flowing, Piece
from cissapp.foundation.paper.styles import BODY, CELL, TITLE
from cissapp.foundation.paper.text import Style, drawn, legible
from cissapp.foundation.web.filters import markdown

SIDE, TOP, BOTTOM = 52.0, 54.0, 58.0
LOGO_WIDTH, LOGO_HEIGHT = 120.0, 34.0
ACROSS_COLOUR = "#ECEFF3"
# The widest word across a page, as a share of its diagonal; the letters become smaller for a long one.
ACROSS_SHARE, ACROSS_SIZE, ACROSS_ANGLE = 0.78, 120.0, 52.0


@dataclass(frozen=True)
class Logo:
    """The picture (PNG) of whoever gives out a paper, and the name that it stands for."""

    content: bytes
    name: str


@dataclass(frozen=True)
class Manuscript:
    """A text to be made a file: `text` is Markdown whose headings begin at `##`; `lines` stand below the title.

    `foot` stands on every page beside its number, `across` is a large pale word on every page (a specimen, a demo).
    `logo` stands small at the head of the first page.
    """

    title: str
    lines: tuple[str, ...]
    text: str
    language: str
    foot: str = ""
    across: str = ""
    landscape: bool = False
    logo: Logo | None = None


def pdf_of(manuscript: Manuscript) -> bytes:
    """Return the text as PDF, tagged, on A4."""
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
    """Draw what stands on every page besides the text."""
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
    """Draw a logo above the text, at its right edge; it is no part of the text."""
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


def html_of(manuscript: Manuscript) -> Markup:
    """Return the text as HTML, without title and lines: a page has its own places for them."""
    return markdown(manuscript.text)


def plain_text_of(manuscript: Manuscript) -> str:
    """Return every word of title, lines and text in their order, a blank between: what all forms must say."""
    words = [manuscript.title, *manuscript.lines, *_texts(tree_of(manuscript.text))]
    return " ".join(" ".join(words).split())


def _texts(node: SyntaxTreeNode) -> Iterator[str]:
    if node.type == "inline":
        yield "".join(_said(child) for child in node.children)
    elif node.children:
        for child in node.children:
            yield from _texts(child)
    elif node.type in {"code_block", "fence"}:
        yield node.content


def _said(node: SyntaxTreeNode) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return "".join(_said(child) for child in node.children) if node.children else node.content
