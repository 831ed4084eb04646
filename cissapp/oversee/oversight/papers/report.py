"""Typesets the monitoring report of a country or region: tagged, with plots and tables of their figures."""

from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from cissapp.foundation.paper.canvas import A4, Drawing
from cissapp.foundation.paper.colours import TEXT_LINE
from cissapp.foundation.paper.markdown import inline
from cissapp.foundation.paper.pages import Leaf, Pages, set_pages
from cissapp.foundation.paper.pieces import Flowing, Picture, Piece, step, table_of
from cissapp.foundation.paper.styles import (
    BODY,
    CELL,
    HEAD_CELL,
    HEADING,
    TITLE,
    at_right,
    changed,
)
from cissapp.foundation.paper.text import drawn, legible

SIDE, TOP, BOTTOM = 50.0, 48.0, 52.0
WIDTH = A4[0] - 2 * SIDE
# A sentence about the plot or table below it, on the same page.
INTRODUCTION = changed(BODY, "introduction", keepWithNext=1)


class PrintedPicture(Struct, frozen=True):
    """A plot: its height, how it is drawn, and its text alternative."""

    height: float
    draw: Callable[[Drawing], None]
    words: str


class PrintedTable(Struct, frozen=True):
    """A table: its head, its rows, the relative widths of its columns; `numbers` are right-aligned."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()


class Section(Struct, frozen=True):
    """A part of the report: its heading, and the content below it in this order."""

    heading: str
    lines: tuple[str, ...] = ()
    picture: PrintedPicture | None = None
    table: PrintedTable | None = None


class PrintedReport(Struct, frozen=True):
    """The whole report."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str
    language: str


def draw_report(report: PrintedReport) -> bytes:
    """Render a report as a PDF file."""
    pages = Pages(
        size=A4,
        side=SIDE,
        top=TOP,
        bottom=BOTTOM,
        title=legible(drawn(report.title)),
        subject=legible(drawn(report.lines[0])),
        language=report.language,
        foot=partial(_foot, report),
    )
    return set_pages(pages, lambda: _story(report))


def _foot(report: PrintedReport, leaf: Leaf, total: int) -> None:
    y = leaf.page_height - BOTTOM + 12
    leaf.rule(SIDE, y, WIDTH, TEXT_LINE)
    number = f"{leaf.getPageNumber()} / {total}"
    leaf.paragraph(inline(f"{report.foot} · {number}"), CELL, SIDE, y + 4, WIDTH)


def _story(report: PrintedReport) -> Iterator[Flowing]:
    yield Piece(inline(report.title), TITLE, role="H1")
    for line in report.lines:
        yield Piece(inline(line), BODY)
    for section in report.sections:
        yield Piece(inline(section.heading), HEADING, role="H2")
        style = INTRODUCTION if section.picture or section.table else BODY
        for line in section.lines:
            yield Piece(inline(line), style)
        if section.picture:
            picture = section.picture
            yield Picture(WIDTH, picture.height, picture.draw, picture.words)
        if section.table:
            yield _table(section.table)


def _table(table: PrintedTable) -> Flowing:
    path = (step("Table"),)
    rows = []
    for number, cells in enumerate((table.head, *table.rows)):
        inside = (*path, step("TR"))
        style, role = (CELL, "TD") if number else (HEAD_CELL, "TH")
        rows.append(
            [
                Piece(
                    inline(cell),
                    at_right(style) if place in table.numbers else style,
                    path=inside,
                    role=role if place else "TH",
                )
                for place, cell in enumerate(cells)
            ]
        )
    return table_of(rows, [share * WIDTH for share in table.widths])
