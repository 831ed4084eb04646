"""Pocket cards and stickers: the same small one as often as a sheet of A4 has room, with lines to cut along."""

from dataclasses import dataclass

from cissapp.foundation.paper.canvas import A4, Size
from cissapp.foundation.paper.colours import LINE
from cissapp.prepare.posters.papers.colours import PALETTES
from cissapp.prepare.posters.papers.fitting import Fitted, Sizes, fit, height_of, space_before
from cissapp.prepare.posters.papers.foot import draw_code, draw_demo
from cissapp.prepare.posters.papers.parts import Poster, Surface
from cissapp.prepare.posters.papers.rows import SetPiece, Setter
from cissapp.prepare.posters.rules.choices import PosterFormat

MILLIMETRE = 72 / 25.4
DISC = 0.85
START, BESIDE = 8.0, 6.0


@dataclass(frozen=True)
class Grid:
    """How many stand on a sheet, how large each is, the room inside, its type, and how many sides it has."""

    columns: int
    rows: int
    size: Size
    inside: float
    code: float
    plain: Sizes
    large: Sizes
    sides: int

    @property
    def left(self) -> float:
        """Where the first column begins."""
        return (A4[0] - self.columns * self.size[0]) / 2

    @property
    def top(self) -> float:
        """Where the first row begins."""
        return (A4[1] - self.rows * self.size[1]) / 2


GRIDS = {
    PosterFormat.CARDS: Grid(
        columns=2,
        rows=5,
        size=(85 * MILLIMETRE, 54 * MILLIMETRE),
        inside=9,
        code=62,
        plain=Sizes(9, 12),
        large=Sizes(11, 14),
        sides=2,
    ),
    PosterFormat.STICKERS: Grid(
        columns=3,
        rows=8,
        size=(70 * MILLIMETRE, 37 * MILLIMETRE),
        inside=11,
        code=64,
        plain=Sizes(9, 13),
        large=Sizes(11, 14),
        sides=1,
    ),
}
SIZES = dict.fromkeys(GRIDS, A4)


class SmallSheet:
    """A sheet of cards or stickers; a second sheet has the back of each."""

    def __init__(self, poster: Poster) -> None:
        self.poster = poster
        self.grid = GRIDS[poster.format]
        self.palette = PALETTES[poster.readers]
        width, height = self.grid.size
        code = self.grid.code + BESIDE if poster.page_code else 0.0
        self.column = width - 2 * self.grid.inside - START - code
        self.room = height - 2 * self.grid.inside

    def paint(self, surface: Surface) -> None:
        """Draw all of them; raise `TooLong`, where front and back are not enough."""
        sizes = self.grid.large if self.poster.large else self.grid.plain
        room = self.room
        fitted = fit(self.poster.rows, self._setting, lambda _u, _p: room, sizes, self.grid.sides)
        for side in range(len(fitted.pages)):
            if side:
                surface.next_page()
            if self.poster.demo:
                draw_demo(surface, *A4)
            self._paint_side(surface, fitted, side)
            self._cut(surface)

    def _setting(self, unit: float) -> list[SetPiece]:
        return Setter(self.column, unit, self.palette, disc=DISC).pieces(self.poster.rows)

    def _paint_side(self, surface: Surface, fitted: Fitted, side: int) -> None:
        width, height = self.grid.size
        for place in range(self.grid.columns * self.grid.rows):
            row, column = divmod(place, self.grid.columns)
            x, y = self.grid.left + column * width, self.grid.top + row * height
            if place == 0:
                self._paint_small(surface, fitted, side, (x, y))
            else:
                with surface.copy():
                    self._paint_small(surface, fitted, side, (x, y))

    def _paint_small(
        self, surface: Surface, fitted: Fitted, side: int, corner: tuple[float, float]
    ) -> None:
        (x, y), (width, height), inside = corner, self.grid.size, self.grid.inside
        with surface.decoration():
            tall = height - 2 * inside
            surface.bar(x + inside, y + inside, 3, tall, colour=self.palette.ground, radius=1.5)
        pieces = fitted.pages[side]
        top = y + inside + max(self.room - height_of(pieces, fitted.unit), 0.0) / 2
        for place, piece in enumerate(pieces):
            top += space_before(piece, fitted.unit, first=place == 0)
            piece.draw(surface, x + inside + START, top)
            top += piece.height
        if self.poster.page_code:
            code = self.grid.code
            left, middle = x + width - inside - code, y + (height - code) / 2
            draw_code(surface, self.poster.page_code, left, middle, code)

    def _cut(self, surface: Surface) -> None:
        width, height = self.grid.size
        with surface.decoration():
            for column in range(self.grid.columns + 1):
                x = self.grid.left + column * width
                surface.cut(x, 0, x, A4[1], LINE)
            for row in range(self.grid.rows + 1):
                y = self.grid.top + row * height
                surface.cut(0, y, A4[0], y, LINE)
