"""Styles of text that flows over pages: its headings, paragraphs, lists and tables."""

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from cissapp.foundation.paper.colours import INK, PRIMARY, SOFT
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD

INDENT = 16.0


def flow_style(
    name: str,
    size: float,
    leading: float,
    *,
    font: str = SANS,
    colour: str = INK,
    **values: object,
) -> ParagraphStyle:
    """Return a paragraph style; `values` are ReportLab's own, such as `spaceAfter`."""
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=leading,
        textColor=HexColor(colour),
        splitLongWords=1,
        **values,
    )


TITLE = flow_style("title", 19, 25, font=SANS_BOLD, spaceAfter=10)
HEADING = flow_style(
    "heading", 13, 18, font=SANS_BOLD, colour=PRIMARY, spaceBefore=13, spaceAfter=4, keepWithNext=1
)
SMALLER = flow_style("smaller", 11, 15, font=SANS_BOLD, spaceBefore=8, spaceAfter=3, keepWithNext=1)
BODY = flow_style("body", 10.2, 15, spaceAfter=6, allowWidows=0, allowOrphans=0)
CELL = flow_style("cell", 9.2, 12.6)
# A row to be filled in by hand: 8 mm, as lined paper has it.
BLANK_CELL = flow_style("blank-cell", 9.2, 16.7)
HEAD_CELL = flow_style("head-cell", 9.2, 12.6, font=SANS_BOLD)


def changed(style: ParagraphStyle, name: str, **values: object) -> ParagraphStyle:
    """Return a copy of a style with some of ReportLab's values changed."""
    return ParagraphStyle(f"{style.name}-{name}", parent=style, **values)


def at_right(style: ParagraphStyle) -> ParagraphStyle:
    """Return a right-aligned style, as for numbers in a column."""
    return changed(style, "at-right", alignment=TA_RIGHT)


def indented(style: ParagraphStyle, depth: int) -> ParagraphStyle:
    """Return an indented style, with room for a bullet or number."""
    left = INDENT * depth
    return changed(
        style,
        str(depth),
        leftIndent=left,
        bulletIndent=left - INDENT + 2,
        bulletFontName=SANS,
        bulletFontSize=style.fontSize,
        bulletColor=HexColor(SOFT),
        spaceAfter=3,
    )


def on_ground(style: ParagraphStyle, colour: str) -> ParagraphStyle:
    """Return a style with a coloured background."""
    return changed(
        style,
        "on-ground",
        backColor=HexColor(colour),
        borderPadding=(6, 8, 6, 8),
        leftIndent=8,
        rightIndent=8,
        spaceBefore=8,
        spaceAfter=14,
    )
