"""The foot of a page: the code of the school's page, the small code for the round, and the imprint."""

from cissapp.foundation.paper.canvas import size_of
from cissapp.foundation.paper.colours import INK, LINE, SOFT, WATERMARK
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD
from cissapp.foundation.paper.text import Style, lines_of, printable
from cissapp.prepare.posters.papers.parts import Code, Line, Poster, Surface
from cissapp.prepare.posters.papers.rows import LEADING, SetLine, set_line, write

# In points on A4; the small print is for those who look after posters, not for their readers.
SMALL_PRINT = 9.0
LOGO_WIDTH, LOGO_HEIGHT = 54.0, 20.0
PLACE_CODE = 58.0
# The size, in points on A4, for scanning from arm's length; larger type enlarges it, in units of plain text.
PAGE_CODE, PAGE_CODE_UNITS = 84.0, 6.0
BETWEEN = 8.0


class Foot:
    """The foot of a page, set in a width; `scale` is 1 for A4."""

    def __init__(self, poster: Poster, width: float, unit: float, scale: float) -> None:
        self.poster, self.width, self.unit, self.scale = poster, width, unit, scale
        self.page_side = max(PAGE_CODE * scale, PAGE_CODE_UNITS * unit) if poster.page_code else 0.0
        self.place_side = PLACE_CODE * scale if poster.place_code else 0.0
        self._gap = BETWEEN * scale
        beside = self.place_side and 2 * self.place_side + self._gap
        room = width - self.page_side - beside - 2 * self._gap
        lines = poster.page_code.lines if poster.page_code else ()
        self.page_lines = [set_line(line, room, unit) for line in lines]
        self.place_lines = self._place_lines(poster.place_code)
        logo = LOGO_WIDTH * scale + self._gap if poster.logo else 0.0
        self.imprint = self._small(poster.imprint, width - logo)

    def _small(self, line: Line, width: float) -> SetLine:
        size = SMALL_PRINT * self.scale
        style = Style(SANS_BOLD if line.bold else SANS, size, size * LEADING)
        return SetLine(line, lines_of(printable(line.text), style, width), style)

    def _place_lines(self, code: Code | None) -> list[SetLine]:
        return (
            [self._small(line, self.place_side + self._gap) for line in code.lines] if code else []
        )

    @property
    def _codes_height(self) -> float:
        beside = sum(one.height for one in self.page_lines)
        place = sum(one.height for one in self.place_lines)
        return max(self.page_side, beside, self.place_side, place)

    @property
    def _imprint_height(self) -> float:
        logo = LOGO_HEIGHT * self.scale if self.poster.logo else 0.0
        return max(self.imprint.height, logo)

    @property
    def height(self) -> float:
        """The height of the foot."""
        codes = self._codes_height + self._gap if self._codes_height else 0.0
        return codes + self._gap + self._imprint_height

    def draw(self, surface: Surface, x: float, y: float) -> None:
        """Draw the foot, its upper left corner at x, y."""
        if self._codes_height:
            self._draw_codes(surface, x, y)
            y += self._codes_height + self._gap
        with surface.decoration():
            surface.rule(x, y, self.width, LINE)
        y += self._gap
        left = x
        if self.poster.logo:
            left += self._draw_logo(surface, self.poster.logo, x, y) + self._gap
        free = self._imprint_height - self.imprint.height
        write(surface, [self.imprint], left, y + free / 2, colour=SOFT)

    def _draw_codes(self, surface: Surface, x: float, y: float) -> None:
        if self.poster.page_code:
            draw_code(surface, self.poster.page_code, x, y, self.page_side)
            free = max(self.page_side - sum(one.height for one in self.page_lines), 0.0)
            left = x + self.page_side + self._gap
            write(surface, self.page_lines, left, y + free / 2)
        if self.poster.place_code:
            left = x + self.width - self.place_side
            draw_code(surface, self.poster.place_code, left, y, self.place_side)
            beside = left - self.place_side - self._gap
            write(surface, self.place_lines, beside, y + 4 * self.scale, colour=SOFT)

    def _draw_logo(self, surface: Surface, logo: bytes, x: float, y: float) -> float:
        """Draw the group's logo as large as possible and return its width; its name is beside it."""
        width, height = size_of(logo)
        scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height) * self.scale
        with surface.decoration():
            surface.picture(logo, x, y, width * scale, height * scale)
        return width * scale


def draw_code(surface: Surface, code: Code, x: float, y: float, side: float) -> None:
    """Draw a QR code as a link, with the address in words for those who cannot see it."""
    box = (x, surface.page_height - y - side, x + side, surface.page_height - y)
    language = code.lines[0].language if code.lines else None
    said = code.lines[0].text if code.lines else code.address
    with surface.piece("Link", language, alternative=said, box=box, link=code.address):
        surface.qr(code.address, x, y, side, INK)


def draw_demo(surface: Surface, width: float, height: float) -> None:
    """Draw the watermark of demonstrations across a page, beneath everything else."""
    size = min(width, height) * 0.3
    with surface.decoration():
        surface.watermark(
            "DEMO",
            Style(SANS_BOLD, size, size),
            width / 2,
            height * 0.62,
            angle=40 if height > width else 20,
            colour=WATERMARK,
        )
