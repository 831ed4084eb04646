"""Canvases: one with coordinates from the top down, and one that records what each piece of a page is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A3 as A3_UPRIGHT
from reportlab.lib.pagesizes import A4 as A4_UPRIGHT
from reportlab.lib.pagesizes import LETTER as LETTER_UPRIGHT
from reportlab.lib.pagesizes import landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from cissapp.foundation.paper import qr
from cissapp.foundation.paper.colours import LINE
from cissapp.foundation.paper.fonts import SANS
from cissapp.foundation.paper.outlines import commands_of
from cissapp.foundation.paper.structure import Box, Node
from cissapp.foundation.paper.text import Style, drawn

Size = tuple[float, float]

A4: Size = A4_UPRIGHT
A3: Size = A3_UPRIGHT
A4_LANDSCAPE: Size = landscape(A4_UPRIGHT)
LETTER: Size = LETTER_UPRIGHT


def size_of(picture: bytes) -> Size:
    """Return width and height of a picture in pixels."""
    width, height = ImageReader(BytesIO(picture)).getSize()
    return float(width), float(height)


class Drawing(Canvas):
    """The drawing methods for any page; y is measured from the top, in reading direction."""

    @property
    def page_height(self) -> float:
        """The height of the page."""
        return float(self._pagesize[1])

    def fill(self, colour: str) -> None:
        """Set the colour of fills and letters."""
        self.setFillColor(HexColor(colour))

    def stroke(self, colour: str, width: float | None = None) -> None:
        """Set the colour of lines and, optionally, their width."""
        self.setStrokeColor(HexColor(colour))
        if width is not None:
            self.setLineWidth(width)

    def write_lines(
        self,
        lines: list[str],
        style: Style,
        x: float,
        y: float,
        colour: str,
        *,
        centred: bool = False,
    ) -> float:
        """Write lines from the top edge y down; return the lower edge."""
        self.fill(colour)
        self.setFont(style.font, style.size)
        for place, line in enumerate(lines, 1):
            y += style.leading
            base = self.page_height - y + style.leading * 0.26
            left = x - style.width(line) / 2 if centred else x
            self.drawString(left, base, drawn(self._ended(line, last=place == len(lines))))
        return y

    def _ended(self, line: str, *, last: bool) -> str:
        return line

    def bar(
        self, x: float, y: float, width: float, height: float, *, colour: str, radius: float = 0
    ) -> None:
        """Fill a rectangle whose upper left corner is x, y."""
        self.fill(colour)
        if radius:
            self.roundRect(
                x, self.page_height - y - height, width, height, radius, stroke=0, fill=1
            )
        else:
            self.rect(x, self.page_height - y - height, width, height, stroke=0, fill=1)

    def frame(
        self, x: float, y: float, width: float, height: float, *, ground: str, edge: str
    ) -> None:
        """Fill a rectangle and draw its edge."""
        self.fill(ground)
        self.stroke(edge, 1.4)
        self.rect(x, self.page_height - y - height, width, height, stroke=1, fill=1)

    def rule(self, x: float, y: float, width: float, colour: str) -> None:
        """Draw a fine line from left to right."""
        self.stroke(colour, 0.6)
        self.line(x, self.page_height - y, x + width, self.page_height - y)

    def watermark(
        self, word: str, style: Style, x: float, y: float, *, angle: float, colour: str
    ) -> None:
        """Write a large slanted word, its baseline centred at x, y."""
        self.saveState()
        self.fill(colour)
        self.setFont(style.font, style.size)
        self.translate(x, self.page_height - y)
        self.rotate(angle)
        self.drawCentredString(0, 0, word)
        self.restoreState()

    def picture(self, content: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draw a picture whose upper left corner is x, y."""
        place = (x, self.page_height - y - height, width, height)
        self.drawImage(ImageReader(BytesIO(content)), *place)

    def arcs(
        self,
        x: float,
        y: float,
        radius: float,
        width: float,
        *,
        gap: float,
        colours: Sequence[str],
        shares: Sequence[float] | None = None,
    ) -> None:
        """Draw a ring of arcs round x, y, clockwise from the top, each as long as its share.

        `gap` is in degrees, on either side of the point where two arcs meet.
        """
        whole = 360 / len(colours)
        left, low = x - radius, self.page_height - y - radius
        for place, colour in enumerate(colours):
            share = 1.0 if shares is None else min(shares[place], 1.0)
            if share <= 0:
                continue
            self.stroke(colour, width)
            path = self.beginPath()
            length = (whole - 2 * gap) * share
            path.arc(
                left, low, left + 2 * radius, low + 2 * radius, 90 - gap - place * whole, -length
            )
            self.drawPath(path, stroke=1, fill=0)

    def through(
        self, points: Sequence[tuple[float, float]], *, ground: str = LINE, width: float = 0
    ) -> None:
        """Fill the area inside points, or, with a width, draw a line from point to point."""
        path = self.beginPath()
        for number, (x, y) in enumerate(points):
            (path.lineTo if number else path.moveTo)(x, self.page_height - y)
        self.fill(ground)
        self.stroke(ground, width)
        self.drawPath(path, stroke=int(width > 0), fill=int(width == 0))

    def disc(self, x: float, y: float, radius: float, *, colour: str) -> None:
        """Fill a circle round x, y."""
        self.fill(colour)
        self.circle(x, self.page_height - y, radius, stroke=0, fill=1)

    def outline(
        self, outline: str, x: float, y: float, scale: float, *, colour: str, width: float
    ) -> None:
        """Draw SVG path data with a round pen, its origin at x, y; `width` is in units of the path."""
        self.saveState()
        self.translate(x, self.page_height - y)
        self.scale(scale, -scale)
        self.stroke(colour, width)
        self.setLineCap(1)
        self.setLineJoin(1)
        path = self.beginPath()
        draw = {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo, "Z": path.close}
        for name, numbers in commands_of(outline):
            draw[name](*numbers)
        self.drawPath(path, stroke=1, fill=0)
        self.restoreState()

    def cut(self, x: float, y: float, to_x: float, to_y: float, colour: str) -> None:
        """Draw a dashed hairline to cut along."""
        self.saveState()
        self.stroke(colour, 0.4)
        self.setDash(3, 3)
        self.line(x, self.page_height - y, to_x, self.page_height - to_y)
        self.restoreState()

    def link(self, address: str, x: float, y: float, width: float, height: float) -> None:
        """Make a rectangle a link."""
        low = self.page_height - y - height
        self.linkURL(address, (x, low, x + width, low + height), relative=0, thickness=0)

    def qr(self, text: str, x: float, y: float, size: float, colour: str) -> None:
        """Draw a QR code with its quiet zone: one path of horizontal runs."""
        runs, side = qr.runs_of(text)
        self.saveState()
        self.translate(x, self.page_height - y)
        self.scale(size / side, -size / side)
        self.fill(colour)
        self._code += [f"{column} {row} {length} 1 re" for column, row, length in runs]
        self._code.append("f")
        self.restoreState()

    @contextmanager
    def marked(self, role: str, number: int) -> Iterator[None]:
        """Write a number around the drawing inside, by which the structure refers to it."""
        self._code.append(f"/{role} <</MCID {number}>> BDC")
        yield
        self._code.append("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark the drawing inside as not part of the text."""
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")


class Paper(Drawing):
    """A file of pages that are drawn piece by piece; the same drawing gives the same bytes."""

    def __init__(
        self,
        size: Size,
        *,
        font: str = SANS,
        font_size: float = 12,
        language: str | None = None,
        compressed: bool = True,
    ) -> None:
        self.file = BytesIO()
        super().__init__(
            self.file,
            pagesize=size,
            invariant=1,
            pageCompression=int(compressed),
            # ReportLab embeds its initial font in every page, used or not, so it must be one of ours.
            initialFontName=font,
            initialFontSize=font_size,
            lang=language,
        )

    def finish(self) -> bytes:
        """Close the last page; return the file."""
        self.save()
        return self.file.getvalue()


class TaggedPaper(Paper):
    """Pages that record the role of each piece, so that a screen reader can read them."""

    def __init__(self, size: Size, *, font_size: float) -> None:
        # The file is rewritten with its structure later, and compressed then.
        super().__init__(size, font_size=font_size, compressed=False)
        self.root = Node("Document", page=0)
        self._open_nodes = [self.root]
        self._page = self._marks = 0
        self._is_copy = False

    def next_page(self) -> None:
        """Close the page and begin another; open groups may span both."""
        self.showPage()
        self._page, self._marks = self._page + 1, 0
        for node in self._open_nodes:
            node.page = None

    @contextmanager
    def group(self, role: str, language: str | None = None) -> Iterator[None]:
        """Group the drawing inside, such as the rows of a table."""
        if self._is_copy:
            yield
            return
        node = Node(role, language, page=self._page)
        self._open_nodes[-1].inside.append(node)
        self._open_nodes.append(node)
        yield
        self._open_nodes.pop()

    @contextmanager
    def piece(
        self,
        role: str,
        language: str | None = None,
        *,
        alternative: str | None = None,
        box: Box | None = None,
        link: str | None = None,
    ) -> Iterator[None]:
        """Record the role of the drawing inside: a paragraph, a heading, a picture with alternative text."""
        if self._is_copy:
            yield
            return
        marks = [(self._page, self._marks)]
        node = Node(role, language, alternative, box, link, page=self._page, marks=marks)
        self._open_nodes[-1].inside.append(node)
        self._marks += 1
        with self.marked(role, node.marks[0][1]):
            yield

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark the drawing inside as not part of the text."""
        if self._is_copy:
            yield
            return
        with super().decoration():
            yield

    @contextmanager
    def copy(self) -> Iterator[None]:
        """Mark the drawing inside as a copy of something already read, such as the second of ten cards."""
        with self.decoration():
            self._is_copy = True
            yield
            self._is_copy = False

    def _ended(self, line: str, *, last: bool) -> str:
        # The space at the end of a line is invisible, but without it a screen reader would join two words.
        return line if last else f"{line} "
