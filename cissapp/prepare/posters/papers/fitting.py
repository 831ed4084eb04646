"""How large the type can be, and what stands on which page: the largest size at which all fits, else more pages."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from cissapp.prepare.posters.papers.parts import Row, TooLong
from cissapp.prepare.posters.papers.rows import SetPiece

# In units of plain text.
GAP, BEFORE_HEADING = 0.5, 0.4
STEP = 0.5


class Sizes(Struct, frozen=True):
    """How large plain text is: what one can still read, and what is large enough; in points."""

    smallest: float
    largest: float

    def steps(self) -> list[float]:
        """List the sizes that are tried, the largest first."""
        count = int((self.largest - self.smallest) / STEP)
        return [self.smallest + STEP * place for place in range(count, -1, -1)]


class Fitted(Struct, frozen=True):
    """What stands on each page, at which size of type."""

    unit: float
    pages: list[list[SetPiece]]


Setting = Callable[[float], Sequence[SetPiece]]
Room = Callable[[float, int], float]


def fit(rows: Sequence[Row], setting: Setting, room: Room, sizes: Sizes, most_pages: int) -> Fitted:
    """Set rows on one page as large as they fit, else on as few pages as the smallest type needs, the first as full.

    `setting` sets all rows at a size, `room` measures how high a page is at a size, pages counted from 0.
    Raise `TooLong` with the longest text, where even that is not enough.
    """
    smallest = _paginated(setting(sizes.smallest), room, sizes.smallest)
    if smallest is None or len(smallest) > most_pages:
        raise TooLong(max((line.text for row in rows for line in row.lines), key=len, default=""))
    for unit in sizes.steps():
        pages = _paginated(setting(unit), room, unit)
        if pages is None or len(pages) > len(smallest):
            continue
        # The first page alone may be what hangs: it must not lose a way to larger type.
        if len(pages) == 1 or len(pages[0]) >= len(smallest[0]):
            return Fitted(unit, pages)
    return Fitted(sizes.smallest, smallest)


def space_before(piece: SetPiece, unit: float, *, first: bool, gap: float = GAP) -> float:
    """Return the room above a piece: none at the top of a page, more above a heading."""
    if first:
        return 0.0
    return (gap + (BEFORE_HEADING if piece.is_heading else 0.0)) * unit


def height_of(pieces: Sequence[SetPiece], unit: float, *, gap: float = GAP) -> float:
    """Measure pieces one below the other."""
    return sum(
        piece.height + space_before(piece, unit, first=place == 0, gap=gap)
        for place, piece in enumerate(pieces)
    )


def _paginated(pieces: Sequence[SetPiece], room: Room, unit: float) -> list[list[SetPiece]] | None:
    """Put pieces on pages, a heading with what it is of; None, if one is higher than a page."""
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
