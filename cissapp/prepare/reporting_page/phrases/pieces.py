"""The pieces of the page, the same on screen, in the file and on paper."""

from msgspec import Struct

from cissapp.prepare.reporting_page.rules import Piece


class Way(Struct, frozen=True):
    """A person or service to turn to; `sign` names its pictogram.

    `title` and `contact` are the school's own words if `typed`, else the programme's in the page's language.
    """

    sign: str
    title: str
    contact: tuple[Piece, ...] = ()
    hours: str = ""
    notes: tuple[str, ...] = ()
    typed: bool = True


class Answer(Struct, frozen=True):
    """A question of the programme with the school's own answer."""

    label: str
    text: tuple[Piece, ...]


class Block(Struct, frozen=True):
    """A heading with its contents: sentences, ways, points, answers of the school."""

    title: str
    paragraphs: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    points: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it has no contents."""
        return not (self.paragraphs or self.ways or self.points or self.answers)


class WrittenPart(Struct, frozen=True):
    """A part of the page: for pupils, for parents, for staff."""

    id: str
    title: str
    blocks: tuple[Block, ...]
