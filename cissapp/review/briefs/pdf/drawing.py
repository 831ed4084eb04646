"""The page on paper: set as large as it fits, every figure a link to what it rests on."""

from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from cissapp.foundation.paper.look import ACCENT, INK, LINE, PRIMARY, SOFT, WARM
from cissapp.foundation.paper.text import (
    SANS,
    SANS_BOLD,
    SERIF_BOLD,
    Style,
    Unprintable,
    drawn,
    lines_of,
    printable,
)
from cissapp.review.briefs.sheet import Brief, Line, Section

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 42.0, WIDTH - 42.0, 40.0, HEIGHT - 38.0
COLUMN = RIGHT - LEFT
LABEL = 190.0
# A name of a school or of a document may have any length; the page has not.
NAME_MOST, VALUE_MOST, LABEL_MOST, LINES_MOST = 160, 220, 90, 8
LARGEST, SMALLEST, STEP = 1.0, 0.5, 0.04

TITLE, PLACE = Style(SERIF_BOLD, 19, 24), Style(SANS, 10, 14)
HEADING = Style(SANS_BOLD, 10.5, 15)
PLAIN, STRONG, SMALL = Style(SANS, 9.4, 13), Style(SANS_BOLD, 9.4, 13), Style(SANS, 7.4, 10)


@dataclass(frozen=True)
class Printed:
    """The page as it is printed; `base` is put before every address, `foot` stands below."""

    brief: Brief
    heading: str
    points_heading: str
    nothing: str
    foot: str
    base: str
    language: str


def draw(page: Printed) -> bytes:
    """Give the file: one A4 page, set smaller until all of it fits."""
    scale = LARGEST
    while scale > SMALLEST and _Sheet(page, scale).fill() > BOTTOM - 12:
        scale -= STEP
    sheet = _Sheet(page, scale)
    sheet.fill()
    return sheet.bytes()


def fitting(text: str, most: int) -> str:
    """Make a text printable: what the fonts lack becomes a question mark, what is too long is cut."""
    flat = " ".join(text.split())
    kept = flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"
    try:
        return printable(kept)
    except Unprintable:
        return "".join(_known(one) for one in kept)


def _known(mark: str) -> str:
    try:
        return printable(mark)
    except Unprintable:
        return "?"


class _Sheet:
    """One page; y is measured from the top, as one reads."""

    def __init__(self, page: Printed, scale: float) -> None:
        self.page, self.scale, self.y = page, scale, TOP
        self.file = BytesIO()
        self.canvas = Canvas(
            self.file, pagesize=A4, invariant=1, initialFontName=SANS, lang=page.language
        )
        self.canvas.setTitle(f"{page.heading}: {fitting(page.brief.school, NAME_MOST)}")
        self.canvas.setCreator("CISS")

    def bytes(self) -> bytes:
        """Close the page, and give the file."""
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()

    def fill(self) -> float:
        """Draw everything; give how far down it reaches."""
        brief = self.page.brief
        self._text(self.page.heading, SMALL, SOFT)
        self._text(fitting(brief.school, NAME_MOST), TITLE, INK)
        self._text(fitting(brief.place, NAME_MOST), PLACE, SOFT)
        self._gap(8)
        self._points(brief.points)
        for section in brief.sections:
            self._section(section)
        end = self.y
        self.y = BOTTOM
        self._text(fitting(self.page.foot, 300), SMALL, SOFT)
        return end

    def _gap(self, points: float) -> None:
        self.y += points * self.scale

    def _text(self, text: str, style: Style, colour: str, x: float = LEFT) -> None:
        """Write a text over as many lines as it takes."""
        style = style.scaled(self.scale)
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.setFont(style.font, style.size)
        for line in lines_of(text, style, RIGHT - x):
            self.y += style.leading
            self.canvas.drawString(x, HEIGHT - self.y + style.leading * 0.26, drawn(line))

    def _points(self, points: list[Line]) -> None:
        """Draw what to look at first, on a warm ground."""
        texts = [(f"{one.label}.  {fitting(one.value, VALUE_MOST)}", one.href) for one in points]
        texts = texts or [(self.page.nothing, "")]
        strong, plain = HEADING.scaled(self.scale), STRONG.scaled(self.scale)
        rows = sum(len(lines_of(text, plain, COLUMN - 28)) for text, _ in texts)
        height = strong.leading + rows * plain.leading + 14 * self.scale
        self.canvas.setFillColor(HexColor(WARM))
        self.canvas.rect(LEFT, HEIGHT - self.y - height, COLUMN, height, stroke=0, fill=1)
        self.canvas.setFillColor(HexColor(ACCENT))
        self.canvas.rect(LEFT, HEIGHT - self.y - height, 5, height, stroke=0, fill=1)
        self._gap(5)
        self._text(self.page.points_heading, HEADING, INK, LEFT + 16)
        for text, href in texts:
            top = self.y
            self._text(text, STRONG, INK, LEFT + 16)
            self._link(href, LEFT + 16, top, RIGHT)
        self._gap(15)

    def _section(self, section: Section) -> None:
        self._text(section.title, HEADING, PRIMARY)
        self.canvas.setFillColor(HexColor(LINE))
        self.canvas.rect(LEFT, HEIGHT - self.y - 1, COLUMN, 0.6, stroke=0, fill=1)
        self._gap(2)
        for line in section.lines[:LINES_MOST]:
            self._line(line)
        self._gap(7)

    def _line(self, line: Line) -> None:
        """Write label and value side by side; the longer of the two says how high the row is."""
        top, plain = self.y, PLAIN.scaled(self.scale)
        self.canvas.setFillColor(HexColor(SOFT))
        self.canvas.setFont(plain.font, plain.size)
        rows = lines_of(fitting(line.label, LABEL_MOST), plain, LABEL - 10)
        for place, row in enumerate(rows, 1):
            base = HEIGHT - top - place * plain.leading + plain.leading * 0.26
            self.canvas.drawString(LEFT, base, drawn(row))
        self._text(fitting(line.value, VALUE_MOST) or "–", PLAIN, INK, LEFT + LABEL)
        self.y = max(self.y, top + len(rows) * plain.leading)
        self._link(line.href, LEFT + LABEL, top, RIGHT)

    def _link(self, href: str, left: float, top: float, right: float) -> None:
        if href:
            area = (left, HEIGHT - self.y, right, HEIGHT - top)
            self.canvas.linkURL(f"{self.page.base}{href}", area, relative=0, thickness=0)
