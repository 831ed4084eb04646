"""What a poster is made of: lines of text, rows with a sign, codes; and the paper that they are drawn on."""

from contextlib import AbstractContextManager
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from cissapp.foundation.paper.text import Style
from cissapp.prepare.posters.rules.choices import PosterFormat, Readers
from cissapp.prepare.posters.rules.signs import Sign

if TYPE_CHECKING:
    from cissapp.foundation.paper.structure import Box


class TooLong(ValueError):
    """A text does not fit, even in the smallest type that can be read; `text` is the one to shorten."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Look(StrEnum):
    """How a row looks."""

    HEADING = "heading"
    WAY = "way"
    NUMBER = "number"
    PROMISE = "promise"


class Line(Struct, frozen=True):
    """A text in one language; `size` is how large it is beside plain text.

    Words of a `whole` line, such as a number, become smaller before they are broken.
    """

    text: str
    language: str
    size: float = 1.0
    bold: bool = False
    soft: bool = False
    whole: bool = False


class Row(Struct, frozen=True):
    """Lines that belong together, beside a sign or without one."""

    look: Look
    lines: tuple[Line, ...]
    sign: Sign | None = None


class Code(Struct, frozen=True):
    """A QR code: the address in it, and the lines beside it."""

    address: str
    lines: tuple[Line, ...]


class Poster(Struct, frozen=True):
    """All that stands on a poster, in the order in which it is read.

    `place_code` is the second, small code by which a poster is found on a round. Cards and stickers are
    each in one language and have no `rows`: `cards` are theirs.
    """

    format: PosterFormat
    readers: Readers
    large: bool
    school: str
    school_language: str
    titles: tuple[Line, ...]
    leads: tuple[Line, ...]
    rows: tuple[Row, ...]
    page_code: Code | None
    place_code: Code | None
    imprint: Line
    logo: bytes | None = None
    demo: bool = False
    cards: tuple["Card", ...] = ()

    @property
    def language(self) -> str:
        """The first language of the poster."""
        return self.titles[0].language


class Card(Struct, frozen=True):
    """What stands on a card in one language: rows with room, then the same on fewer lines, where there is none."""

    language: str
    variants: tuple[tuple[Row, ...], ...]


class Surface(Protocol):
    """What a poster is drawn on: a paper, or a picture of it. y is measured from the top."""

    @property
    def page_height(self) -> float:
        """The height of the page."""
        ...

    def next_page(self) -> None:
        """Begin another page."""
        ...

    def write_lines(
        self, lines: list[str], style: Style, x: float, y: float, colour: str, /
    ) -> float:
        """Write lines from the top edge y down; return the lower edge."""
        ...

    def bar(
        self, x: float, y: float, width: float, height: float, *, colour: str, radius: float = 0
    ) -> None:
        """Fill a rectangle."""
        ...

    def disc(self, x: float, y: float, radius: float, *, colour: str) -> None:
        """Fill a circle round x, y."""
        ...

    def outline(
        self, outline: str, x: float, y: float, scale: float, *, colour: str, width: float
    ) -> None:
        """Draw an outline with a round pen, its origin at x, y."""
        ...

    def cut(self, x: float, y: float, to_x: float, to_y: float, colour: str) -> None:
        """Draw a line along which paper is cut."""
        ...

    def rule(self, x: float, y: float, width: float, colour: str) -> None:
        """Draw a fine line from left to right."""
        ...

    def watermark(
        self, word: str, style: Style, x: float, y: float, *, angle: float, colour: str
    ) -> None:
        """Write a large word aslant."""
        ...

    def picture(self, content: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draw a picture."""
        ...

    def qr(self, text: str, x: float, y: float, size: float, colour: str) -> None:
        """Draw a QR code with its quiet zone."""
        ...

    def group(self, role: str, language: str | None = None) -> AbstractContextManager[None]:
        """Let what is drawn inside belong together."""
        ...

    def piece(
        self,
        role: str,
        language: str | None = None,
        *,
        alternative: str | None = None,
        box: "Box | None" = None,
        link: str | None = None,
    ) -> AbstractContextManager[None]:
        """Record what the drawing inside is."""
        ...

    def decoration(self) -> AbstractContextManager[None]:
        """Mark the drawing inside as no part of the text."""
        ...

    def copy(self) -> AbstractContextManager[None]:
        """Mark the drawing inside as a copy of what is read already."""
        ...
