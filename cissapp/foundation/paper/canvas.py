"""A canvas that remembers what each piece of the page is, so that a screen reader can read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from cissapp.foundation.paper.text import SANS, Style, drawn

WIDTH, HEIGHT = landscape(A4)
MASK = 3


@dataclass
class Node:
    """A piece of the page's structure: a role, and either pieces inside or a marked piece of drawing."""

    role: str
    language: str | None = None
    alternative: str | None = None
    mark: int | None = None
    box: tuple[float, float, float, float] | None = None
    link: str | None = None
    inside: list["Node"] = field(default_factory=list)


class Paper(Canvas):
    """One page; y is measured from the top, as one reads."""

    def __init__(self) -> None:
        self.file = BytesIO()
        super().__init__(
            self.file,
            pagesize=(WIDTH, HEIGHT),
            invariant=1,
            # The file is written anew when it is finished, and compressed then.
            pageCompression=0,
            initialFontName=SANS,
            initialFontSize=9,
        )
        self.root = Node("Document")
        self._open = [self.root]
        self._marks = 0

    @contextmanager
    def group(self, role: str, language: str | None = None) -> Iterator[None]:
        """Let what is drawn inside belong together, such as the rows of a table."""
        node = Node(role, language)
        self._open[-1].inside.append(node)
        self._open.append(node)
        yield
        self._open.pop()

    @contextmanager
    def piece(
        self,
        role: str,
        language: str | None = None,
        *,
        alternative: str | None = None,
        box: tuple[float, float, float, float] | None = None,
        link: str | None = None,
    ) -> Iterator[None]:
        """Say what the drawing inside is: a paragraph, a heading, a picture with its words."""
        node = Node(role, language, alternative, self._marks, box, link)
        self._open[-1].inside.append(node)
        self._code.append(f"/{role} <</MCID {self._marks}>> BDC")
        self._marks += 1
        yield
        self._code.append("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Say that the drawing inside means nothing."""
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")

    def lines(
        self,
        lines: list[str],
        style: Style,
        x: float,
        y: float,
        colour: str,
        *,
        centred: bool = False,
    ) -> float:
        """Write lines from the top edge y down; give the lower edge."""
        self.setFillColor(HexColor(colour))
        self.setFont(style.font, style.size)
        for place, line in enumerate(lines, 1):
            y += style.leading
            base = HEIGHT - y + style.leading * 0.26
            left = x - style.width(line) / 2 if centred else x
            # The blank at the end of a line is not seen, but without it a reader would join two words.
            self.drawString(left, base, drawn(line if place == len(lines) else f"{line} "))
        return y

    def bar(
        self, x: float, y: float, width: float, height: float, *, colour: str, radius: float = 0
    ) -> None:
        """Fill a rectangle whose upper left corner is x, y."""
        self.setFillColor(HexColor(colour))
        if radius:
            self.roundRect(x, HEIGHT - y - height, width, height, radius, stroke=0, fill=1)
        else:
            self.rect(x, HEIGHT - y - height, width, height, stroke=0, fill=1)

    def qr(self, text: str, x: float, y: float, size: float, colour: str) -> None:
        """Draw a QR code with its quiet zone: one path of horizontal runs."""
        # Any mask can be read; to weigh all eight of them takes longer than all the rest of the page.
        code = segno.make(text, error="m", micro=False, mask=MASK)
        matrix = [list(row) for row in code.matrix]
        self.saveState()
        self.translate(x, HEIGHT - y)
        self.scale(size / (len(matrix) + 8), -size / (len(matrix) + 8))
        self.setFillColor(HexColor(colour))
        self._code += [
            f"{start + 4} {row + 4} {length} 1 re"
            for row, cells in enumerate(matrix)
            for start, length in _runs(cells)
        ]
        self._code.append("f")
        self.restoreState()


def _runs(cells: list[int]) -> Iterator[tuple[int, int]]:
    """Give start and length of each dark run of a row."""
    start = None
    for column, cell in enumerate([*cells, 0]):
        if cell and start is None:
            start = column
        elif not cell and start is not None:
            yield start, column - start
            start = None
