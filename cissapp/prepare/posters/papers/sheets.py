"""A poster on paper, A4 or A3: head, rows, codes at the foot; on several sheets if necessary."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from msgspec.structs import replace

from cissapp.foundation.paper.canvas import A3, A4, Size
from cissapp.prepare.posters.papers.colours import PALETTES
from cissapp.prepare.posters.papers.fitting import Fitted, Sizes, fit, height_of, space_before
from cissapp.prepare.posters.papers.foot import Foot, draw_demo
from cissapp.prepare.posters.papers.head import Head, set_head
from cissapp.prepare.posters.papers.parts import Look, Poster, Row, Surface, TooLong
from cissapp.prepare.posters.papers.rows import SetPiece, Setter
from cissapp.prepare.posters.rules.choices import PosterFormat, Readers

SIZES: dict[PosterFormat, Size] = {PosterFormat.A4: A4, PosterFormat.A3: A3}
MARGIN, BETWEEN = 22.0, 10.0
MOST_SHEETS, FEW_PROMISES = 4, 2
# For A4; A3 is read from further away, so everything is larger in proportion.
PLAIN, LARGE = Sizes(14, 21), Sizes(18, 26)
# Remaining space is spread between the rows, up to this limit.
MOST_SPREAD = 0.9


class Sheet:
    """A poster on sheets of one size."""

    def __init__(self, poster: Poster) -> None:
        self.poster = poster
        self.width, self.height = SIZES[poster.format]
        self.scale = self.width / A4[0]
        self.margin, self.between = MARGIN * self.scale, BETWEEN * self.scale
        self.column = self.width - 2 * self.margin
        self.palette = PALETTES[poster.readers]

    def head(self, unit: float, page: int) -> Head:
        """Set the head of a page."""
        return set_head(self.poster, self.column, unit, first=page == 0)

    def foot(self, unit: float, page: int) -> Foot:
        """Set the foot of a page; only the first sheet has the code of the place."""
        poster = self.poster if page == 0 else replace(self.poster, place_code=None)
        return Foot(poster, self.column, unit, self.scale)

    def room(self, unit: float, page: int) -> float:
        """Return the height available for rows on a page."""
        taken = self.head(unit, page).height + self.foot(unit, page).height
        return self.height - 2 * self.margin - 2 * self.between - taken

    def setting(self, rows: Sequence[Row], unit: float) -> list[SetPiece]:
        """Set rows at a size of type."""
        return Setter(self.column, unit, self.palette, paired=not self.poster.large).pieces(rows)

    def fitted(self) -> Fitted:
        """Fit the rows on one sheet, if necessary with fewer promises, or all on several; raise `TooLong`."""
        every, sizes = self.poster.rows, self.sizes()
        for rows in (every, self.few_promises()):
            with suppress(TooLong):
                return fit(rows, partial(self.setting, rows), self.room, sizes, 1)
        return fit(every, partial(self.setting, every), self.room, sizes, MOST_SHEETS)

    def few_promises(self) -> tuple[Row, ...]:
        """Return the rows without the later promises; instructions for staff are never shortened."""
        promises = [row for row in self.poster.rows if row.look is Look.PROMISE]
        if self.poster.readers is Readers.STAFF:
            return self.poster.rows
        return tuple(row for row in self.poster.rows if row not in promises[FEW_PROMISES:])

    def sizes(self) -> Sizes:
        """Return the range of the plain type size on this paper."""
        of_a4 = LARGE if self.poster.large else PLAIN
        # Rounded up: on A3 the smallest type is 20 points.
        return Sizes(round(of_a4.smallest * self.scale + 0.2), of_a4.largest * self.scale)

    def paint(self, surface: Surface) -> None:
        """Draw all pages; raise `TooLong`, if four sheets are not enough."""
        fitted = self.fitted()
        for page, pieces in enumerate(fitted.pages):
            if page:
                surface.next_page()
            self._paint_page(surface, fitted, page, pieces)

    def _paint_page(
        self, surface: Surface, fitted: Fitted, page: int, pieces: list[SetPiece]
    ) -> None:
        unit = fitted.unit
        if self.poster.demo:
            draw_demo(surface, self.width, self.height)
        head, foot = self.head(unit, page), self.foot(unit, page)
        head.draw(surface, self.margin, self.margin, self.palette)
        y = self.margin + head.height + self.between
        free = self.room(unit, page) - height_of(pieces, unit)
        spread = (
            min(free / (len(pieces) + 1), MOST_SPREAD * unit) if len(fitted.pages) == 1 else 0.0
        )
        y += spread
        for place, piece in enumerate(pieces):
            y += space_before(piece, unit, first=place == 0)
            piece.draw(surface, self.margin, y)
            y += piece.height + spread
        foot.draw(surface, self.margin, self.height - self.margin - foot.height)
