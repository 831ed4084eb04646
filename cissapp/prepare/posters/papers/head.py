"""The head of a poster: the school, the title in each language, what it is about, and a large sign."""

from msgspec import Struct

from cissapp.prepare.posters.papers.colours import Palette
from cissapp.prepare.posters.papers.parts import Line, Poster, Surface
from cissapp.prepare.posters.papers.rows import SetLine, set_line, write
from cissapp.prepare.posters.rules.choices import Readers
from cissapp.prepare.posters.rules.signs import OUTLINES, SIDE, Sign

ART = {
    Readers.YOUNGER: Sign.FRIENDLY,
    Readers.OLDER: Sign.TRUSTED,
    Readers.PARENTS: Sign.HOME,
    Readers.STAFF: Sign.LISTEN,
}
# In units of plain text: padding, the large sign, the space beside it, the space between parts.
INSIDE, ART_SIZE, BESIDE_ART, BETWEEN, RADIUS = 1.1, 6.0, 1.2, 0.4, 1.1
ART_PEN = 1.5


class Head(Struct, frozen=True):
    """The head of a page, set in a width; the head of a later page is smaller and has no sign."""

    school: SetLine
    titles: tuple[SetLine, ...]
    leads: tuple[SetLine, ...]
    width: float
    unit: float
    art: Sign | None

    @property
    def height(self) -> float:
        """The height of the head."""
        text = sum(one.height for one in (self.school, *self.titles, *self.leads))
        text += (2 if self.leads else 1) * BETWEEN * self.unit
        art = (ART_SIZE + BETWEEN) * self.unit if self.art else 0.0
        return max(text, art) + 2 * INSIDE * self.unit

    def draw(
        self, surface: Surface, x: float, y: float, palette: Palette, *, height: float | None = None
    ) -> float:
        """Draw background, sign and text; return the lower edge of the text."""
        unit = self.unit
        inside = INSIDE * unit
        with surface.decoration():
            surface.bar(
                x, y, self.width, height or self.height, colour=palette.ground, radius=RADIUS * unit
            )
            if self.art:
                size = ART_SIZE * unit
                surface.outline(
                    OUTLINES[self.art],
                    x + self.width - inside - size,
                    y + inside,
                    size / SIDE,
                    colour=palette.on_ground,
                    width=ART_PEN,
                )
        shade = palette.on_ground
        left = x + inside
        top = write(surface, [self.school], left, y + inside, colour=shade, soft=shade)
        top += BETWEEN * unit
        top = write(surface, self.titles[:1], left, top, colour=shade, role="H1")
        top = write(surface, self.titles[1:], left, top, colour=shade, role="P")
        return write(surface, self.leads, left, top + BETWEEN * unit, colour=shade, soft=shade)


def set_head(
    poster: Poster, width: float, unit: float, *, first: bool = True, art: bool = True
) -> Head:
    """Set the head of a page to a width; later pages have no large sign, nor any without `art`."""
    has_art = first and art
    beside = (ART_SIZE + BESIDE_ART) * unit if has_art else 0.0
    room = width - 2 * INSIDE * unit - beside
    titles = poster.titles if first else (smaller(poster.titles[0]),)
    leads = poster.leads if first else ()
    return Head(
        set_line(Line(poster.school, poster.school_language, 1.0, bold=True), room, unit),
        tuple(set_line(one, room, unit) for one in titles),
        tuple(set_line(one, room, unit) for one in leads),
        width,
        unit,
        ART[poster.readers] if has_art else None,
    )


def smaller(title: Line) -> Line:
    """Return a title reduced for a later page."""
    return Line(title.text, title.language, min(title.size, 1.4), bold=True)
