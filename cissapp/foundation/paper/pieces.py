"""The pieces of text that flows: paragraphs that know their place in the structure, tables of them, rules."""

from collections.abc import Callable
from itertools import count
from typing import Any, TypeAlias

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, HRFlowable, Paragraph, Table, TableStyle

from cissapp.foundation.paper.canvas import Drawing
from cissapp.foundation.paper.colours import TEXT_LINE
from cissapp.foundation.paper.fonts import SANS

Step = tuple[str, int]
Path = tuple[Step, ...]
# Anything that flows: a paragraph, a table, a rule.
Flowing: TypeAlias = Flowable
PADDING = 5.0
_numbers = count(1)


def step(role: str) -> Step:
    """Return a new node of the tree, such as a list or a table row."""
    return role, next(_numbers)


class Piece(Paragraph):
    """A paragraph with its place in the tree; parts of it on two pages are one piece."""

    def __init__(
        self, text: str, style: ParagraphStyle, *, path: Path = (), role: str = "P", **values: Any
    ) -> None:
        super().__init__(text, style, **values)
        self.path: Path = (*path, step(role))

    def split(self, width: float, height: float) -> list[Any]:
        """Split as paragraphs do; both parts keep their place."""
        parts: list[Any] = super().split(width, height)
        for part in parts:
            part.path = self.path
        return parts

    def draw(self) -> None:
        """Draw it, recording on the page which piece it is."""
        _set_apart(self.blPara.lines)
        with self.canv.piece(self.path):
            super().draw()


def _set_apart(lines: list[Any]) -> None:
    """End every line but the last with a space: invisible, but it keeps screen readers from joining words."""
    for line in lines[:-1]:
        words = line[1] if isinstance(line, tuple) else line.words
        if not words:
            continue
        last = words[-1]
        if isinstance(last, str):
            words[-1] = f"{last.rstrip()} "
        elif getattr(last, "text", ""):
            last.text = f"{last.text.rstrip()} "


class Picture(Flowable):
    """A drawing between paragraphs, with alternative text; y is measured from its top, as on a page."""

    def __init__(
        self, width: float, height: float, drawing: Callable[[Drawing], None], words: str
    ) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.drawing, self.words = drawing, words
        self.path: Path = (step("Figure"),)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size, whatever room there is."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it, recording on the page which picture it is, its box and its alternative text."""
        x, y = self.canv.absolutePosition(0, 0)
        box = (x, y, x + self.width, y + self.height)
        with self.canv.piece(self.path, words=self.words, box=box):
            self.canv.saveState()
            self.canv.translate(0, self.height - self.canv.page_height)
            self.drawing(self.canv)
            self.canv.restoreState()


def rule(*, before: float, after: float = 1) -> Flowing:
    """Return a line across the column."""
    line: Flowing = HRFlowable(
        width="100%", color=HexColor(TEXT_LINE), spaceBefore=before, spaceAfter=after
    )
    return line


def table_of(rows: list[list[Piece]], widths: list[float]) -> Flowing:
    """Return a table whose first row is its header, repeated on every page that it spans."""
    table: Flowing = Table(rows, colWidths=widths, repeatRows=1, spaceBefore=2, spaceAfter=9)
    table.setStyle(
        TableStyle(
            [
                # A table names a font for itself, even where every cell has its own.
                ("FONT", (0, 0), (-1, -1), SANS),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(TEXT_LINE)),
                ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
                ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
            ]
        )
    )
    return table
