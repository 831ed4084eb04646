"""The picture of a badge, drawn twice from the same measures: as SVG and as PNG.

It shows the programme's ring, the level and the dates: facts to be checked, not a medal. The word "safe" does
not appear in it: no school is safe because of a certificate.
"""

import math
from functools import lru_cache
from io import BytesIO

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

from cissapp.foundation.paper.colours import BAD, INK, LINE, MODULES, SOFT, TINT, WHITE
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD, file_of

SIZE = 480
# Drawn four times as large and made smaller: the edges of arcs become smooth.
FINE = 4
COLOURS = 192
CENTRE = 240.0
OUTER, RING, WIDTH = 228.0, 184.0, 46.0
INNER = RING - WIDTH / 2 + 1
GAP = 3.0
KEPT = 64


class BadgeLine(Struct, frozen=True):
    """A line of text in the middle: its baseline, size, weight and colour."""

    text: str
    foot: float
    size: float
    bold: bool
    colour: str


class BadgePicture(Struct, frozen=True):
    """What a badge shows."""

    level: int
    from_year: int
    until_year: int
    demo: bool

    @property
    def title(self) -> str:
        """The text alternative for those who cannot see the badge."""
        shown = "DEMONSTRATION. " if self.demo else ""
        return (
            f"{shown}CISS certificate, level {self.level}, {self.from_year} to {self.until_year}. "
            "Check it before you rely on it."
        )

    @property
    def lines(self) -> tuple[BadgeLine, ...]:
        """The lines inside the ring."""
        foot = BadgeLine("DEMO", 366, 25, bold=True, colour=BAD)
        return (
            BadgeLine("CISS", 166, 38, bold=True, colour=MODULES[0]),
            BadgeLine("LEVEL", 200, 22, bold=True, colour=SOFT),
            BadgeLine(str(self.level), 296, 112, bold=True, colour=INK),
            BadgeLine(f"{self.from_year} – {self.until_year}", 334, 25, bold=False, colour=INK),
            *([foot] if self.demo else []),
        )


def _arcs() -> list[tuple[str, float, float]]:
    """List colour, start and end of the five arcs, in degrees from the right, clockwise."""
    return [
        (colour, -90 + GAP + place * 72, -90 + (place + 1) * 72 - GAP)
        for place, colour in enumerate(MODULES)
    ]


# --- SVG ---------------------------------------------------------------------------------------


def draw_svg(badge: BadgePicture) -> str:
    """Draw the badge as SVG; its text is text."""
    arcs = "".join(
        f'<path d="{_path(start, end)}" stroke="{colour}"/>' for colour, start, end in _arcs()
    )
    lines = "".join(
        f'<text x="{CENTRE:g}" y="{one.foot:g}" font-size="{one.size:g}" fill="{one.colour}"'
        f' font-weight="{700 if one.bold else 400}">{one.text}</text>'
        for one in badge.lines
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img">'
        f"<title>{badge.title}</title>"
        f'<circle cx="{CENTRE:g}" cy="{CENTRE:g}" r="{OUTER:g}" fill="{TINT}" stroke="{LINE}"'
        ' stroke-width="2"/>'
        f'<circle cx="{CENTRE:g}" cy="{CENTRE:g}" r="{INNER:g}" fill="{WHITE}"/>'
        f'<g fill="none" stroke-width="{WIDTH:g}">{arcs}</g>'
        f'<g font-family="Noto Sans, Segoe UI, Roboto, sans-serif" text-anchor="middle">{lines}</g>'
        "</svg>\n"
    )


def _path(start: float, end: float) -> str:
    (x1, y1), (x2, y2) = (
        (CENTRE + RING * math.cos(math.radians(one)), CENTRE + RING * math.sin(math.radians(one)))
        for one in (start, end)
    )
    return f"M{x1:.2f} {y1:.2f}A{RING:g} {RING:g} 0 0 1 {x2:.2f} {y2:.2f}"


# --- PNG ---------------------------------------------------------------------------------------


@lru_cache(KEPT)
def draw_png(badge: BadgePicture) -> bytes:
    """Draw the badge as PNG, with a transparent background."""
    picture = Image.new("RGBA", (SIZE * FINE, SIZE * FINE), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    _disc(draw, OUTER, TINT, LINE)
    _disc(draw, INNER, WHITE, None)
    box = _box(RING + WIDTH / 2)
    for colour, start, end in _arcs():
        draw.arc(box, start, end, fill=colour, width=round(WIDTH * FINE))
    for one in badge.lines:
        where = (CENTRE * FINE, one.foot * FINE)
        draw.text(where, one.text, fill=one.colour, font=_font(one), anchor="ms")
    sheet = BytesIO()
    smaller = picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    smaller = smaller.quantize(COLOURS, Image.Quantize.FASTOCTREE)
    smaller.save(sheet, "PNG", optimize=True)
    return sheet.getvalue()


def _box(radius: float) -> tuple[float, float, float, float]:
    low, high = (CENTRE - radius) * FINE, (CENTRE + radius) * FINE
    return low, low, high, high


def _disc(draw: ImageDraw.ImageDraw, radius: float, fill: str, line: str | None) -> None:
    draw.ellipse(_box(radius), fill=fill, outline=line, width=2 * FINE if line else 0)


def _font(line: BadgeLine) -> ImageFont.FreeTypeFont:
    font = SANS_BOLD if line.bold else SANS
    return ImageFont.truetype(str(file_of(font)), round(line.size * FINE))
