"""The brief as a PDF: set as large as fits, with a link from every figure to the page that it rests on."""

from msgspec import Struct

from cissapp.foundation.paper.canvas import A4, Paper
from cissapp.foundation.paper.colours import ACCENT, INK, LINE, PRIMARY, SOFT, WARM
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD, SERIF_BOLD
from cissapp.foundation.paper.metadata import MADE_BY
from cissapp.foundation.paper.text import Style, Unprintable, legible, lines_of, printable
from cissapp.review.briefs.views.page import Brief, BriefLine, BriefSection

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 42.0, WIDTH - 42.0, 40.0, HEIGHT - 38.0
COLUMN = RIGHT - LEFT
LABEL = 190.0
# Names of schools and documents may have any length, but everything must fit on one page.
NAME_MOST, VALUE_MOST, LABEL_MOST, LINES_MOST = 160, 220, 90, 8
LARGEST, SMALLEST, STEP = 1.0, 0.5, 0.04

TITLE, PLACE = Style(SERIF_BOLD, 19, 24), Style(SANS, 10, 14)
HEADING = Style(SANS_BOLD, 10.5, 15)
PLAIN, STRONG, SMALL = Style(SANS, 9.4, 13), Style(SANS_BOLD, 9.4, 13), Style(SANS, 7.4, 10)


class PrintedBrief(Struct, frozen=True):
    """The brief as it is printed; `base` is put before every address, `foot` appears at the bottom."""

    brief: Brief
    heading: str
    points_heading: str
    nothing: str
    foot: str
    base: str
    language: str


def draw_brief(page: PrintedBrief) -> bytes:
    """Return the PDF: one A4 page, scaled down until everything fits."""
    scale = LARGEST
    while scale > SMALLEST and _BriefPage(page, scale).fill() > BOTTOM - 12:
        scale -= STEP
    sheet = _BriefPage(page, scale)
    sheet.fill()
    return sheet.paper.finish()


def fit_text(text: str, most: int) -> str:
    """Return a printable text: characters that the fonts lack become question marks, and long text is cut."""
    flat = " ".join(text.split())
    kept = flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"
    try:
        return printable(kept)
    except Unprintable:
        return legible(kept)


class _BriefPage:
    """One page; y is measured from the top."""

    def __init__(self, page: PrintedBrief, scale: float) -> None:
        self.page, self.scale, self.y = page, scale, TOP
        self.paper = Paper(A4, language=page.language)
        self.paper.setTitle(f"{page.heading}: {fit_text(page.brief.school, NAME_MOST)}")
        self.paper.setCreator(MADE_BY)

    def fill(self) -> float:
        """Draw everything; return the y at which the content ends."""
        brief = self.page.brief
        self._text(self.page.heading, SMALL, SOFT)
        self._text(fit_text(brief.school, NAME_MOST), TITLE, INK)
        self._text(fit_text(brief.place, NAME_MOST), PLACE, SOFT)
        self._gap(8)
        self._points(brief.points)
        for section in brief.sections:
            self._section(section)
        end = self.y
        self.y = BOTTOM
        self._text(fit_text(self.page.foot, 300), SMALL, SOFT)
        return end

    def _gap(self, points: float) -> None:
        self.y += points * self.scale

    def _text(self, text: str, style: Style, colour: str, x: float = LEFT) -> None:
        """Write a text over as many lines as it takes."""
        style = style.scaled(self.scale)
        lines = lines_of(text, style, RIGHT - x)
        self.y = self.paper.write_lines(lines, style, x, self.y, colour)

    def _points(self, points: list[BriefLine]) -> None:
        """Draw what to look at first, on a warm background."""
        texts = [(f"{one.label}.  {fit_text(one.value, VALUE_MOST)}", one.href) for one in points]
        texts = texts or [(self.page.nothing, "")]
        strong, plain = HEADING.scaled(self.scale), STRONG.scaled(self.scale)
        rows = sum(len(lines_of(text, plain, COLUMN - 28)) for text, _ in texts)
        height = strong.leading + rows * plain.leading + 14 * self.scale
        self.paper.bar(LEFT, self.y, COLUMN, height, colour=WARM)
        self.paper.bar(LEFT, self.y, 5, height, colour=ACCENT)
        self._gap(5)
        self._text(self.page.points_heading, HEADING, INK, LEFT + 16)
        for text, href in texts:
            top = self.y
            self._text(text, STRONG, INK, LEFT + 16)
            self._link(href, LEFT + 16, top, RIGHT)
        self._gap(15)

    def _section(self, section: BriefSection) -> None:
        self._text(section.title, HEADING, PRIMARY)
        self.paper.bar(LEFT, self.y + 0.4, COLUMN, 0.6, colour=LINE)
        self._gap(2)
        for line in section.lines[:LINES_MOST]:
            self._line(line)
        self._gap(7)

    def _line(self, line: BriefLine) -> None:
        """Write label and value side by side; the longer of the two sets the height of the row."""
        top, plain = self.y, PLAIN.scaled(self.scale)
        rows = lines_of(fit_text(line.label, LABEL_MOST), plain, LABEL - 10)
        end = self.paper.write_lines(rows, plain, LEFT, top, SOFT)
        self._text(fit_text(line.value, VALUE_MOST) or "–", PLAIN, INK, LEFT + LABEL)
        self.y = max(self.y, end)
        self._link(line.href, LEFT + LABEL, top, RIGHT)

    def _link(self, href: str, left: float, top: float, right: float) -> None:
        if href:
            self.paper.link(f"{self.page.base}{href}", left, top, right - left, self.y - top)
