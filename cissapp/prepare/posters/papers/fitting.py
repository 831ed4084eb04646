"""Chooses the type size and the page breaks: the largest size at which all fits, else more pages."""

from collections.abc import Callable, Sequence
from functools import cache

from msgspec import Struct

from cissapp.prepare.posters.papers.parts import Row, TooLong
from cissapp.prepare.posters.papers.rows import SetPiece

# In units of plain text.
GAP, BEFORE_HEADING = 0.5, 0.4
STEP = 0.5


class Sizes(Struct, frozen=True):
    """The range of the plain type size in points: the smallest legible, and the largest useful."""

    smallest: float
    largest: float

    def steps(self) -> list[float]:
        """List the sizes that are tried, the largest first."""
        count = int((self.largest - self.smallest) / STEP)
        return [self.smallest + STEP * place for place in range(count, -1, -1)]


class Fitted(Struct, frozen=True):
    """The pieces on each page, and the type size."""

    unit: float
    pages: list[list[SetPiece]]


Setting = Callable[[float], Sequence[SetPiece]]
Room = Callable[[float, int], float]


def fit(rows: Sequence[Row], setting: Setting, room: Room, sizes: Sizes, most_pages: int) -> Fitted:
    """Fit rows on one page as large as possible, or else on as few pages as the smallest type needs.

    `setting` sets all rows at a size, `room` returns the height available on a page, counted from 0. Raise
    `TooLong` with the longest text if even the smallest type does not fit.
    """
    room = cache(room)  # to know it, the head of a page is set
    smallest = _paginated(setting(sizes.smallest), room, sizes.smallest)
    if smallest is None or len(smallest) > most_pages:
        raise TooLong(max((line.text for row in rows for line in row.lines), key=len, default=""))
    for unit in sizes.steps():
        pages = _paginated(setting(unit), room, unit)
        if pages is None or len(pages) > len(smallest):
            continue
        # Perhaps only the first page is put up, so larger type must not push a way off it.
        if len(pages) == 1 or len(pages[0]) >= len(smallest[0]):
            return Fitted(unit, pages)
    return Fitted(sizes.smallest, smallest)


def space_before(piece: SetPiece, unit: float, *, first: bool, gap: float = GAP) -> float:
    """Return the room above a piece: none at the top of a page, more above a heading."""
    if first:
        return 0.0
    return (gap + (BEFORE_HEADING if piece.is_heading else 0.0)) * unit


def height_of(pieces: Sequence[SetPiece], unit: float, *, gap: float = GAP) -> float:
    """Return the total height of pieces below each other."""
    return sum(
        piece.height + space_before(piece, unit, first=place == 0, gap=gap)
        for place, piece in enumerate(pieces)
    )


def _paginated(pieces: Sequence[SetPiece], room: Room, unit: float) -> list[list[SetPiece]] | None:
    """Put pieces on pages, keeping headings with what follows; None if one is higher than a page."""
    pages: list[list[SetPiece]] = [[]]
    for together in _together(pieces):
        if pages[-1] and height_of([*pages[-1], *together], unit) > room(unit, len(pages) - 1):
            pages.append([])
        pages[-1] += together
        if height_of(pages[-1], unit) > room(unit, len(pages) - 1):
            return None
    return pages


def _together(pieces: Sequence[SetPiece]) -> list[list[SetPiece]]:
    groups: list[list[SetPiece]] = []
    open_heading = False
    for piece in pieces:
        if open_heading:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        open_heading = piece.is_heading
    return groups
