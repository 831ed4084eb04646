"""The parts of a poster: lines of text, rows with a sign, codes; and the surface to draw them on."""

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
    """The appearance of a row."""

    HEADING = "heading"
    WAY = "way"
    NUMBER = "number"
    PROMISE = "promise"


class Line(Struct, frozen=True):
    """A text in one language; `size` is relative to plain text.

    The words of a `whole` line, such as a number, are made smaller before they are broken.
    """

    text: str
    language: str
    size: float = 1.0
    bold: bool = False
    soft: bool = False
    whole: bool = False


class Row(Struct, frozen=True):
    """Lines that belong together, with or without a sign beside them."""

    look: Look
    lines: tuple[Line, ...]
    sign: Sign | None = None


class Code(Struct, frozen=True):
    """A QR code: the address in it, and the lines beside it."""

    address: str
    lines: tuple[Line, ...]


class Poster(Struct, frozen=True):
    """The contents of a poster, in reading order.

    `place_code` is the second, small code that identifies a poster on a round. Cards and stickers are each
    in one language and have `cards` instead of `rows`.
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
    """The contents of a card in one language: variants of its rows, from spacious to compact."""

    language: str
    variants: tuple[tuple[Row, ...], ...]


class Surface(Protocol):
    """The surface that a poster is drawn on: paper, or a preview of it. y is measured from the top."""

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
        """Draw a cutting line."""
        ...

    def rule(self, x: float, y: float, width: float, colour: str) -> None:
        """Draw a fine line from left to right."""
        ...

    def watermark(
        self, word: str, style: Style, x: float, y: float, *, angle: float, colour: str
    ) -> None:
        """Draw a large word at an angle."""
        ...

    def picture(self, content: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draw a picture."""
        ...

    def qr(self, text: str, x: float, y: float, size: float, colour: str) -> None:
        """Draw a QR code with its quiet zone."""
        ...

    def group(self, role: str, language: str | None = None) -> AbstractContextManager[None]:
        """Group everything drawn inside."""
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
        """Tag what is drawn inside with its role."""
        ...

    def decoration(self) -> AbstractContextManager[None]:
        """Mark what is drawn inside as decoration rather than text."""
        ...

    def copy(self) -> AbstractContextManager[None]:
        """Mark what is drawn inside as a copy of something already read."""
        ...
