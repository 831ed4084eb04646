"""Pocket cards and stickers: as many as fit on a sheet of A4, with cutting lines."""

from collections.abc import Sequence

from msgspec import Struct

from cissapp.foundation.paper.canvas import A4, Size
from cissapp.foundation.paper.colours import LINE
from cissapp.prepare.posters.papers.colours import PALETTES
from cissapp.prepare.posters.papers.fitting import Fitted, Sizes, height_of, space_before
from cissapp.prepare.posters.papers.foot import draw_code, draw_demo
from cissapp.prepare.posters.papers.parts import Card, Poster, Row, Surface, TooLong
from cissapp.prepare.posters.papers.rows import SetPiece, Setter
from cissapp.prepare.posters.rules.choices import PosterFormat

MILLIMETRE = 72 / 25.4
# Tighter than on a poster, as a card is read in the hand.
DISC, LEADING, GAP = 0.85, 1.17, 0.3
START, BESIDE = 8.0, 6.0


class Grid(Struct, frozen=True):
    """The cards on a sheet: columns and rows, size, padding, code, type sizes, and number of sides."""

    columns: int
    rows: int
    size: Size
    inside: float
    code: float
    plain: Sizes
    large: Sizes
    sides: int

    @property
    def room(self) -> float:
        """The height available for text."""
        return self.size[1] - 2 * self.inside

    @property
    def left(self) -> float:
        """The left edge of the first column."""
        return (A4[0] - self.columns * self.size[0]) / 2

    @property
    def top(self) -> float:
        """The upper edge of the first row."""
        return (A4[1] - self.rows * self.size[1]) / 2


GRIDS = {
    PosterFormat.CARDS: Grid(
        columns=2,
        rows=5,
        size=(85 * MILLIMETRE, 54 * MILLIMETRE),
        inside=7,
        code=58,
        plain=Sizes(9, 12),
        large=Sizes(11, 14),
        sides=2,
    ),
    PosterFormat.STICKERS: Grid(
        columns=3,
        rows=8,
        size=(70 * MILLIMETRE, 37 * MILLIMETRE),
        inside=8,
        code=56,
        plain=Sizes(9, 13),
        large=Sizes(11, 14),
        sides=1,
    ),
}
SIZES = dict.fromkeys(GRIDS, A4)


class SmallSheet:
    """A sheet of cards or stickers, each in one language; a second sheet has the back of each."""

    def __init__(self, poster: Poster) -> None:
        self.poster = poster
        self.grid = GRIDS[poster.format]
        self.palette = PALETTES[poster.readers]
        self.column = self.grid.size[0] - 2 * self.grid.inside - START
        self.code = self.grid.code + BESIDE if poster.page_code else 0.0

    def paint(self, surface: Surface) -> None:
        """Draw all sheets; raise `TooLong` if front and back are not enough."""
        fitted = [self._fitted(card) for card in self.poster.cards]
        for side in range(max(len(one.pages) for one in fitted)):
            if side:
                surface.next_page()
            if self.poster.demo:
                draw_demo(surface, *A4)
            self._paint_side(surface, fitted, side)
            self._cut(surface)

    def _fitted(self, card: Card) -> Fitted:
        """Fit a card on its front as large as possible, else on both sides; raise `TooLong`."""
        sizes = (self.grid.large if self.poster.large else self.grid.plain).steps()
        for rows in card.variants:
            for sides in range(1, self.grid.sides + 1):
                for unit in sizes:
                    pages = self._sides(rows, unit)
                    if pages and len(pages) <= sides:
                        return Fitted(unit, pages)
        raise TooLong(max((line.text for row in card.variants[0] for line in row.lines), key=len))

    def _sides(self, rows: Sequence[Row], unit: float) -> list[list[SetPiece]]:
        """Put rows on the front beside the code, the rest on the wider back; empty if they do not fit."""
        front: list[SetPiece] = []
        narrow = self._set(rows, self.column - self.code, unit)
        while len(front) < len(rows) and self._fits([*front, narrow[len(front)]], unit):
            front.append(narrow[len(front)])
        back = self._set(rows[len(front) :], self.column, unit)
        if not front or front[-1].is_heading or not self._fits(back, unit):
            return []
        return [front, back] if back else [front]

    def _set(self, rows: Sequence[Row], width: float, unit: float) -> list[SetPiece]:
        setter = Setter(width, unit, self.palette, disc=DISC, leading=LEADING)
        return setter.pieces(rows)

    def _fits(self, pieces: Sequence[SetPiece], unit: float) -> bool:
        return height_of(pieces, unit, gap=GAP) <= self.grid.room

    def _paint_side(self, surface: Surface, fitted: Sequence[Fitted], side: int) -> None:
        """Draw one side of all cards; each row has one language, so that the backs match their fronts."""
        width, height = self.grid.size
        read: set[int] = set()
        for place in range(self.grid.columns * self.grid.rows):
            row, column = divmod(place, self.grid.columns)
            corner = self.grid.left + column * width, self.grid.top + row * height
            chosen = row * len(fitted) // self.grid.rows
            with surface.copy() if chosen in read else surface.group("Sect"):
                self._paint_small(surface, fitted[chosen], side, corner)
            read.add(chosen)

    def _paint_small(
        self, surface: Surface, fitted: Fitted, side: int, corner: tuple[float, float]
    ) -> None:
        (x, y), (width, height), inside = corner, self.grid.size, self.grid.inside
        if side >= len(fitted.pages):
            return
        with surface.decoration():
            tall = height - 2 * inside
            surface.bar(x + inside, y + inside, 3, tall, colour=self.palette.ground, radius=1.5)
        pieces = fitted.pages[side]
        top = y + inside + (self.grid.room - height_of(pieces, fitted.unit, gap=GAP)) / 2
        for place, piece in enumerate(pieces):
            top += space_before(piece, fitted.unit, first=place == 0, gap=GAP)
            piece.draw(surface, x + inside + START, top)
            top += piece.height
        if self.poster.page_code and not side:
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
