"""A poster as a 16:9 slide: introduction and code on the left, how to report on the right."""

from cissapp.foundation.paper.canvas import Size
from cissapp.prepare.posters.papers.colours import PALETTES
from cissapp.prepare.posters.papers.fitting import Sizes, fit, height_of, space_before
from cissapp.prepare.posters.papers.foot import Foot, draw_demo
from cissapp.prepare.posters.papers.head import Head, set_head
from cissapp.prepare.posters.papers.parts import Look, Poster, Surface, TooLong
from cissapp.prepare.posters.papers.rows import SetPiece, Setter
from cissapp.prepare.posters.rules.choices import PosterFormat

SIZE: Size = (960.0, 540.0)
SIZES = {PosterFormat.SCREEN: SIZE}
MARGIN, BETWEEN = 24.0, 20.0
LEFT_SHARE = 0.46
MOST_SLIDES = 5
PLAIN, LARGE = Sizes(15, 22), Sizes(19, 25)
SMALLEST_HEAD = 11.0


class Slide:
    """A poster on slides; the left side is the same on all of them."""

    def __init__(self, poster: Poster) -> None:
        self.poster = poster
        self.palette = PALETTES[poster.readers]
        self.left = (SIZE[0] - 2 * MARGIN) * LEFT_SHARE
        self.right = SIZE[0] - 2 * MARGIN - BETWEEN - self.left
        self.tall = SIZE[1] - 2 * MARGIN
        self.promises = [row for row in poster.rows if row.look is Look.PROMISE]
        self.ways = [row for row in poster.rows if row.look is not Look.PROMISE]

    def paint(self, surface: Surface) -> None:
        """Draw all slides; raise `TooLong`, where something does not fit."""
        sizes = LARGE if self.poster.large else PLAIN
        left = self._left_unit(sizes)
        if left is None:
            # With long names or several languages, the promises move to the right.
            self.ways, self.promises = [*self.promises, *self.ways], []
            left = self._left_unit(sizes)
        if left is None:
            lines = (*self.poster.titles, *self.poster.leads)
            raise TooLong(max((self.poster.school, *(one.text for one in lines)), key=len))
        fitted = fit(self.ways, self._ways, lambda _unit, _page: self.tall, sizes, MOST_SLIDES)
        for page, pieces in enumerate(fitted.pages):
            if page:
                surface.next_page()
            if self.poster.demo:
                draw_demo(surface, *SIZE)
            self._paint_left(surface, left)
            y = MARGIN + max(self.tall - height_of(pieces, fitted.unit), 0.0) / 2
            for place, piece in enumerate(pieces):
                y += space_before(piece, fitted.unit, first=place == 0)
                piece.draw(surface, MARGIN + self.left + BETWEEN, y)
                y += piece.height

    def _ways(self, unit: float) -> list[SetPiece]:
        return Setter(self.right, unit, self.palette).pieces(self.ways)

    def _promises(self, unit: float) -> list[SetPiece]:
        return Setter(self.left, unit, self.palette).pieces(self.promises)

    def _head(self, unit: float) -> Head:
        return set_head(self.poster, self.left, unit, art=len(self.poster.titles) == 1)

    def _left_unit(self, sizes: Sizes) -> float | None:
        """Return the type size of the left side, the same on all slides; None if it does not fit."""
        smallest = sizes.smallest if self.poster.large else SMALLEST_HEAD
        for unit in Sizes(smallest, sizes.largest).steps():
            if self._left_height(unit) <= self.tall:
                return unit
        return None

    def _left_height(self, unit: float) -> float:
        head, foot = self._head(unit), Foot(self.poster, self.left, unit, 1.0)
        return head.height + height_of(self._promises(unit), unit) + foot.height + 2 * BETWEEN / 2

    def _paint_left(self, surface: Surface, unit: float) -> None:
        head, foot = self._head(unit), Foot(self.poster, self.left, unit, 1.0)
        head.draw(surface, MARGIN, MARGIN, self.palette)
        y = MARGIN + head.height + BETWEEN / 2
        for place, piece in enumerate(self._promises(unit)):
            y += space_before(piece, unit, first=place == 0)
            piece.draw(surface, MARGIN, y)
            y += piece.height
        foot.draw(surface, MARGIN, SIZE[1] - MARGIN - foot.height)
