"""Rows of a poster, set in a width at a size of type: how high each becomes, and how it is drawn."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from cissapp.foundation.paper.colours import INK, SOFT, TINT
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD
from cissapp.foundation.paper.text import Style, letters_that_fit, lines_of, printable
from cissapp.prepare.posters.papers.colours import Palette
from cissapp.prepare.posters.papers.parts import Line, Look, Row, Surface
from cissapp.prepare.posters.rules.signs import OUTLINES, SIDE, Sign

LEADING = 1.26
# In units of plain text: the radius of a disc, the space beside it, the padding of a promise.
DISC, BESIDE, INSIDE = 1.3, 0.7, 0.45
SIGN_SHARE, PEN = 1.25, 2.0
BETWEEN_LANGUAGES = " · "
# Where an address may be broken: after an @ or a dot, and after a single slash.
BEHIND_MARKS = re.compile(r"(@|(?<=[^/:])/|(?<=\w)\.)(?=[^/])")


class SetPiece(Protocol):
    """Something set, ready to be drawn."""

    @property
    def height(self) -> float:
        """The height of the piece."""
        ...

    @property
    def is_heading(self) -> bool:
        """Whether it must not be the last on a page."""
        ...

    def draw(self, surface: Surface, x: float, y: float) -> None:
        """Draw it, its upper left corner at x, y."""
        ...


class SetLine(Struct, frozen=True):
    """A line of text broken to a width."""

    line: Line
    lines: list[str]
    style: Style

    @property
    def height(self) -> float:
        """The height of its lines."""
        return len(self.lines) * self.style.leading


def set_line(line: Line, width: float, unit: float, leading: float = LEADING) -> SetLine:
    """Break a line to a width, for plain text of size `unit`; raise `Unprintable` for unknown characters."""
    size, text = line.size * unit, printable(line.text)
    style = Style(SANS_BOLD if line.bold else SANS, size, size * leading)
    if line.whole:
        widest = max(style.width(word) for word in text.split(" "))
        style = style.scaled(max(min(1.0, width / widest), unit / size))
    return SetLine(line, lines_of(_breakable(text, style, width), style, width), style)


def _breakable(text: str, style: Style, width: float) -> str:
    """Allow an address that is wider than the line to break at its punctuation, not within words."""
    return " ".join(part for word in text.split(" ") for part in _parts(word, style, width))


def _parts(word: str, style: Style, width: float) -> list[str]:
    """Divide a word into parts that fit, each as long as it can be.

    No two of them fit on one line, so no space is ever printed within an address.
    """
    parts = [""]
    for piece in BEHIND_MARKS.sub(r"\1 ", word).split(" "):
        if parts[-1] and style.width(parts[-1] + piece) > width:
            parts.append(piece)
        else:
            parts[-1] += piece
        while style.width(parts[-1]) > width:
            cut = letters_that_fit(parts[-1], style, width)
            parts[-1:] = [parts[-1][:cut], parts[-1][cut:]]
    return parts


def write(
    surface: Surface,
    lines: Sequence[SetLine],
    x: float,
    y: float,
    *,
    colour: str = INK,
    soft: str = SOFT,
    role: str = "P",
) -> float:
    """Write lines one below the other, each in its language; return the lower edge."""
    for one in lines:
        with surface.piece(role, one.line.language):
            shade = soft if one.line.soft else colour
            y = surface.write_lines(one.lines, one.style, x, y, shade)
    return y


def draw_disc(
    surface: Surface, sign: Sign, x: float, y: float, radius: float, *, palette: Palette
) -> None:
    """Draw a sign on its disc, as decoration: the words beside it mean the same."""
    scale = radius * SIGN_SHARE / SIDE
    corner = radius * SIGN_SHARE / 2
    with surface.decoration():
        surface.disc(x, y, radius, colour=palette.ground)
        surface.outline(
            OUTLINES[sign], x - corner, y - corner, scale, colour=palette.on_ground, width=PEN
        )


class SetRow(Struct, frozen=True):
    """A way, a number or a promise: its sign, and the lines beside it."""

    row: Row
    lines: tuple[SetLine, ...]
    width: float
    unit: float
    palette: Palette
    disc: float
    is_heading: bool = False

    @property
    def _inside(self) -> float:
        return INSIDE * self.unit if self.row.look is Look.PROMISE else 0.0

    @property
    def _text_height(self) -> float:
        return sum(one.height for one in self.lines)

    @property
    def height(self) -> float:
        """The height of the row: of its lines or of its disc, whichever is larger."""
        disc = 2 * self.disc * self.unit if self.row.sign else 0.0
        return max(self._text_height, disc) + 2 * self._inside

    def draw(self, surface: Surface, x: float, y: float) -> None:
        """Draw the sign and the lines, centred on each other."""
        radius, inside = self.disc * self.unit, self._inside
        if inside:
            with surface.decoration():
                surface.bar(x, y, self.width, self.height, colour=TINT, radius=0.6 * self.unit)
        left = x + inside
        if self.row.sign:
            draw_disc(
                surface,
                self.row.sign,
                left + radius,
                y + inside + radius,
                radius,
                palette=self.palette,
            )
            left += 2 * radius + BESIDE * self.unit
        free = self.height - 2 * inside - self._text_height
        write(surface, self.lines, left, y + inside + free / 2)


class SetHeading(Struct, frozen=True):
    """A heading in each language, side by side as far as the width allows."""

    parts: tuple[tuple[SetLine, float, float], ...]
    height: float
    colour: str
    is_heading: bool = True

    def draw(self, surface: Surface, x: float, y: float) -> None:
        """Write each part in its place."""
        for part, left, top in self.parts:
            write(surface, [part], x + left, y + top, colour=self.colour, role="H2")


class SetPair(Struct, frozen=True):
    """Two rows beside each other."""

    pieces: tuple[SetRow, ...]
    step: float
    is_heading: bool = False

    @property
    def height(self) -> float:
        """The height of the higher row."""
        return max(one.height for one in self.pieces)

    def draw(self, surface: Surface, x: float, y: float) -> None:
        """Draw both."""
        for place, piece in enumerate(self.pieces):
            piece.draw(surface, x + place * self.step, y)


class Setter(Struct, frozen=True):
    """Sets rows to a width at a type size; with `paired`, two rows are side by side."""

    width: float
    unit: float
    palette: Palette
    paired: bool = False
    disc: float = DISC
    leading: float = LEADING

    def pieces(self, rows: Sequence[Row]) -> list[SetPiece]:
        """Set rows, one below the other."""
        pieces: list[SetPiece] = []
        waiting: list[Row] = []
        for row in rows:
            is_heading = row.look is Look.HEADING
            if self.paired and not is_heading:
                waiting.append(row)
                continue
            pieces += self._pairs(waiting)
            waiting = []
            pieces.append(self._heading(row) if is_heading else self._row(row, self.width))
        return [*pieces, *self._pairs(waiting)]

    def _row(self, row: Row, width: float) -> SetRow:
        inside = INSIDE * self.unit if row.look is Look.PROMISE else 0.0
        beside = (2 * self.disc + BESIDE) * self.unit if row.sign else 0.0
        room = width - beside - 2 * inside
        lines = tuple(set_line(line, room, self.unit, self.leading) for line in row.lines)
        return SetRow(row, lines, width, self.unit, self.palette, self.disc)

    def _pairs(self, rows: list[Row]) -> Iterator[SetPair]:
        gap = 0.6 * self.unit
        half = (self.width - gap) / 2
        for at in range(0, len(rows), 2):
            pair = rows[at : at + 2]
            wide = half if len(pair) == 2 else self.width
            yield SetPair(tuple(self._row(row, wide) for row in pair), half + gap)

    def _heading(self, row: Row) -> SetHeading:
        """Set the heading of each language after the previous one, or below it if it does not fit."""
        parts: list[tuple[SetLine, float, float]] = []
        left = top = lowest = 0.0
        for line in row.lines:
            part = set_line(line, self.width, self.unit, self.leading)
            wide = max(part.style.width(one) for one in part.lines)
            if left and left + wide > self.width:
                left, top = 0.0, lowest
            parts.append((part, left, top))
            left += wide + part.style.width(BETWEEN_LANGUAGES)
            lowest = max(lowest, top + part.height)
        return SetHeading(tuple(parts), lowest, self.palette.heading)
